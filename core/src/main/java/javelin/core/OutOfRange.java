package javelin.core;

import javelin.core.ops.GatherAxes;
import javelin.core.type.DType;

/**
 * What an index outside an axis of n elements means. Unless said otherwise -n..-1 count from the end first, so -1 is
 * the last element, and only what is then outside 0..n-1 is out of range.
 */
public enum OutOfRange {
    /** The nearest element: the first or the last. */
    CLIP,
    /** Reads give NaN (the smallest signed, the largest unsigned number, true), writes do nothing. */
    FILL_OR_DROP,
    /** Counted round and round, modulo n. */
    WRAP;

    GatherAxes.Mode mode() { return this == FILL_OR_DROP ? GatherAxes.Mode.FILL_OR_DROP : GatherAxes.Mode.CLIP; }

    /** {@code index} into an axis of {@code size} elements, counted from the start. */
    Tensor fromStart(Tensor index, int size) {
        boolean narrow = index.dtype().bytes() < DType.I32.bytes();       // cannot be compared with every size
        Tensor i = narrow ? index.astype(DType.I32) : index;
        if (this == WRAP) i = i.rem(Math.max(1, size));
        return i.dtype().kind() == DType.Kind.UNSIGNED ? i : i.lt(0).where(i.add(size), i);
    }
}
