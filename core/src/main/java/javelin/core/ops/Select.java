package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** {@code condition ? x : y}, elementwise; inputs are (bool condition, x, y), all of one shape. Linear in x and y. */
public record Select() implements LinearOp.Simple {
    @Override public TensorType outputType(List<TensorType> in) {
        if (in.get(0).dtype() != DType.BOOL)
            throw new ShapeException(this, in, "the condition is not bool; compare first, as in x.gt(0)");
        if (!in.get(1).equals(in.get(2)))
            throw new ShapeException(this, in,
                    "the two sides differ in type; convert with astype, broadcast with broadcastTo");
        if (!in.get(0).shape().equals(in.get(1).shape()))
            throw new ShapeException(this, in,
                    "the condition has another shape than the sides; broadcast with broadcastTo");
        return in.get(1);
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) { return side(i, x.getFirst(), dx); }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) { return side(i, in.getFirst().known(), ct); }

    private Tensor side(int i, Tensor condition, Tensor value) {
        Tensor zero = Tensor.zeros(value.type());
        return i == 1 ? apply(condition, value, zero) : apply(condition, zero, value);
    }

    @Override public Tensor batchedOutput(List<Batched> in) {
        int size = Batched.size(in);
        return apply(in.stream().map(b -> b.spread(size)).toArray(Tensor[]::new));
    }

    @Override public Lowering lower(List<TensorType> in) {
        List<Scalar> here = Lists.each(in.getFirst().rank(), Scalar.Loop::new);
        List<Scalar> x = Lists.each(3, i -> new Scalar.Read(i, here, in.get(i).dtype()));
        return new Lowering.Pointwise(Scalar.select(x.get(0), x.get(1), x.get(2)));
    }

    @Override public String toString() { return "select"; }
}
