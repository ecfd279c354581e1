package javelin.core.ops;

import java.util.List;
import java.util.Optional;
import javelin.core.Batched;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** The inputs one after the other along {@code axis}; they agree in all other sizes. */
public record Concatenate(int axis) implements LinearOp.Simple {
    @Override public TensorType outputType(List<TensorType> in) {
        if (in.isEmpty()) throw new ShapeException(this, in, "there is nothing to concatenate; give a tensor at least");
        TensorType first = in.getFirst();
        for (TensorType t : in) {
            if (t.dtype() != first.dtype())
                throw new ShapeException(this, in, "the inputs differ in element type; convert with astype");
            if (axis < 0 || axis >= t.rank() || !t.shape().without(List.of(axis))
                    .equals(first.shape().without(List.of(axis))))
                throw new ShapeException(this, in, "the sizes differ; they must be the same but for axis " + axis);
        }
        int total = in.stream().mapToInt(t -> t.shape().size(axis)).sum();
        return first.withShape(new Shape(Lists.each(first.rank(), a -> a == axis ? total : first.shape().size(a))));
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return apply(Lists.each(x.size(), k -> k == i ? dx : Tensor.zeros(x.get(k).type())).toArray(Tensor[]::new));
    }

    @Override public List<javelin.core.Dual> jvp(List<javelin.core.Dual> in) {
        Tensor y = apply(in.stream().map(javelin.core.Dual::primal).toArray(Tensor[]::new));
        return List.of(javelin.core.Dual.of(y,
                apply(in.stream().map(javelin.core.Dual::tangentOrZero).toArray(Tensor[]::new))));
    }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        int from = in.subList(0, i).stream().mapToInt(o -> o.type().shape().size(axis)).sum();
        return ct.slice(axis, from, from + in.get(i).type().shape().size(axis));
    }

    @Override public Tensor batchedOutput(List<Batched> in) {
        int size = Batched.size(in);
        return new Concatenate(axis + 1).apply(in.stream().map(b -> b.spread(size)).toArray(Tensor[]::new));
    }

    @Override public Lowering lower(List<TensorType> in) {
        int[] from = {0};
        List<Lowering.Piece> pieces = Lists.each(in.size(), i -> {
            TensorType x = in.get(i);
            int start = from[0];
            from[0] += x.shape().size(axis);
            List<Scalar> here = Lists.each(x.rank(), Scalar.Loop::new);
            List<Scalar> at = Lists.each(x.rank(), a -> a == axis ? here.get(a).plus(start) : here.get(a));
            return new Lowering.Piece(x.shape().sizes(), at, Optional.empty(), new Scalar.Read(i, here, x.dtype()),
                    Optional.empty());
        });
        return new Lowering.Update(Scalar.of(0, in.getFirst().dtype()), pieces);
    }

    @Override public String toString() { return "concatenate[" + axis + "]"; }
}
