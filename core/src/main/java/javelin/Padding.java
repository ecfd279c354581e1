package javelin;

import java.util.Arrays;
import java.util.List;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.Window;

/** What windows see beyond the ends of an axis. */
public sealed interface Padding {
    /**
     * Zeros, so that there are {@code ceil(n / stride)} windows without dilation of the input, the odd one at the end.
     */
    Padding SAME = Rule.SAME;

    /** As {@link #SAME}, the odd one at the beginning. */
    Padding SAME_LOWER = Rule.SAME_LOWER;

    /** Nothing. */
    Padding VALID = Rule.VALID;

    /**
     * CIRCULAR: the axis again from its other end; REFLECT: mirrored at its ends; as many elements as SAME has for
     * stride 1.
     */
    Padding CIRCULAR = Rule.CIRCULAR, REFLECT = Rule.REFLECT;

    /** Zeros before the first element only, so that no window sees what comes after it. One axis. */
    Padding CAUSAL = Rule.CAUSAL;

    enum Rule implements Padding {
        SAME, SAME_LOWER, VALID, CIRCULAR, REFLECT, CAUSAL;

        private Window padded(Window w, int n) {
            if (this == CAUSAL) return with(w, (w.span() - 1) * w.baseDilation(), 0);
            if (this != SAME && this != SAME_LOWER) return w;
            int over = Math.max(0, (Math.ceilDiv(n, w.stride()) - 1) * w.stride() + w.span() - n), half = over / 2;
            return this == SAME ? with(w, half, over - half) : with(w, over - half, half);
        }
    }

    /** So many zeros before and after each axis; negative numbers cut off. */
    record Explicit(List<Integer> low, List<Integer> high) implements Padding {}

    /** {@code low0, high0, low1, high1, ...}; one number is for both ends of every axis. */
    static Padding of(int... ends) {
        if (ends.length == 1) return new Explicit(List.of(ends[0]), List.of(ends[0]));
        if (ends.length % 2 != 0)
            throw new IllegalArgumentException("padding has a low and a high end for every axis: "
                    + Arrays.toString(ends));
        return new Explicit(Lists.each(ends.length / 2, a -> ends[2 * a]),
                Lists.each(ends.length / 2, a -> ends[2 * a + 1]));
    }

    /**
     * {@code x} with what is no zeros put at the ends of the axes from {@code first} on, where {@code windows} have no
     * padding.
     */
    default Tensor extend(Tensor x, int first, List<Window> windows) {
        if (this != CIRCULAR && this != REFLECT) return x;
        Tensor extended = x;
        for (int a = 0; a < windows.size(); a++) {
            int over = windows.get(a).span() - 1, low = over / 2;
            if (over == 0) continue;
            if (x.size(first + a) < (this == REFLECT ? 2 : 1))
                throw new ShapeException("padding " + this, List.of(x.type()), "axis " + (first + a)
                        + " has nothing to repeat");
            extended = Arrange.pad(extended, first + a, low, over - low,
                    this == CIRCULAR ? Arrange.Beyond.WRAP : Arrange.Beyond.REFLECT);
        }
        return extended;
    }

    /** {@code windows}, which have no padding, with this one, for axes of {@code sizes}. */
    default List<Window> pad(List<Window> windows, List<Integer> sizes) {
        return switch (this) {
            case Explicit(var low, var high) when low.size() == 1 || low.size() == windows.size() ->
                    Lists.each(windows.size(), a -> with(windows.get(a), low.get(low.size() == 1 ? 0 : a),
                            high.get(high.size() == 1 ? 0 : a)));
            case Explicit e -> throw new IllegalArgumentException(e.low().size() + " pairs of padding for "
                    + windows.size() + " axes: " + e);
            case Rule rule when rule == Rule.CAUSAL && windows.size() != 1 ->
                    throw new IllegalArgumentException("causal padding is for one axis, not " + windows.size());
            case Rule rule -> Lists.each(windows.size(), a -> rule.padded(windows.get(a), sizes.get(a)));
        };
    }

    private static Window with(Window w, int low, int high) {
        return new Window(w.size(), w.stride(), low, high, w.baseDilation(), w.dilation());
    }
}
