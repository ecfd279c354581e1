package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * A window of {@code sizes} at a position known only when the program runs, moved to fit. Inputs are (x, a start for
 * each axis).
 */
public record DynamicSlice(List<Integer> sizes) implements LinearOp.Simple {
    @Override public TensorType outputType(List<TensorType> in) {
        Shape x = in.getFirst().shape();
        if (sizes.size() != x.rank() || !Lists.range(0, x.rank()).stream()
                .allMatch(a -> sizes.get(a) >= 0 && sizes.get(a) <= x.size(a)))
            throw new ShapeException(this, in, "the window " + sizes
                    + " does not fit into the input; it needs a size for each axis, none above the axis's");
        Starts.check(this, in, 1, x.rank());
        return in.getFirst().withShape(new Shape(sizes));
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return apply(Lists.<Tensor>concat(List.of(dx), x.subList(1, x.size())).toArray(Tensor[]::new));
    }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        return Tensor.zeros(in.getFirst().type())
                .dynamicUpdateSlice(ct, Lists.map(in.subList(1, in.size()), Operand::known));
    }

    @Override public Tensor batchedOutput(List<Batched> in) {
        int size = Batched.size(in);
        if (sizes.isEmpty()) return in.getFirst().value();
        if (in.subList(1, in.size()).stream().noneMatch(Batched::mapped))
            return new DynamicSlice(Lists.concat(List.of(size), sizes))
                    .apply(Lists.<Tensor>concat(List.of(in.getFirst().value()),
                    List.of(in.get(1).value().like(0)),
                            Lists.map(in.subList(1, in.size()), Batched::value)).toArray(Tensor[]::new));
        Tensor starts = Starts.stacked(Lists.map(in.subList(1, in.size()), b -> b.spread(size)));
        return Gather.windows(in.getFirst(), starts, sizes);
    }

    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.getFirst();
        return new Lowering.Pointwise(new Scalar.Read(0, Lists.each(x.rank(), a ->
                new Scalar.Loop(a).plus(Starts.clamped(a + 1, in.get(a + 1), x.shape().size(a), sizes.get(a)))),
                        x.dtype()));
    }

    @Override public String toString() { return "dynamic_slice" + sizes; }
}
