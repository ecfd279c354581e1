package javelin.core.ops;

import java.util.List;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.TensorType;

/** The input with the order of elements reversed along {@code axes}. */
public record Reverse(List<Integer> axes) implements LinearOp.Unary {
    @Override public TensorType outputType(List<TensorType> in) {
        if (axes.stream().anyMatch(a -> a < 0 || a >= in.getFirst().rank()))
            throw new ShapeException(this, in, axes + " are not axes of the input; name each once, from 0 to "
                    + (in.getFirst().rank() - 1));
        return in.getFirst();
    }

    @Override public Tensor transpose(Tensor ct, TensorType x) { return apply(ct); }

    @Override public Tensor batchedOutput(Tensor x) { return new Reverse(Lists.shifted(axes)).apply(x); }

    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.getFirst();
        return new Lowering.Pointwise(new Scalar.Read(0, Lists.each(x.rank(), a -> axes.contains(a)
                ? Scalar.index(x.shape().size(a) - 1).minus(new Scalar.Loop(a)) : new Scalar.Loop(a)), x.dtype()));
    }

    @Override public String toString() { return "reverse" + axes; }
}
