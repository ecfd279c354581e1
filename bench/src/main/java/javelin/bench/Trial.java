package javelin.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javelin.core.Array;

/**
 * One workload, prepared, and timed as the peers' files time theirs: warm, then samples of as many runs as fill 20 ms,
 * until the budget is spent; the median of the samples. First calls are timed one by one.
 */
final class Trial {
    private static final long SECOND = 1_000_000_000, BUDGET = SECOND * 3 / 2, SAMPLE = SECOND / 50;
    private static final int MAX_WARM_UP = 10, QUIET_MILLIS = 20;
    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();
    private static final int MIN_SAMPLES = 5, MAX_SAMPLES = 200, FIRST_CALLS = 3;
    private static final VarHandle RESULT;

    static {
        try {
            RESULT = MethodHandles.lookup().findVarHandle(Trial.class, "result", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the field is declared below", e);
        }
    }

    private final Workload workload;
    private final Supplier<?> run;
    private boolean warm;
    private Object result;                                               // kept: every run must make it

    Trial(Workload workload) {
        this.workload = workload;
        run = workload.prepare().apply(new Inputs());
    }

    /** Measures, after a warm-up if it is the first time. */
    Measurement measure(String peer, int threads) {
        List<Double> samples = new ArrayList<>();
        long runs = switch (workload) {
            case Workload.FirstCall _ -> {
                if (!warm) run(1);
                for (int i = 0; i < FIRST_CALLS; i++) samples.add((double) run(1));
                yield FIRST_CALLS;
            }
            case Workload.Repeated _ -> {
                if (!warm) warmUp();
                long one = Math.max(1, Math.min(run(1), Math.min(run(1), run(1)))), n = Math.max(1, SAMPLE / one),
                        end = System.nanoTime() + BUDGET;
                while (samples.size() < MIN_SAMPLES || samples.size() < MAX_SAMPLES && System.nanoTime() < end)
                    samples.add((double) run(n) / n);
                yield n * samples.size();
            }
        };
        warm = true;
        return Measurement.of(workload.name(), peer, threads, samples.stream().mapToDouble(s -> s).toArray(), runs);
    }

    /**
     * Three runs, and then more for a second: HotSpot compiles what is often run, and while it does so, runs are slow.
     * A second in which it still had a lot to compile is followed by another, up to ten.
     */
    private void warmUp() {
        run(3);
        for (int second = 0; second < MAX_WARM_UP; second++) {
            long compiling = COMPILER.getTotalCompilationTime(), end = System.nanoTime() + SECOND;
            while (System.nanoTime() < end) run(1);
            if (COMPILER.getTotalCompilationTime() - compiling < QUIET_MILLIS) return;
        }
    }

    /**
     * The nanoseconds that {@code n} runs take. A result that is one array is deleted when the next is there: the peers
     * are called from Python, which does so by counting references.
     */
    private long run(long n) {
        long start = System.nanoTime();
        for (long i = 0; i < n; i++) {
            Object next = run.get();
            if (result instanceof Array last) last.delete();
            RESULT.setOpaque(this, next);
        }
        return System.nanoTime() - start;
    }
}
