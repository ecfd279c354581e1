package javelin;

import java.util.List;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.OutOfRange;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.Sort;
import javelin.core.ops.TopK;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * Sorting, searching and sets, as in NumPy. Every sort is stable; -0 equals 0, NaN is last. Positions are i32. What
 * depends on data in its size takes the size as an argument and fills up, so that all of it can be compiled.
 */
public final class Sorting {
    private Sorting() {}

    /** Ascending along {@code axis}, or descending. */
    public static Tensor sort(Tensor x, int axis, boolean descending) {
        return descending ? x.sort(axis).flip(axis) : x.sort(axis);
    }

    /**
     * The positions along {@code axis} in ascending order of elements, or descending; equal elements keep their order.
     */
    public static Tensor argsort(Tensor x, int axis, boolean descending) {
        if (!descending) return x.argsort(axis);
        return x.flip(axis).argsort(axis).flip(axis).neg().add(x.size(axis) - 1);
    }

    /** All tensors, of one shape, in the order of the first {@code keys} of them along {@code axis} (lax.sort). */
    public static List<Tensor> sort(List<Tensor> tensors, int keys, int axis) {
        int a = tensors.isEmpty() || axis >= 0 ? axis : axis + tensors.getFirst().rank();
        return Op.apply(new Sort(a, keys), tensors);
    }

    /**
     * The positions along {@code axis} in the order of the last key, where it is equal of the one before it, and so on.
     */
    public static Tensor lexsort(List<Tensor> keys, int axis) {
        if (keys.isEmpty())
            throw new ShapeException("lexsort", List.of(), "there are no keys to sort by; give one at least");
        Tensor first = keys.getFirst();
        int a = first.axis(axis);
        return sort(Lists.concat(keys.reversed(), List.of(Tensors.iota(first.type().withDType(DType.I32), a))),
                keys.size(), a).getLast();
    }

    /** The largest elements along an axis, the largest first, and their positions. */
    public record Top(Tensor values, Tensor positions) {}

    /** The {@code k} largest along the last axis. By the total order of IEEE 754: NaN is largest, -0 is below 0. */
    public static Top topK(Tensor x, int k) { return topK(x, k, -1); }

    public static Top topK(Tensor x, int k, int axis) {
        List<Tensor> out = Op.apply(new TopK(k, x.axis(axis)), List.of(x));
        return new Top(out.get(0), out.get(1));
    }

    /**
     * Element {@code kth} is where it would be sorted, smaller ones are in front of it. Sorts: no other order promises
     * more.
     */
    public static Tensor partition(Tensor x, int kth, int axis) {
        requirePlace("partition", x, kth, axis);
        return x.sort(axis);
    }

    /** The positions of {@link #partition}'s elements. */
    public static Tensor argpartition(Tensor x, int kth, int axis) {
        requirePlace("argpartition", x, kth, axis);
        return x.argsort(axis);
    }

    private static void requirePlace(String what, Tensor x, int kth, int axis) {
        if (kth < -x.size(axis) || kth >= x.size(axis))
            throw new ShapeException(what, List.of(x.type()), "axis " + axis + " of size " + x.size(axis)
                    + " has no element " + kth);
    }

    // searching

    /** Where a value goes that equals elements: in front of the first of them, or behind the last. */
    public enum Side { LEFT, RIGHT }

    /** For each of {@code values}, where it goes into {@code sorted}, an ascending vector, for it to stay ascending. */
    public static Tensor searchSorted(Tensor sorted, Tensor values, Side side) {
        if (sorted.rank() != 1 || sorted.dtype() != values.dtype())
            throw new ShapeException("searchSorted", List.of(sorted.type(), values.type()),
                    "searches a vector for values of its element type; reshape, or convert with astype");
        int n = sorted.size(0);
        Tensor at = Tensors.zeros(values.type().withDType(DType.I32));
        for (int step = Integer.highestOneBit(n); step > 0; step >>= 1) {
            Tensor next = at.add(step), element = sorted.take(next.sub(1), 0, OutOfRange.CLIP);
            Tensor before = side == Side.LEFT ? isBefore(element, values) : isBefore(values, element).not();
            at = next.le(n).and(before).where(next, at);
        }
        return at;
    }

    /** In the order of sorting, NaN behind all others. */
    private static Tensor isBefore(Tensor x, Tensor y) {
        return x.dtype().isFloat() ? x.lt(y).or(y.isNaN().and(x.isNaN().not())) : x.lt(y);
    }

    /**
     * Which bin each element is in: i if {@code bins[i - 1] <= x < bins[i]}, or, with {@code right}, if {@code bins[i -
     * 1] < x <= bins[i]}. Bins may also descend.
     */
    public static Tensor digitize(Tensor x, Tensor bins, boolean right) {
        if (bins.rank() != 1) throw new ShapeException("digitize", List.of(x.type(), bins.type()),
                "the bins must be a vector");
        int n = bins.size(0);
        if (n == 0) return Tensors.zeros(x.type().withDType(DType.I32));
        Side side = right ? Side.LEFT : Side.RIGHT;
        Tensor ascending = bins.index(-1).ge(bins.index(0)), down = searchSorted(bins.flip(0), x, side);
        return ascending.where(searchSorted(bins, x, side), down.neg().add(n));
    }

    // places of what is not zero

    /** The row-major positions of the first {@code size} elements that are not 0, then {@code fill}. */
    public static Tensor flatNonzero(Tensor x, int size, int fill) {
        int n = x.type().elements();
        Tensor at = nthNonzero(x, size);
        return at.lt(n).where(at, at.like(fill));
    }

    /** As {@link #flatNonzero}, with the number of elements where there is none. */
    private static Tensor nthNonzero(Tensor x, int size) {
        Tensor count = x.ne(0).reshape(-1).astype(DType.I32).cumsum(0);
        return searchSorted(count, Tensors.arange(size, DType.I32).add(1), Side.LEFT);
    }

    /**
     * The coordinates of the first {@code size} elements that are not 0, i32[size] for each axis, then {@code fill}.
     */
    public static List<Tensor> nonzero(Tensor x, int size, int fill) {
        int[] strides = x.shape().strides();
        Tensor at = nthNonzero(x, size), found = at.lt(x.type().elements());
        return Lists.each(x.rank(), a -> found.where(at.div(Math.max(1, strides[a])).rem(Math.max(1, x.size(a))),
                at.like(fill)));
    }

    /**
     * The coordinates of the first {@code size} elements that are not 0, one in a row, then {@code fill}: i32[size,
     * rank].
     */
    public static Tensor argwhere(Tensor x, int size, int fill) {
        if (x.rank() == 0) return Tensors.zeros(TensorType.i32(size, 0));
        return Tensors.stack(nonzero(x, size, fill), 1);
    }

    // sets

    /**
     * The different elements of a tensor, ascending; all NaN are one.
     *
     * @param values    those there are, then the smallest again and again
     * @param positions where each first occurs, row-major
     * @param inverse   for every element of the tensor, in its shape, where it is among the values
     * @param counts    how often each occurs, 0 for those that only fill up
     */
    public record Unique(Tensor values, Tensor positions, Tensor inverse, Tensor counts) {}

    /** The first {@code size} different elements of {@code x}, which may not be empty. */
    public static Unique unique(Tensor x, int size) {
        int n = x.type().elements();
        if (n == 0) throw new ShapeException("unique", List.of(x.type()),
                "there are no elements, so nothing to fill up with");
        Tensor places = Tensors.arange(n, DType.I32);
        List<Tensor> sorted = sort(List.of(x.reshape(n), places), 1, 0);
        Tensor values = sorted.get(0), from = sorted.get(1), last = values.slice(0, 0, n - 1),
                next = values.slice(0, 1, n);
        Tensor changes = last.dtype().isFloat() ? next.ne(last).and(last.isNaN().not()) : next.ne(last);
        Tensor isFirst = Tensors.concatenate(List.of(Tensors.ones(TensorType.of(DType.BOOL, 1)), changes), 0);
        Tensor starts = nthNonzero(isFirst, size + 1), start = starts.slice(0, 0, size);
        Tensor at = start.lt(n).where(start, start.like(0)), group = isFirst.astype(DType.I32).cumsum(0).sub(1);
        Tensor inverse = sort(List.of(from, group), 1, 0).getLast().reshape(x.shape());
        Tensor counts = starts.slice(0, 1, size + 1).sub(start);
        return new Unique(values.take(at, 0, OutOfRange.CLIP), from.take(at, 0, OutOfRange.CLIP), inverse, counts);
    }
}
