package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.ShapeException;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** {@code out[i] = i[axis]}: counts from 0 along {@code axis}; no inputs. */
public record Iota(TensorType type, int axis) implements SimpleOp.ZeroDerivative {
    @Override public TensorType outputType(List<TensorType> in) {
        if (axis < 0 || axis >= type.rank() || type.dtype() == DType.BOOL)
            throw new ShapeException(this, List.of(type), "there is no axis " + axis
                    + " to count along in numbers; name one of the shape, and not bool");
        return type;
    }

    @Override public Tensor batchedOutput(List<Batched> in) {
        throw new IllegalStateException("iota has no inputs to be mapped");
    }

    @Override public Lowering lower(List<TensorType> in) {
        return new Lowering.Pointwise(Scalar.convert(new Scalar.Loop(axis), type.dtype()));
    }

    @Override public String toString() { return "iota[" + type + " axis=" + axis + "]"; }
}
