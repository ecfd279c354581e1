// Hot: run by drivers, once for every product.
package javelin.compiler.library;

import javelin.compiler.run.Epilogue;
import javelin.compiler.run.Workers;
import javelin.core.lowering.Routine;

/**
 * A batch of equal matrix products. Rows are shared between threads.
 *
 * @param batch   how many products
 * @param aBatch  elements from one A to the next; likewise B and C
 * @param threads how many threads may share one
 */
record Product(Gemm gemm, int batch, int aBatch, int bBatch, int cBatch, int threads) implements ByRows {
    /** Multiply-adds that are worth handing to a thread. */
    private static final long WORTH_A_THREAD = 1 << 18;
    /** Bytes of the output that are still in cache when its epilogue reads them, with what that reads besides. */
    private static final int PART = 256 << 10;

    private static final Epilogue NOTHING = (_, _, _, _, _) -> { };

    @Override public Object newScratch() { return new Work(gemm, NOTHING, 0, 1, gemm.spec().m()); }

    @Override public Object newScratch(Epilogue then, int step, int turn) {
        int rows = PART / (gemm.spec().n() * gemm.spec().dtype().bytes()), grain = gemm.rowGrain();
        return new Work(gemm, then, step, turn, Math.max(rows / grain, 1) * grain);
    }

    @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
        var work = (Work) scratch;
        int m = gemm.spec().m(), grain = grain();
        boolean alone = threads == 1 || grain >= m;
        work.a = arrays[0];
        work.b = arrays[1];
        work.c = arrays[2];
        for (int i = 0; i < batch; i++) {
            work.ao = offsets[0] + i * aBatch;
            work.bo = offsets[1] + i * bBatch;
            work.co = offsets[2] + i * cBatch;
            work.first = i * cBatch;
            if (alone && work.part >= m) {
                work.rows(0, m, false);
                continue;
            }
            gemm.pack(work.b, work.bo, work.panels);
            if (alone) work.run(0, 0, m);
            else Workers.run(work, 0, 0, m, grain, threads);
        }
        work.a = work.b = work.c = null;
    }

    /** Rows that are worth a thread. */
    private int grain() {
        Gemm.Spec spec = gemm.spec();
        long rows = Math.ceilDiv(WORTH_A_THREAD, Math.max(1, (long) spec.n() * spec.k()));
        return (int) Math.min(Math.max(1, spec.m()), Math.ceilDiv(rows, gemm.rowGrain()) * gemm.rowGrain());
    }

    /** One product under way, and what is done with its rows, {@code part} of them at a time. */
    private static final class Work implements Workers.Task {
        private final Gemm gemm;
        private final Scratch panels;
        private final Epilogue then;
        private final int step, turn, part;
        private final ThreadLocal<Object> parts;                         // of a C that is nowhere as a whole
        private Object a, b, c;
        private int ao, bo, co, first;

        Work(Gemm gemm, Epilogue then, int step, int turn, int part) {
            this.gemm = gemm;
            panels = gemm.newScratch();
            this.then = then;
            this.step = step;
            this.turn = turn;
            this.part = part;
            Gemm.Spec spec = gemm.spec();
            parts = ThreadLocal.withInitial(() -> spec.dtype().allocate(Math.min(part, spec.m()) * spec.n()));
        }

        @Override public void run(int task, int from, int to) {
            for (int row = from; row < to; row += part) rows(row, Math.min(to, row + part), true);
        }

        /** Rows of C and what follows them; if B is not packed yet, all rows. */
        void rows(int from, int to, boolean packed) {
            int n = gemm.spec().n(), at = c == null ? -from * n : co;
            Object array = c == null ? parts.get() : c;
            if (packed) gemm.rows(a, ao, b, bo, array, at, from, to, panels);
            else gemm.run(a, ao, b, bo, array, at, panels);
            then.epilogue(step, (first + from * n) / turn, (first + to * n) / turn, array, at - first);
        }
    }
}
