package javelin;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.OutOfRange;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.Shape;

/** NumPy's ways to repeat, turn, extend and cut a tensor; axes may be negative. */
public final class Arrange {
    private Arrange() {}

    /** The whole tensor {@code times[i]} times along axis i, aligned at the last axes. */
    public static Tensor tile(Tensor x, int... times) {
        int rank = Math.max(x.rank(), times.length), extra = rank - x.rank(), ones = rank - times.length;
        Shape shape = new Shape(Lists.each(rank, a -> a < extra ? 1 : x.size(a - extra)));
        List<Integer> wide = new ArrayList<>();
        for (int a = 0; a < rank; a++) wide.addAll(List.of(a < ones ? 1 : times[a - ones], shape.size(a)));
        Shape tiled = new Shape(Lists.each(rank, a -> wide.get(2 * a) * shape.size(a)));
        return x.broadcast(new Shape(wide), Lists.each(x.rank(), a -> 2 * (a + extra) + 1)).reshape(tiled);
    }

    /** Each element {@code times} times in a row along {@code axis}. */
    public static Tensor repeat(Tensor x, int times, int axis) {
        int a = x.axis(axis);
        Shape each = x.shape().insert(a + 1, times);
        List<Integer> kept = Lists.each(x.rank(), i -> i <= a ? i : i + 1);
        return x.broadcast(each, kept).reshape(x.shape().without(List.of(a)).insert(a, x.size(a) * times));
    }

    /**
     * Element i {@code times[i]} times along {@code axis}, {@code total} in all: the sum of an integer vector {@code
     * times} that may be traced (total_repeat_length). If the sum is less the last element fills up.
     */
    public static Tensor repeat(Tensor x, Tensor times, int axis, int total) {
        Tensor place = Tensors.arange(total, times.dtype());
        Tensor from = Sorting.searchSorted(times.cumsum(0), place, Sorting.Side.RIGHT);
        return x.take(from, axis, OutOfRange.CLIP);
    }

    /** Elements moved {@code by} places along {@code axis}, those that leave at the end coming in at the start. */
    public static Tensor roll(Tensor x, int by, int axis) {
        int n = x.size(axis), cut = n == 0 ? 0 : Math.floorMod(-by, n);
        if (cut == 0) return x;
        return Tensors.concatenate(List.of(x.slice(axis, cut, n), x.slice(axis, 0, cut)), axis);
    }

    /** {@code quarters} quarter turns from axis {@code from} towards axis {@code to}. */
    public static Tensor rot90(Tensor x, int quarters, int from, int to) {
        return switch (Math.floorMod(quarters, 4)) {
            case 1 -> x.flip(to).swapAxes(from, to);
            case 2 -> x.flip(from, to);
            case 3 -> x.swapAxes(from, to).flip(to);
            default -> x;
        };
    }

    /** Both tensors' elements as one vector. */
    public static Tensor append(Tensor x, Tensor more) { return append(x.reshape(-1), more.reshape(-1), 0); }

    public static Tensor append(Tensor x, Tensor more, int axis) { return Tensors.concatenate(List.of(x, more), axis); }

    /** Cut into {@code parts} pieces along {@code axis}, the first ones longer by one if it does not divide. */
    public static List<Tensor> arraySplit(Tensor x, int parts, int axis) {
        int n = x.size(axis), each = n / parts, longer = n % parts;
        return Lists.each(parts, p -> x.slice(axis, p * each + Math.min(p, longer),
                (p + 1) * each + Math.min(p + 1, longer)));
    }

    /** Cut in front of {@code places}, which ascend. */
    public static List<Tensor> splitAt(Tensor x, int[] places, int axis) {
        return Lists.each(places.length + 1, p -> x.slice(axis, p == 0 ? 0 : places[p - 1],
                p == places.length ? x.size(axis) : places[p]));
    }

    /** What is beyond the ends of an axis. */
    public enum Beyond {
        /** The element at the end. */
        EDGE,
        /** The axis mirrored at its last element: {@code d c b | a b c d | c b a}. */
        REFLECT,
        /** Mirrored behind it: {@code c b a | a b c d | d c b}. */
        SYMMETRIC,
        /** The axis again from its other end. */
        WRAP;

        /** The element of n that place {@code i}, which may be outside, shows. */
        private int source(int i, int n) {
            return switch (this) {
                case EDGE -> Math.clamp(i, 0, n - 1);
                case WRAP -> Math.floorMod(i, n);
                case SYMMETRIC -> mirrored(Math.floorMod(i, 2 * n), 2 * n - 1);
                case REFLECT -> n == 1 ? 0 : mirrored(Math.floorMod(i, 2 * n - 2), 2 * n - 2);
            };
        }

        private static int mirrored(int i, int last) { return Math.min(i, last - i); }
    }

    /** {@code low} and {@code high} more elements at the ends of {@code axis}; {@link Tensor#pad} adds a constant. */
    public static Tensor pad(Tensor x, int axis, int low, int high, Beyond beyond) {
        int n = x.size(axis);
        if (n == 0 || low < 0 || high < 0) throw new ShapeException("pad[" + beyond + "]", List.of(x.type()),
                "there is nothing to repeat in an empty axis, and " + low + " and " + high + " are at least 0");
        int[] from = IntStream.range(-low, n + high).map(i -> beyond.source(i, n)).toArray();
        return x.take(Array.i32(from), axis, OutOfRange.CLIP);
    }
}
