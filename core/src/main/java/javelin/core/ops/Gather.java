package javelin.core.ops;

import java.util.ArrayList;
import java.util.List;
import javelin.core.Batched;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Windows of {@code sliceSizes} of an operand at given positions, stacked. Inputs are (operand, positions); the output's
 * axes are the positions' (without the last, which holds coordinates) and the windows', placed by {@code axes}.
 *
 * @param fill what an out-of-bounds window is made of in mode FILL_OR_DROP
 */
public record Gather(GatherAxes axes, List<Integer> sliceSizes, GatherAxes.Mode mode, Number fill) implements LinearOp.Simple {

    /** The number JAX fills with: NaN, the smallest signed or largest unsigned integer, true. */
    public static Number defaultFill(DType type) {
        return switch (type.kind()) {
            case FLOAT -> Double.NaN;
            case SIGNED -> Extremes.lowest(type);
            case UNSIGNED, BOOLEAN -> Extremes.highest(type);
        };
    }

    /** Rows of axis {@code axis} at {@code indices}, whose axes take its place; clamped. */
    public static Tensor take(Tensor x, Tensor indices, int axis) {
        int n = indices.rank();
        List<Integer> offset = Lists.range(0, x.rank() - 1).stream().map(a -> a < axis ? a : a + n).toList();
        var axes = new GatherAxes(offset, List.of(axis), List.of(axis), List.of(), List.of());
        List<Integer> sizes = Lists.each(x.rank(), a -> a == axis ? 1 : x.shape().size(a));
        return new Gather(axes, sizes, GatherAxes.Mode.CLIP, 0L).apply(x, coordinates(indices, x.type(), "take"));
    }

    /** {@code out[.., i, ..] = x[.., indices[.., i, ..], ..]} along {@code axis}; clamped. */
    public static Tensor takeAlongAxis(Tensor x, Tensor indices, int axis) {
        if (indices.rank() != x.rank()) throw new ShapeException("takeAlongAxis", List.of(x.type(), indices.type()), "the indices must have the rank of the input");
        List<Integer> others = Lists.range(0, x.rank()).stream().filter(a -> a != axis).toList();
        var axes = new GatherAxes(List.of(), List.of(axis), List.of(axis), others, others);
        return new Gather(axes, Lists.each(x.rank(), _ -> 1), GatherAxes.Mode.CLIP, 0L).apply(x, coordinates(indices, x.type(), "takeAlongAxis"));
    }

    private static Tensor coordinates(Tensor indices, TensorType x, String method) {
        if (!indices.dtype().isInteger())
            throw new ShapeException(method, List.of(x, indices.type()), "the indices are " + indices.dtype() + "; they must be integers, convert with astype(DType.I32)");
        return indices.expandDims(indices.rank());
    }

    /** One window of {@code sizes} for every row of {@code starts[batch, rank]}, from x or, if x is mapped, from its row of x. */
    static Tensor windows(Batched x, Tensor starts, List<Integer> sizes) {
        int rank = sizes.size();
        var axes = x.mapped()
                ? new GatherAxes(Lists.range(1, rank), List.of(), Lists.range(1, rank), List.of(0), List.of(0))
                : new GatherAxes(Lists.range(1, rank), List.of(), Lists.range(0, rank), List.of(), List.of());
        List<Integer> slices = x.mapped() ? Lists.concat(List.of(1), sizes) : sizes;
        return new Gather(axes, slices, GatherAxes.Mode.CLIP, 0L).apply(x.value(), starts);
    }

    @Override public TensorType outputType(List<TensorType> in) {
        TensorType x = in.get(0), positions = in.get(1);
        axes.check(this, in, x, positions, sliceSizes);
        int rank = positions.rank() - 1 + axes.offset().size();
        List<Integer> batch = axes.batch(rank), window = axes.window(x.rank());
        return x.withShape(new Shape(Lists.each(rank, a -> axes.offset().contains(a)
                ? sliceSizes.get(window.get(axes.offset().indexOf(a))) : positions.shape().size(batch.indexOf(a)))));
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return new Gather(axes, sliceSizes, mode, 0L).apply(dx, x.get(1));
    }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        return new ScatterAdd(axes, mode).apply(Tensor.zeros(in.get(0).type()), in.get(1).known(), ct);
    }

    @Override public Tensor batchedOutput(List<Batched> in) {
        boolean operand = in.get(0).mapped(), positions = in.get(1).mapped();
        List<Integer> sizes = operand ? Lists.concat(List.of(positions ? 1 : in.get(0).value().size(0)), sliceSizes) : sliceSizes;
        return new Gather(axes.batched(operand, positions), sizes, mode, fill).apply(in.get(0).value(), in.get(1).value());
    }

    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.get(0), out = outputType(in);
        var place = axes.place(x, in.get(1), 1, out.rank(), sliceSizes);
        Scalar read = new Scalar.Read(0, place.at(), x.dtype());
        return new Lowering.Pointwise(mode != GatherAxes.Mode.FILL_OR_DROP ? read : Scalar.select(place.inBounds(), read, Scalar.of(fill, x.dtype())));
    }

    @Override public String toString() {
        List<Object> parts = new ArrayList<>(List.of(axes.offset(), axes.collapsed(), axes.startIndexMap()));
        if (!axes.operandBatch().isEmpty()) parts.addAll(List.of(axes.operandBatch(), axes.positionBatch()));
        return "gather[" + sliceSizes + " " + mode + " " + parts + "]";
    }
}
