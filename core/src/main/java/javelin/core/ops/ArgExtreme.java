package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** The position of the first largest (smallest) element along {@code axis}, which disappears; NaN is the extreme. */
public record ArgExtreme(int axis, boolean max, DType indexType) implements SimpleOp.ZeroDerivative {
    @Override public TensorType outputType(List<TensorType> in) {
        TensorType x = in.getFirst();
        if (axis < 0 || axis >= x.rank())
            throw new ShapeException(this, in, "the input has no axis " + axis
                    + ShapeException.axes(in.getFirst().rank()));
        if (x.shape().size(axis) == 0)
            throw new ShapeException(this, in, "axis " + axis
                    + " is empty; there must be an element to be the extreme one");
        if (!indexType.isInteger())
            throw new ShapeException(this, in, indexType + " is no type to count in; take an integer type");
        return new TensorType(indexType, x.shape().without(List.of(axis)));
    }

    @Override public Tensor batchedOutput(List<Batched> in) {
        return new ArgExtreme(axis + 1, max, indexType).apply(in.getFirst().value());
    }

    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.getFirst();
        List<Scalar> at = Lists.each(x.rank(), a -> new Scalar.Loop(a < axis ? a : a == axis ? x.rank() - 1 : a - 1));
        return new Lowering.ArgReduce(x.shape().size(axis), new Scalar.Read(0, at, x.dtype()), max);
    }

    @Override public String toString() { return (max ? "argmax" : "argmin") + "[" + axis + "]"; }
}
