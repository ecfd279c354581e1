package javelin;

import java.util.List;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.ops.GatherAxes;
import javelin.core.ops.ReduceMax;
import javelin.core.ops.ReduceMin;
import javelin.core.ops.ScatterAdd;
import javelin.core.ops.ScatterExtreme;
import javelin.core.ops.ScatterMul;

/**
 * Reductions of rows by group: row k of {@code x[n, ...]} belongs to segment {@code ids[k]}, in any order; the result
 * is {@code [segments, ...]}. Rows with ids outside 0..segments-1 count nowhere (jax.ops.segment_sum and its kin).
 */
public final class Segments {
    private Segments() {}

    /** 0 for a segment without rows. */
    public static Tensor sum(Tensor x, Tensor ids, int segments) {
        return reduce(x, ids, segments, 0L, new ScatterAdd(rows(x), GatherAxes.Mode.FILL_OR_DROP));
    }

    /** 1 for a segment without rows; has no derivative. */
    public static Tensor prod(Tensor x, Tensor ids, int segments) {
        return reduce(x, ids, segments, 1L, new ScatterMul(rows(x), GatherAxes.Mode.FILL_OR_DROP, false));
    }

    /** The lowest number there is for a segment without rows; NaN if any is NaN. */
    public static Tensor max(Tensor x, Tensor ids, int segments) {
        return reduce(x, ids, segments, new ReduceMax(List.of()).identity(x.dtype()),
                new ScatterExtreme(rows(x), GatherAxes.Mode.FILL_OR_DROP, true));
    }

    /** The highest number there is for a segment without rows; NaN if any is NaN. */
    public static Tensor min(Tensor x, Tensor ids, int segments) {
        return reduce(x, ids, segments, new ReduceMin(List.of()).identity(x.dtype()),
                new ScatterExtreme(rows(x), GatherAxes.Mode.FILL_OR_DROP, false));
    }

    private static GatherAxes rows(Tensor x) {
        return new GatherAxes(Lists.range(1, Math.max(0, x.rank() - 1)), List.of(0), List.of(0), List.of(), List.of());
    }

    private static Tensor reduce(Tensor x, Tensor ids, int segments, Number identity, SimpleOp scatter) {
        if (!ids.dtype().isInteger() || ids.rank() != 1 || x.rank() == 0 || x.size(0) != ids.size(0))
            throw new ShapeException("segments", List.of(x.type(), ids.type()),
                    "the ids do not fit; they must be integers, one for each row (axis 0) of the input");
        Tensor start = Tensor.full(x.type().withShape(x.shape().dropFirst().prepend(segments)), identity);
        return start.type().elements() == 0 ? start : scatter.apply(start, ids.expandDims(1), x);
    }
}
