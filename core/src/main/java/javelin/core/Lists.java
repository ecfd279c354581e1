package javelin.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** List functions that the JDK lacks and every rule needs. */
public final class Lists {
    private Lists() {}

    @SafeVarargs public static <T> List<T> concat(Collection<? extends T>... parts) {
        List<T> all = new ArrayList<>();
        for (var part : parts) all.addAll(part);
        return List.copyOf(all);
    }

    /** {@code [f(0), ..., f(n - 1)]} */
    public static <T> List<T> each(int n, IntFunction<T> f) { return IntStream.range(0, n).mapToObj(f).toList(); }

    /** {@code [from, ..., from + count - 1]} */
    public static List<Integer> range(int from, int count) { return each(count, n -> from + n); }

    public static <T, R> List<R> map(List<T> list, Function<? super T, ? extends R> f) {
        return list.stream().<R>map(f).toList();
    }

    public static <T> List<T> where(List<T> list, List<Boolean> mask, boolean wanted) {
        return IntStream.range(0, list.size()).filter(i -> mask.get(i) == wanted).mapToObj(list::get).toList();
    }

    public static List<Boolean> falses(int n) { return Collections.nCopies(n, false); }

    public static int count(List<Boolean> mask) { return Collections.frequency(mask, true); }

    /** Axes of a batched tensor: axis 0 is new, the others move up by one. */
    public static List<Integer> shifted(List<Integer> axes) { return map(axes, a -> a + 1); }
}
