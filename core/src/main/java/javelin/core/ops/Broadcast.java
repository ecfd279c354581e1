package javelin.core.ops;

import java.util.List;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** Input axis {@code i} becomes output axis {@code axes[i]}; the input is repeated along the other axes. */
public record Broadcast(Shape shape, List<Integer> axes) implements LinearOp.Unary {
    @Override public TensorType outputType(List<TensorType> in) {
        boolean rising = Lists.range(0, axes.size()).stream()
                .allMatch(i -> axes.get(i) < shape.rank() && axes.get(i) >= (i == 0 ? 0 : axes.get(i - 1) + 1));
        if (!rising || axes.size() != in.getFirst().rank() || !shape.select(axes).equals(in.getFirst().shape()))
            throw new ShapeException(this, in, "the input's axes are not axes " + axes + " of " + shape
                + "; name one of the same size for each, in rising order");
        return in.getFirst().withShape(shape);
    }

    @Override public Tensor transpose(Tensor ct, TensorType x) {
        return ct.sum(Lists.range(0, shape.rank()).stream().filter(a -> !axes.contains(a)).toList());
    }

    @Override public Tensor batchedOutput(Tensor x) {
        return x.broadcast(shape.prepend(x.shape().size(0)), Lists.concat(List.of(0), Lists.shifted(axes)));
    }

    @Override public Lowering lower(List<TensorType> in) {
        return new Lowering.Pointwise(new Scalar.Read(0, Lists.map(axes, a -> (Scalar) new Scalar.Loop(a)),
                in.getFirst().dtype()));
    }

    @Override public String toString() { return "broadcast[" + shape + " axes=" + axes + "]"; }
}
