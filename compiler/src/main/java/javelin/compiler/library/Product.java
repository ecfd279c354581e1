// Hot: run by drivers, once for every product.
package javelin.compiler.library;

import javelin.compiler.run.Workers;
import javelin.core.lowering.Routine;

/**
 * A batch of equal matrix products. Rows are shared between threads.
 *
 * @param batch   how many products
 * @param aBatch  elements from one A to the next; likewise B and C
 * @param threads how many threads may share one
 */
record Product(Gemm gemm, int batch, int aBatch, int bBatch, int cBatch, int threads) implements Routine {
    /** Multiply-adds that are worth handing to a thread. */
    private static final long WORTH_A_THREAD = 1 << 18;

    @Override public Object newScratch() { return new Work(gemm, gemm.newScratch()); }

    @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
        var work = (Work) scratch;
        int m = gemm.spec().m(), grain = grain();
        work.a = arrays[0];
        work.b = arrays[1];
        work.c = arrays[2];
        for (int i = 0; i < batch; i++) {
            work.ao = offsets[0] + i * aBatch;
            work.bo = offsets[1] + i * bBatch;
            work.co = offsets[2] + i * cBatch;
            gemm.pack(work.b, work.bo, work.panels);
            if (threads == 1 || grain >= m) work.run(0, 0, m);
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

    /** One product under way. */
    private static final class Work implements Workers.Task {
        private final Gemm gemm;
        private final Scratch panels;
        private Object a, b, c;
        private int ao, bo, co;

        Work(Gemm gemm, Scratch panels) {
            this.gemm = gemm;
            this.panels = panels;
        }

        @Override public void run(int step, int from, int to) { gemm.rows(a, ao, b, bo, c, co, from, to, panels); }
    }
}
