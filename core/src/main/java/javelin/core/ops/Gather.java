package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Windows of {@code sliceSizes} of an operand at given positions, stacked. Inputs are (operand, positions); the
 * output's axes are the positions' (without the last, which holds coordinates) and the windows', placed by
 * {@code axes}.
 *
 * @param fill what an out-of-bounds window is made of in mode FILL_OR_DROP
 */
public record Gather(GatherAxes axes, List<Integer> sliceSizes, GatherAxes.Mode mode, Number fill)
        implements LinearOp.Simple {

    /** The number JAX fills with: NaN, the smallest signed or largest unsigned integer, true. */
    public static Number defaultFill(DType type) {
        return switch (type.kind()) {
            case FLOAT -> Double.NaN;
            case SIGNED -> Extremes.lowest(type);
            case UNSIGNED, BOOLEAN -> Extremes.highest(type);
        };
    }

    /** One window of {@code sizes} for every row of {@code starts[batch, rank]}, from x or, if mapped, its row of x. */
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
        axes.check(this, in, x, positions);
        axes.checkSizes(this, in, x, sliceSizes);
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
        List<Integer> sizes = operand ? Lists.concat(List.of(positions ? 1 : in.get(0).value().size(0)), sliceSizes)
                : sliceSizes;
        return new Gather(axes.batched(operand, positions), sizes, mode, fill)
                .apply(in.get(0).value(), in.get(1).value());
    }

    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.get(0), out = outputType(in);
        var place = axes.place(x, in.get(1), out.rank(), sliceSizes, true);
        Scalar read = new Scalar.Read(0, place.at(), x.dtype());
        return new Lowering.Pointwise(mode != GatherAxes.Mode.FILL_OR_DROP ? read
                : Scalar.select(place.inBounds(), read, Scalar.of(fill, x.dtype())));
    }

    @Override public String toString() { return "gather[" + sliceSizes + " " + mode + " " + axes + "]"; }
}
