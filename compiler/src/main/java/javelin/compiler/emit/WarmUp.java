package javelin.compiler.emit;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javelin.compiler.emit.KernelEmitter.Emitted;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.Kernel.Kind;
import javelin.compiler.kernel.Kernel.Stmt;
import javelin.core.type.DType;

/**
 * Calls a kernel with little to do until the JVM has compiled it. Before that, vector code runs some hundred times
 * slower; many short calls have it compiled sooner than few long ones (measured: design notes on JIT latency). The
 * calls are with extents, strides and arrays of our own choice: the code takes them as parameters, so any will do whose
 * addresses lie in the arrays.
 */
final class WarmUp {
    private static final long MOST_NANOS = 120_000_000;
    /** The first kernel of a process waits for the Vector API itself. */
    private static final long MOST_NANOS_FIRST = 400_000_000;
    private static final AtomicBoolean FIRST = new AtomicBoolean(true);
    private static final int CALLS_AT_A_TIME = 32, FAST_TIMES = 12;
    // for all turns of a call: compiled, a vector operation takes about a nanosecond, before some hundred to a thousand
    private static final long NANOS_PER_TURNS = 25, NANOS_PER_CALL = 250;

    /**
     * Extents of loops that are vectors, of those of them that reduce (and may take several vectors a turn), and of
     * others. C2 believes that what never happens here never will, so there are turns and none, with and without a
     * rest.
     */
    private record Extents(int vector, int outer, int other) {}

    private static final List<Extents> ROUNDS = List.of(new Extents(33, 81, 2), new Extents(32, 64, 2),
        new Extents(33, 81, 2), new Extents(48, 128, 3), new Extents(3, 3, 2));
    private static final int STRIDE = 3, LONGEST = 1 << 20;

    private final Kernel kernel;
    private final List<Integer> integers;
    private final Extents extents;
    private final Map<Integer, Integer> chosen = new HashMap<>();       // instead of the kernel's integers
    private final Map<Integer, Integer> turns = new HashMap<>();        // by axis
    private final int[] lengths;
    private int range;
    private boolean safe = true;

    private WarmUp(Emitted emitted, Extents extents) {
        this.extents = extents;
        range = extents.other();
        kernel = emitted.kernel();
        integers = emitted.integers();
        lengths = new int[kernel.buffers().size()];
        extents(kernel.body());
        turns(kernel.body());
        accesses();
    }

    /** Calls {@code emitted} until it is fast, or for {@link #MOST_NANOS}; whether calls could be made up for it. */
    static boolean run(Emitted emitted) { return run(emitted, FIRST.getAndSet(false) ? MOST_NANOS_FIRST : MOST_NANOS); }

    /** The same with no more calls than it takes to see that they work. */
    static boolean once(Emitted emitted) { return run(emitted, 1); }

    private static boolean run(Emitted emitted, long mostNanos) {
        List<WarmUp> rounds = ROUNDS.stream().map(e -> new WarmUp(emitted, e)).toList();
        if (!rounds.stream().allMatch(r -> r.safe)) return false;
        List<Object> arrays = new ArrayList<>();
        List<Kernel.Buffer> buffers = emitted.kernel().buffers();
        for (int b = 0; b < buffers.size(); b++) {
            int buffer = b;
            arrays.add(data(buffers.get(b).type(), rounds.stream().mapToInt(r -> r.lengths[buffer]).max().orElse(0)));
        }
        for (DType t : emitted.scratch()) arrays.add(t.allocate(Kernel.LANES));
        call(emitted, arrays.toArray(), rounds.stream().map(WarmUp::numbers).toList(), mostNanos);
        return true;
    }

    private int[] numbers() {
        IntStream offsets = kernel.buffers().stream().filter(Kernel.Buffer::offset).mapToInt(_ -> 0);
        return Emitted.numbers(offsets, integers.stream().mapToInt(this::choice), 0, range);
    }

    private static void call(Emitted emitted, Object[] arrays, List<int[]> rounds, long mostNanos) {
        long fast = NANOS_PER_CALL + emitted.operations() * NANOS_PER_TURNS;
        try {
            Class<?> type = emitted.loader().loadClass(emitted.owner().replace('/', '.'));
            Method repeat = type.getMethod(KernelCode.REPEAT, Object[].class, int[].class, int.class);
            long start = System.nanoTime(), before = start;
            for (int round = 0, times = 0, calls = 1; times < FAST_TIMES; round++) {
                repeat.invoke(null, arrays, rounds.get(round % rounds.size()), calls);
                long now = System.nanoTime();
                times = now - before < fast * calls ? times + 1 : 0;
                if (now - start > mostNanos && round >= rounds.size()) return;
                before = now;
                calls = Math.min(2 * calls, CALLS_AT_A_TIME);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the kernel " + emitted.owner()
                + " cannot be called with arguments made for it", e);
        }
    }

    private static Object data(DType type, int length) {
        Object array = type.allocate(length);
        for (int i = 0; i < length; i++) {
            switch (array) {
                case float[] a -> a[i] = 0.5f;
                case double[] a -> a[i] = 0.5;
                case byte[] a -> a[i] = (byte) (i & 1);
                default -> {}                   // indices are 0
            }
        }
        return array;
    }

    // extents and strides

    private int choice(int value) { return value == 0 || value == 1 ? value : chosen.getOrDefault(value, STRIDE); }

    private void extents(List<Stmt> body) {
        for (Stmt s : body) {
            if (!(s instanceof Stmt.Loop loop)) continue;
            boolean outer = loop.body().stream().anyMatch(b -> b instanceof Stmt.Loop || b instanceof Stmt.Accumulate);
            int turns = !loop.vector() ? extents.other() : outer ? extents.outer() : extents.vector();
            if (loop.kind() == Kind.RANGE) range = Math.max(range, turns);
            else chosen.merge(loop.extent(), turns, Math::max);
            extents(loop.body());
        }
    }

    private void turns(List<Stmt> body) {
        for (Stmt s : body) {
            if (!(s instanceof Stmt.Loop loop)) continue;
            turns.merge(loop.axis(), loop.kind() == Kind.RANGE ? range : choice(loop.extent()), Math::max);
            turns(loop.body());
        }
    }

    // how long arrays must be

    private void accesses() {
        for (int n = 0; n < kernel.code().size(); n++) {
            if (kernel.code().node(n) instanceof Node.Load(int buffer, Address at, _)) cover(buffer, at);
        }
        stores(kernel.body());
    }

    private void stores(List<Stmt> body) {
        for (Stmt s : body) {
            if (s instanceof Stmt.Loop loop) stores(loop.body());
            else if (s instanceof Stmt.Store store) cover(store.buffer(), store.at());
        }
    }

    private void cover(int buffer, Address at) {
        long last = choice(at.constant());
        for (var term : at.terms().entrySet()) {
            last += (long) choice(term.getValue()) * Math.max(0, turns.getOrDefault(term.getKey(), 0) - 1);
        }
        if (at.dynamic() >= 0) {
            Optional<Interval> dynamic = new Intervals(kernel.code(), turns).of(at.dynamic());
            if (dynamic.isEmpty() || dynamic.get().least() < 0) {
                safe = false;
                return;
            }
            last += dynamic.get().most();
        }
        safe &= last < LONGEST;
        lengths[buffer] = (int) Math.min(LONGEST, Math.max(lengths[buffer], last + 1));
    }
}
