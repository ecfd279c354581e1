package javelin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import javelin.core.Compiled;
import javelin.core.tree.Trees;

/**
 * A compiled function: an object that owns its cache, from the structure and types of its arguments to code. Values
 * that are no tensors are static: the function is compiled anew for each value of them. Safe to call from many threads.
 *
 * @param <F> what {@link #donate} gives: the same kind of function
 */
public abstract sealed class Jit<F> permits Jit.Of1, Jit.Of2, Jit.Of3 {
    private static final int MANY = 8;                                   // compilations before we ask what is going on

    /** How often the function was called, traced and compiled. */
    public record Stats(long calls, int compilations) {}

    private final Set<Integer> donated;
    private final LongAdder calls = new LongAdder();
    private volatile Compiled[] cache = {};

    private Jit(Set<Integer> donated) { this.donated = Set.copyOf(donated); }

    /** The function as one of a list of arguments. */
    abstract Object plain(List<Object> arguments);

    /**
     * The same function, giving up the given arguments (counted from 0): their memory may become the result's,
     * reading them afterwards throws.
     */
    public abstract F donate(int... arguments);

    public Stats stats() { return new Stats(calls.sum(), cache.length); }

    final Object call(Object a, Object b, Object c, int arity) {
        if (Compiled.isTracing()) return plain(Arrays.asList(a, b, c).subList(0, arity));
        calls.increment();
        for (Compiled entry : cache) {
            Object result = entry.tryCall(a, b, c);
            if (result != Compiled.MISS) return result;
        }
        return compile(Arrays.asList(a, b, c).subList(0, arity)).tryCall(a, b, c);
    }

    private synchronized Compiled compile(List<Object> arguments) {
        List<Trees.Flat> flat = new ArrayList<>();
        for (Object argument : arguments) flat.add(Trees.flatten(argument));
        for (Compiled entry : cache) if (entry.fits(flat)) return entry;
        Compiled[] before = cache;
        if (before.length >= MANY) warn(before[0], before.length, flat);
        Compiled entry = Compiled.compile(this::plain, flat, donated);
        Compiled[] after = new Compiled[before.length + 1];
        System.arraycopy(before, 0, after, 1, before.length);
        after[0] = entry;
        cache = after;
        return entry;
    }

    private static void warn(Compiled last, int count, List<Trees.Flat> flat) {
        System.getLogger("javelin.jit").log(System.Logger.Level.WARNING,
                "compilation {0} of a jitted function, since {1}."
                + " Keep shapes fixed (pad batches), and pass what changes as a tensor rather than as"
                + " a plain Java value",
                count + 1, last.difference(flat));
    }

    static Set<Integer> all(Set<Integer> before, int... more) {
        Set<Integer> all = new HashSet<>(before);
        IntStream.of(more).forEach(all::add);
        return all;
    }

    Set<Integer> donated() { return donated; }

    /** A compiled function of one argument. */
    public static final class Of1<A, R> extends Jit<Of1<A, R>> implements Function<A, R> {
        private final Function<A, R> f;

        Of1(Function<A, R> f) { this(f, Set.of()); }

        private Of1(Function<A, R> f, Set<Integer> donated) {
            super(donated);
            this.f = f;
        }

        @SuppressWarnings("unchecked")
        @Override Object plain(List<Object> arguments) { return f.apply((A) arguments.getFirst()); }

        @Override public Of1<A, R> donate(int... arguments) { return new Of1<>(f, all(donated(), arguments)); }

        @SuppressWarnings("unchecked")
        @Override public R apply(A a) { return (R) call(a, null, null, 1); }
    }

    /** A compiled function of two arguments. */
    public static final class Of2<A, B, R> extends Jit<Of2<A, B, R>> implements BiFunction<A, B, R> {
        private final BiFunction<A, B, R> f;

        Of2(BiFunction<A, B, R> f) { this(f, Set.of()); }

        private Of2(BiFunction<A, B, R> f, Set<Integer> donated) {
            super(donated);
            this.f = f;
        }

        @SuppressWarnings("unchecked")
        @Override Object plain(List<Object> arguments) { return f.apply((A) arguments.get(0), (B) arguments.get(1)); }

        @Override public Of2<A, B, R> donate(int... arguments) { return new Of2<>(f, all(donated(), arguments)); }

        @SuppressWarnings("unchecked")
        @Override public R apply(A a, B b) { return (R) call(a, b, null, 2); }
    }

    /** A compiled function of three arguments. */
    public static final class Of3<A, B, C, R> extends Jit<Of3<A, B, C, R>> implements Function3<A, B, C, R> {
        private final Function3<A, B, C, R> f;

        Of3(Function3<A, B, C, R> f) { this(f, Set.of()); }

        private Of3(Function3<A, B, C, R> f, Set<Integer> donated) {
            super(donated);
            this.f = f;
        }

        @SuppressWarnings("unchecked")
        @Override Object plain(List<Object> arguments) {
            return f.apply((A) arguments.get(0), (B) arguments.get(1), (C) arguments.get(2));
        }

        @Override public Of3<A, B, C, R> donate(int... arguments) { return new Of3<>(f, all(donated(), arguments)); }

        @SuppressWarnings("unchecked")
        @Override public R apply(A a, B b, C c) { return (R) call(a, b, c, 3); }
    }
}
