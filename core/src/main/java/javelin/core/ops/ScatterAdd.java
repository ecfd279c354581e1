package javelin.core.ops;

import java.util.List;
import java.util.Optional;
import javelin.core.Batched;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * Adds windows of updates to an operand at given positions, in row-major order of the updates; windows that do not fit are
 * dropped, or moved to fit in mode CLIP. Inputs are (operand, positions, updates). The transpose of {@link Gather}.
 */
public record ScatterAdd(GatherAxes axes, GatherAxes.Mode mode) implements LinearOp.Simple {

    /** {@code x} with one window overwritten for each element of the batch, axis 0 of all three. */
    static Tensor replaceWindows(Tensor x, Tensor starts, Tensor windows) {
        int rank = x.rank() - 1;
        var axes = new GatherAxes(Lists.range(1, rank), List.of(), Lists.range(1, rank), List.of(0), List.of(0));
        var scatter = new ScatterAdd(axes, GatherAxes.Mode.CLIP);
        Tensor ones = Tensor.full(windows.type().withDType(DType.I32), 1);
        Tensor inside = scatter.apply(Tensor.zeros(x.type().withDType(DType.I32)), starts, ones).ne(0);
        return inside.where(scatter.apply(Tensor.zeros(x.type()), starts, windows), x);
    }

    @Override public TensorType outputType(List<TensorType> in) {
        TensorType x = in.get(0), updates = in.get(2);
        if (x.dtype() != updates.dtype()) throw new ShapeException(this, in, "the updates have another element type; convert with astype");
        if (updates.rank() != in.get(1).rank() - 1 + axes.offset().size())
            throw new ShapeException(this, in, "the updates' rank is not that of the positions less one plus " + axes.offset().size() + " window axes");
        axes.check(this, in, x, in.get(1), axes.sliceSizes(x, updates));
        List<Integer> batch = axes.batch(updates.rank());
        for (int n = 0; n < batch.size(); n++)
            if (updates.shape().size(batch.get(n)) != in.get(1).shape().size(n))
                throw new ShapeException(this, in, "axis " + batch.get(n) + " of the updates and axis " + n + " of the positions differ in size");
        return x;
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return i == 0 ? dx : apply(Tensor.zeros(x.get(0).type()), x.get(1), dx);
    }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        if (i == 0) return ct;
        return new Gather(axes, axes.sliceSizes(in.get(0).type(), in.get(2).type()), mode, 0L).apply(ct, in.get(1).known());
    }

    @Override public Tensor batchedOutput(List<Batched> in) {
        int size = Batched.size(in);
        boolean positions = in.get(1).mapped();
        return new ScatterAdd(axes.batched(true, positions), mode).apply(in.get(0).spread(size), in.get(1).value(), in.get(2).spread(size));
    }

    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.get(0), updates = in.get(2);
        var place = axes.place(x, in.get(1), 1, updates.rank(), axes.sliceSizes(x, updates));
        var piece = new Lowering.Piece(updates.shape().sizes(), place.at(), mode == GatherAxes.Mode.CLIP ? Optional.empty() : Optional.of(place.inBounds()),
                new Scalar.Read(2, Lists.each(updates.rank(), Scalar.Loop::new), updates.dtype()), Optional.of(Fn.ADD));
        return new Lowering.Update(new Scalar.Read(0, Lists.each(x.rank(), Scalar.Loop::new), x.dtype()), List.of(piece));
    }

    @Override public String toString() {
        return "scatter_add[" + mode + " " + axes.offset() + " " + axes.collapsed() + " " + axes.startIndexMap()
                + (axes.operandBatch().isEmpty() ? "" : " " + axes.operandBatch() + " " + axes.positionBatch()) + "]";
    }
}
