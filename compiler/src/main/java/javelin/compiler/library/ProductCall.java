// Hot: called by drivers, once for every product.
package javelin.compiler.library;

import javelin.compiler.run.Workers;

/** A batch of equal matrix products, and the scratch one driver needs for it. Rows are shared between threads. */
public final class ProductCall implements Workers.Task {
    /** Multiply-adds that are worth handing to a thread. */
    private static final long WORTH_A_THREAD = 1 << 18;

    /**
     * @param batch   how many products
     * @param aBatch  elements from one A to the next; likewise B and C
     * @param threads how many threads may share one
     */
    public record Plan(Gemm gemm, int batch, int aBatch, int bBatch, int cBatch, int threads) {
        /** A call with scratch of its own. */
        public ProductCall call() { return new ProductCall(this); }
    }

    private final Plan plan;
    private final Gemm gemm;
    private final Scratch scratch;
    private final int grain;
    private Object a, b, c;
    private int ao, bo, co;

    private ProductCall(Plan plan) {
        this.plan = plan;
        gemm = plan.gemm();
        scratch = gemm.newScratch();
        Gemm.Spec spec = gemm.spec();
        long row = Math.max(1, (long) spec.n() * spec.k());
        long rows = Math.ceilDiv(WORTH_A_THREAD, row);
        grain = (int) Math.min(Math.max(1, spec.m()), Math.ceilDiv(rows, gemm.rowGrain()) * gemm.rowGrain());
    }

    /** All products: A, B and C begin at the given elements. */
    public void run(Object a, int ao, Object b, int bo, Object c, int co) {
        int m = gemm.spec().m();
        for (int i = 0; i < plan.batch(); i++, ao += plan.aBatch(), bo += plan.bBatch(), co += plan.cBatch()) {
            if (plan.threads() == 1 || grain >= m) {
                gemm.run(a, ao, b, bo, c, co, scratch);
                continue;
            }
            gemm.pack(b, bo, scratch);
            this.a = a;
            this.b = b;
            this.c = c;
            this.ao = ao;
            this.bo = bo;
            this.co = co;
            Workers.run(this, 0, 0, m, grain, plan.threads());
            this.a = this.b = this.c = null;
        }
    }

    @Override public void run(int step, int from, int to) { gemm.rows(a, ao, b, bo, c, co, from, to, scratch); }
}
