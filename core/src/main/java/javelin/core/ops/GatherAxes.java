package javelin.core.ops;

import java.util.ArrayList;
import java.util.List;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.ShapeException;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * How the axes of an operand, of an array of positions and of a batch of windows go together, in gather and in scatter
 * (StableHLO's dimension numbers; in scatter's words: update_window_dims, inserted_window_dims,
 * scatter_dims_to_operand_dims). The last axis of the positions holds the coordinates.
 *
 * @param offset         axes of the windows array that run within a window
 * @param collapsed      operand axes along which a window has size 1 and that the windows array lacks
 * @param startIndexMap  the operand axis each coordinate is for
 * @param operandBatch   operand axes that go, one to one, with {@code positionBatch}
 * @param positionBatch  axes of the positions that go with {@code operandBatch}
 */
public record GatherAxes(List<Integer> offset, List<Integer> collapsed, List<Integer> startIndexMap,
                         List<Integer> operandBatch, List<Integer> positionBatch) {

    /**
     * What happens to windows that stick out: moved to fit; filled with NaN or the like, or dropped by scatter; or
     * there are none, so the caller promises: then gather moves and scatter drops them, as XLA does, and they are no
     * longer transposes.
     */
    public enum Mode { CLIP, FILL_OR_DROP, PROMISE_IN_BOUNDS }

    /** The axes of the windows array that run over positions, in order. */
    List<Integer> batch(int rank) { return Lists.range(0, rank).stream().filter(a -> !offset.contains(a)).toList(); }

    /** The operand axes that windows keep, in order: the n-th goes with {@code offset[n]}. */
    List<Integer> window(int operandRank) {
        return Lists.range(0, operandRank).stream().filter(a -> !collapsed.contains(a) && !operandBatch.contains(a))
                .toList();
    }

    /** With a batch axis 0 on the operand, on the positions, or on both; {@code windows} always has one. */
    GatherAxes batched(boolean operand, boolean positions) {
        List<Integer> newOffset = Lists.shifted(offset);
        if (operand && positions)
            return new GatherAxes(newOffset, Lists.shifted(collapsed), Lists.shifted(startIndexMap),
                    Lists.concat(List.of(0), Lists.shifted(operandBatch)),
                    Lists.concat(List.of(0), Lists.shifted(positionBatch)));
        if (operand)
            return new GatherAxes(Lists.concat(List.of(0), newOffset), Lists.shifted(collapsed),
                    Lists.shifted(startIndexMap), Lists.shifted(operandBatch), positionBatch);
        return new GatherAxes(newOffset, collapsed, startIndexMap, operandBatch, Lists.shifted(positionBatch));
    }

    /** The sizes of the windows along all operand axes, from those of the windows array. */
    List<Integer> sliceSizes(TensorType operand, TensorType windows) {
        List<Integer> window = window(operand.rank());
        return Lists.each(operand.rank(), a -> window.contains(a)
                ? windows.shape().size(offset.get(window.indexOf(a))) : 1);
    }

    /** Whether these are axes of such an operand, such positions and the windows array that goes with them. */
    void check(Op op, List<TensorType> in, TensorType operand, TensorType positions) {
        if (!positions.dtype().isInteger()) throw new ShapeException(op, in, "the positions are " + positions.dtype()
                + "; they must be integers, convert with astype(DType.I32)");
        if (positions.rank() == 0 || positions.shape().size(positions.rank() - 1) != startIndexMap.size())
            throw new ShapeException(op, in, "the positions do not fit; their last axis must hold "
                    + startIndexMap.size() + " coordinates");
        int batch = positions.rank() - 1;
        requireAxes(op, in, "window axes", offset, batch + offset.size());
        requireAxes(op, in, "collapsed and batching axes of the operand", Lists.concat(collapsed, operandBatch),
                operand.rank());
        requireAxes(op, in, "axes of coordinates and batching axes of the operand",
                Lists.concat(startIndexMap, operandBatch), operand.rank());
        requireAxes(op, in, "batching axes of the positions", positionBatch, batch);
        if (offset.size() != window(operand.rank()).size()) throw new ShapeException(op, in, "window axes " + offset
                + " do not go with the operand's axes " + window(operand.rank()) + "; name as many");
        if (operandBatch.size() != positionBatch.size()) throw new ShapeException(op, in,
                "batching axes " + operandBatch + " and " + positionBatch + " do not pair up; name as many of each");
        for (int n = 0; n < operandBatch.size(); n++)
            if (operand.shape().size(operandBatch.get(n)) != positions.shape().size(positionBatch.get(n)))
                throw new ShapeException(op, in, "batching axes differ in size: axis " + operandBatch.get(n)
                        + " of the operand, axis " + positionBatch.get(n) + " of the positions; they must be equal");
    }

    private static void requireAxes(Op op, List<TensorType> in, String what, List<Integer> axes, int rank) {
        if (axes.stream().anyMatch(a -> a < 0 || a >= rank) || axes.stream().distinct().count() < axes.size())
            throw new ShapeException(op, in, what + " " + axes + " are not distinct axes; name each once, from 0 to "
                    + (rank - 1));
    }

    /** Whether windows of these sizes are possible; the axes have been checked. */
    void checkSizes(Op op, List<TensorType> in, TensorType operand, List<Integer> sliceSizes) {
        if (sliceSizes.size() != operand.rank() || !Lists.range(0, operand.rank()).stream().allMatch(a ->
                sliceSizes.get(a) >= 0 && sliceSizes.get(a) <= Math.max(operand.shape().size(a),
                        operandBatch.contains(a) ? 1 : 0)))
            throw new ShapeException(op, in, "a window of " + sliceSizes + " does not fit into " + operand
                    + "; give a size for each axis, none above the axis's");
        for (int a : Lists.concat(collapsed, operandBatch))
            if (sliceSizes.get(a) > 1) throw new ShapeException(op, in, "a window has " + sliceSizes.get(a)
                    + " elements along axis " + a
                            + " of the operand, which is collapsed or a batch axis; only 1 is possible");
    }

    /** Where an element of the windows array lies in the operand, and whether its window fits. */
    record Place(List<Scalar> at, Scalar inBounds) {}

    /** @param moved whether a window that does not fit is moved until it does; else its place means nothing */
    Place place(TensorType operand, TensorType positions, int windowsRank, List<Integer> sliceSizes, boolean moved) {
        List<Integer> batch = batch(windowsRank), window = window(operand.rank());
        List<Scalar> at = new ArrayList<>();
        Scalar inBounds = Scalar.of(1, DType.BOOL);
        for (int a = 0; a < operand.rank(); a++) {
            Scalar offset = window.contains(a) ? new Scalar.Loop(this.offset.get(window.indexOf(a))) : Scalar.index(0);
            if (operandBatch.contains(a)) {
                at.add(new Scalar.Loop(batch.get(positionBatch.get(operandBatch.indexOf(a)))));
            } else if (startIndexMap.contains(a)) {
                int coordinate = startIndexMap.indexOf(a), limit = operand.shape().size(a) - sliceSizes.get(a);
                Scalar start = new Scalar.Read(1, Lists.each(positions.rank(), p -> p == positions.rank() - 1
                        ? Scalar.index(coordinate) : new Scalar.Loop(batch.get(p))), positions.dtype());
                inBounds = Scalar.apply(Fn.AND, inBounds, Starts.within(start, limit));
                at.add((moved ? Starts.clamp(start, limit) : Scalar.convert(start, DType.I32)).plus(offset));
            } else {
                at.add(offset);
            }
        }
        return new Place(at, inBounds);
    }

    @Override public String toString() {
        return offset + " " + collapsed + " " + startIndexMap
                + (operandBatch.isEmpty() ? "" : " " + operandBatch + " " + positionBatch);
    }
}
