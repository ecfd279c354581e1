package javelin.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/** List functions that the JDK lacks and every rule needs. */
public final class Lists {
    private Lists() {}

    @SafeVarargs public static <T> List<T> concat(Collection<? extends T>... parts) {
        List<T> all = new ArrayList<>();
        for (var part : parts) all.addAll(part);
        return List.copyOf(all);
    }

    /** {@code [f(0), ..., f(n - 1)]} */
    public static <T> List<T> each(int n, IntFunction<T> f) {
        List<T> results = new ArrayList<>(n);
        for (int i = 0; i < n; i++) results.add(f.apply(i));
        return List.copyOf(results);
    }

    /** {@code [from, ..., from + count - 1]} */
    public static List<Integer> range(int from, int count) { return each(count, n -> from + n); }

    public static <T, R> List<R> map(List<T> list, Function<? super T, ? extends R> f) {
        List<R> results = new ArrayList<>(list.size());
        for (T each : list) results.add(f.apply(each));
        return List.copyOf(results);
    }

    public static <T> List<T> where(List<T> list, List<Boolean> mask, boolean wanted) {
        List<T> some = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) if (mask.get(i) == wanted) some.add(list.get(i));
        return List.copyOf(some);
    }

    public static List<Boolean> falses(int n) { return Collections.nCopies(n, false); }

    public static int count(List<Boolean> mask) { return Collections.frequency(mask, true); }

    /** Axes of a batched tensor: axis 0 is new, the others move up by one. */
    public static List<Integer> shifted(List<Integer> axes) { return map(axes, a -> a + 1); }
}
