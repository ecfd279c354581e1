// Hot: plain loops, no allocation.
package javelin.compiler.run;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The process's worker threads. They spin for a moment after each task, so that the next one starts within a
 * microsecond (waking a parked thread takes fifty), and then park. The thread that brings a task works on it too and
 * finishes it alone if no worker comes.
 */
public final class Workers {
    /** Work that can be split: {@code run} does the part from {@code from} to {@code to}. */
    public interface Task {
        /** @param step which of the task's loops this is: the caller's number, passed on */
        void run(int step, int from, int to);
    }

    private static final long SPIN_NANOS = 50_000;
    private static final int SPINS_BETWEEN_YIELDS = 1024, SPINS_BETWEEN_CLOCKS = 128;

    private static final Workers POOL = new Workers();

    // Indices into counters, a cache line and its prefetched neighbour apart.
    private static final int UNCLAIMED = 32, RUNNING = 64;

    private final AtomicBoolean busy = new AtomicBoolean();
    /**
     * UNCLAIMED: chunks nobody has taken; who lowers it by one owns the chunk of that number, counted from the end.
     * RUNNING: chunks not finished. The task's fields are written before UNCLAIMED and not again until RUNNING is 0, so
     * whoever owns a chunk sees the fields it belongs to, however long it slept between looking and claiming.
     */
    private final AtomicIntegerArray counters = new AtomicIntegerArray(96);
    private Task task;
    private int step, from, to, grain, chunks;
    private volatile Throwable failure;
    private volatile int helpers;
    private volatile Worker[] workers = {};

    private Workers() { }

    /**
     * {@code task.run(step, i, min(i + grain, to))} for i = from, from + grain, ... below to, on up to {@code threads}
     * threads; in order on this one if {@code threads} is 1, there is one chunk, or the workers are busy with another
     * caller's task (or with the task this is called from). Chunks are the same in every case. Returns when all have
     * ended; then throws what one of them threw, with what others threw suppressed.
     */
    public static void run(Task task, int step, int from, int to, int grain, int threads) {
        if (grain < 1) throw new IllegalArgumentException("work cannot be split at multiples of " + grain);
        if (from >= to) return;
        int chunks = (int) (((long) to - from + grain - 1) / grain);
        if (Math.min(threads, chunks) > 1 && POOL.busy.compareAndSet(false, true)) {
            try {
                POOL.share(task, step, from, to, grain, chunks, Math.min(threads, chunks) - 1);
            } finally {
                POOL.busy.set(false);
            }
        } else {
            inOrder(task, step, from, to, grain, chunks);
        }
    }

    private static void inOrder(Task task, int step, int from, int to, int grain, int chunks) {
        Throwable failure = null;
        for (int chunk = 0; chunk < chunks; chunk++) {
            int start = from + chunk * grain;
            try {
                task.run(step, start, chunk == chunks - 1 ? to : start + grain);
            } catch (Throwable e) {
                failure = joined(failure, e);
            }
        }
        if (failure != null) Workers.<RuntimeException>rethrow(failure);
    }

    private void share(Task task, int step, int from, int to, int grain, int chunks, int helpers) {
        if (workers.length < helpers) start(helpers);
        this.task = task;
        this.step = step;
        this.from = from;
        this.to = to;
        this.grain = grain;
        this.chunks = chunks;
        this.helpers = helpers;
        counters.set(RUNNING, chunks);
        counters.set(UNCLAIMED, chunks);
        Worker[] workers = this.workers;
        for (int i = 0; i < helpers; i++) if (workers[i].parked) LockSupport.unpark(workers[i]);
        while (runOne()) { }
        for (int spins = 1; counters.get(RUNNING) != 0; spins++) {
            if (spins % SPINS_BETWEEN_YIELDS == 0) Thread.yield();
            else Thread.onSpinWait();
        }
        this.task = null;
        Throwable failure = this.failure;
        if (failure == null) return;
        this.failure = null;
        Workers.<RuntimeException>rethrow(failure);
    }

    /** Claims a chunk and runs it; false if there is none. */
    private boolean runOne() {
        int unclaimed = counters.get(UNCLAIMED);
        while (unclaimed > 0 && !counters.compareAndSet(UNCLAIMED, unclaimed, unclaimed - 1)) {
            unclaimed = counters.get(UNCLAIMED);
        }
        if (unclaimed == 0) return false;
        int chunk = chunks - unclaimed, start = from + chunk * grain;
        try {
            task.run(step, start, chunk == chunks - 1 ? to : start + grain);
        } catch (Throwable e) {
            synchronized (this) { failure = joined(failure, e); }
        } finally {
            counters.getAndDecrement(RUNNING);
        }
        return true;
    }

    private static Throwable joined(Throwable first, Throwable next) {
        if (first == null) return next;
        if (first != next) first.addSuppressed(next);
        return first;
    }

    /** Throws anything: a task declares nothing checked, and what it sneaks out leaves as it came. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void rethrow(Throwable e) throws E { throw (E) e; }

    private void start(int count) {
        Worker[] all = java.util.Arrays.copyOf(workers, count);
        for (int i = workers.length; i < count; i++) all[i] = new Worker(i);
        workers = all;
        for (Worker worker : all) if (worker.getState() == Thread.State.NEW) worker.start();
    }

    private final class Worker extends Thread {
        private final int number;
        private volatile boolean parked;

        Worker(int number) {
            super("javelin-worker-" + number);
            this.number = number;
            setDaemon(true);
        }

        private boolean hasWork() { return number < helpers && counters.get(UNCLAIMED) > 0; }

        @Override public void run() {
            while (true) {
                if (hasWork()) while (runOne()) { }
                if (!spinsUntilWork()) {
                    parked = true;
                    if (!hasWork()) LockSupport.park(Workers.this);
                    parked = false;
                    Thread.interrupted(); // an interrupt must not keep it from parking
                }
            }
        }

        private boolean spinsUntilWork() {
            long start = System.nanoTime();
            for (int spins = 1; ; spins++) {
                if (hasWork()) return true;
                if (spins % SPINS_BETWEEN_CLOCKS == 0 && System.nanoTime() - start > SPIN_NANOS) return false;
                if (spins % SPINS_BETWEEN_YIELDS == 0) Thread.yield();
                else Thread.onSpinWait();
            }
        }
    }
}
