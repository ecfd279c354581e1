package javelin.nn;

import java.util.List;
import java.util.stream.IntStream;
import javelin.Padding;
import javelin.Windows;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.Window;
import javelin.core.type.TensorType;

/**
 * The largest, smallest or mean element of windows over the axes before the last, {@code [batch..., space...,
 * features]}, a layer without parameters. Defaults: stride 1, VALID padding; padding counts in means as zeros.
 * (flax.linen.max_pool, min_pool, avg_pool; for windows combined otherwise see {@link Windows#reduceWindows})
 *
 * @param window       its sizes
 * @param strides      from one window to the next, along each axis; one number is for all
 * @param countPadding whether means are over all of a window or over its elements that are no padding
 */
public record Pool(Kind kind, List<Integer> window, List<Integer> strides, Padding padding,
        boolean countPadding) implements Layer {
    public enum Kind { MAX, MIN, MEAN }

    public Pool {
        window = List.copyOf(window);
        strides = List.copyOf(strides);
    }

    public static Pool max(int... window) { return of(Kind.MAX, window); }

    public static Pool min(int... window) { return of(Kind.MIN, window); }

    public static Pool mean(int... window) { return of(Kind.MEAN, window); }

    private static Pool of(Kind kind, int... window) {
        return new Pool(kind, list(window), List.of(1), Padding.VALID, true);
    }

    private static List<Integer> list(int... numbers) { return IntStream.of(numbers).boxed().toList(); }

    public Pool withStrides(int... strides) { return new Pool(kind, window, list(strides), padding, countPadding); }

    public Pool withPadding(Padding padding) { return new Pool(kind, window, strides, padding, countPadding); }

    public Pool withCountPadding(boolean count) { return new Pool(kind, window, strides, padding, count); }

    @Override public Tensor call(Scope s, Tensor x) { return of(x); }

    public Tensor of(Tensor x) {
        if (x.rank() < window.size() + 1)
            throw new ShapeException("pool" + window, List.of(x.type()), "needs " + window.size()
                    + " axes of space and one of features, the last");
        int first = x.rank() - 1 - window.size();
        List<Window> plain = Lists.each(window.size(), a ->
                new Window(window.get(a), strides.get(strides.size() == 1 ? 0 : a), 0, 0, 1, 1));
        Tensor extended = padding.extend(x, first, plain);
        List<Window> padded = padding.pad(plain, x.shape().sizes().subList(first, x.rank() - 1));
        List<Window> all = Lists.concat(Lists.each(first, _ -> Window.SINGLE), padded, List.of(Window.SINGLE));
        return switch (kind) {
            case MAX -> Windows.max(extended, all);
            case MIN -> Windows.min(extended, all);
            case MEAN -> Windows.sum(extended, all).div(countPadding
                    ? x.like(window.stream().reduce(1, (a, b) -> a * b)) : elements(extended, first, all));
        };
    }

    /** How many elements of every window are no padding; the same for all examples and features. */
    private static Tensor elements(Tensor x, int first, List<Window> windows) {
        List<Integer> space = Lists.range(first, x.rank() - 1 - first);
        TensorType one = x.type().withShape(x.shape().select(space));
        Tensor count = Windows.sum(Tensor.full(one, 1), windows.subList(first, x.rank() - 1));
        return count.expandDims(-1);
    }
}
