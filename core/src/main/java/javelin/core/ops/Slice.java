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

/** {@code x[start:limit:stride]} along every axis; strides are positive. */
public record Slice(List<Integer> start, List<Integer> limit, List<Integer> stride) implements LinearOp.Unary {
    @Override public TensorType outputType(List<TensorType> in) {
        Shape x = in.getFirst().shape();
        boolean ranks = start.size() == x.rank() && limit.size() == x.rank() && stride.size() == x.rank();
        if (!ranks || !Lists.range(0, x.rank()).stream()
                .allMatch(a -> start.get(a) >= 0 && start.get(a) <= limit.get(a) && limit.get(a) <= x.size(a)
                        && stride.get(a) > 0))
            throw new ShapeException(this, in,
                    "it leaves the input; along every axis 0 <= start <= limit <= size and 0 < stride must hold");
        return in.getFirst().withShape(new Shape(
                Lists.each(x.rank(), a -> Math.ceilDiv(limit.get(a) - start.get(a), stride.get(a)))));
    }

    /** Puts the cotangent back in its place, zeros around and between. */
    @Override public Tensor transpose(Tensor ct, TensorType x) {
        List<Integer> high = Lists.each(x.rank(), a -> ct.shape().size(a) == 0 ? x.shape().size(a) - start.get(a)
                : x.shape().size(a) - start.get(a) - (ct.shape().size(a) - 1) * stride.get(a) - 1);
        return new Pad(start, high, Lists.map(stride, s -> s - 1)).apply(ct, ct.like(0));
    }

    @Override public Tensor batchedOutput(Tensor x) {
        return new Slice(Lists.concat(List.of(0), start), Lists.concat(List.of(x.shape().size(0)), limit),
                Lists.concat(List.of(1), stride)).apply(x);
    }

    @Override public Lowering lower(List<TensorType> in) {
        return new Lowering.Pointwise(new Scalar.Read(0, Lists.each(start.size(), a ->
                new Scalar.Loop(a).times(stride.get(a)).plus(start.get(a))), in.getFirst().dtype()));
    }

    @Override public String toString() {
        return "slice[" + String.join(",", Lists.each(start.size(),
                a -> start.get(a) + ":" + limit.get(a) + (stride.get(a) == 1 ? "" : ":" + stride.get(a)))) + "]";
    }
}
