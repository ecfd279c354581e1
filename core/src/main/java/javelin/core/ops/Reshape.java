package javelin.core.ops;

import java.util.List;
import javelin.core.LinearOp;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** The same elements in the same row-major order. */
public record Reshape(Shape shape) implements LinearOp.Unary {
    @Override public TensorType outputType(List<TensorType> in) {
        if (in.getFirst().elements() != shape.elements())
            throw new ShapeException(this, in, shape + " has " + shape.elements() + " elements, the input has "
                    + in.getFirst().elements() + "; they must be equal");
        return in.getFirst().withShape(shape);
    }

    @Override public Tensor transpose(Tensor ct, TensorType x) { return ct.reshape(x.shape()); }

    @Override public Tensor batchedOutput(Tensor x) { return x.reshape(shape.prepend(x.shape().size(0))); }

    @Override public Lowering lower(List<TensorType> in) { return new Lowering.Reshape(); }

    @Override public String toString() { return "reshape[" + shape + "]"; }
}
