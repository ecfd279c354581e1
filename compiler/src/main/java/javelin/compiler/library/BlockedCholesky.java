// Hot: run by drivers, once for every decomposition of a large matrix.
package javelin.compiler.library;

import java.util.Arrays;
import javelin.compiler.schedule.Machine;
import javelin.core.lowering.Routine;
import javelin.core.type.DType;

/**
 * The Cholesky decomposition of a batch of n x n matrices, computed in f64: a panel of columns at a time, which then is
 * multiplied with itself and subtracted from what is right of it (Golub and Van Loan, section 4.2.9). Lower triangle; NaN
 * for a matrix that is not positive definite.
 */
record BlockedCholesky(DType dtype, int batch, int n, Machine machine) implements Routine {
    /** Below it, writing out what to do in panels gains nothing. */
    static final int SMALLEST = 48;
    // measured at n = 512: a panel of 32 columns spends least on what is no product
    private static final int PANEL = 32;

    private static final class Work {
        final double[] a, product, row = new double[PANEL];
        final double[][] columns = new double[PANEL][PANEL];             // of the panel's triangle
        final Gemm full, last;
        final Scratch fullScratch, lastScratch;

        Work(int n, Machine machine) {
            a = new double[(n + Edge.MOST_ROWS) * n];                    // products read whole tiles of rows
            product = new double[n * PANEL];
            full = gemm(n, PANEL, machine);
            last = gemm(n, Math.max(1, n % PANEL), machine);
            fullScratch = full.newScratch();
            lastScratch = last.newScratch();
        }

        private static Gemm gemm(int n, int columns, Machine machine) {
            return Gemm.of(new Gemm.Spec(DType.F64, n, columns, PANEL, n, 1, 1, n), machine);
        }
    }

    @Override public Object newScratch() { return new Work(n, machine); }

    @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
        var work = (Work) scratch;
        for (int b = 0; b < batch; b++) {
            int from = offsets[0] + b * n * n, to = offsets[1] + b * n * n;
            if (arrays[0] instanceof double[] in) System.arraycopy(in, from, work.a, 0, n * n);
            else for (int i = 0; i < n * n; i++) work.a[i] = ((float[]) arrays[0])[from + i];
            boolean positive = decompose(work);
            for (int i = 0; i < n; i++) {
                if (!positive) Arrays.fill(work.a, i * n, i * n + i + 1, Double.NaN);
                Arrays.fill(work.a, i * n + i + 1, (i + 1) * n, 0);
            }
            if (arrays[1] instanceof double[] out) System.arraycopy(work.a, 0, out, to, n * n);
            else for (int i = 0; i < n * n; i++) ((float[]) arrays[1])[to + i] = (float) work.a[i];
        }
    }

    private boolean decompose(Work work) {
        for (int at = 0; at < n; at += PANEL) {
            int width = Math.min(PANEL, n - at);
            if (!panel(work, at, width)) return false;
            for (int right = at + width; right < n; right += PANEL) subtract(work, at, right, Math.min(PANEL, n - right));
        }
        return true;
    }

    /** Columns at..at+width-1 of L, row by row; what is left of them has been subtracted already. */
    private boolean panel(Work work, int at, int width) {
        double[] a = work.a, row = work.row;
        double[][] columns = work.columns;
        for (int i = at; i < n; i++) {
            int own = Math.min(i - at, width), end = Math.min(own + 1, width), from = i * n + at;
            System.arraycopy(a, from, row, 0, end);
            for (int j = 0; j < own; j++) {
                double[] column = columns[j];
                double x = row[j] / column[j];
                row[j] = x;
                for (int c = j + 1; c < own; c++) row[c] -= x * column[c];
                if (own < width) row[own] -= x * x;
            }
            if (own < width) {
                if (!(row[own] > 0)) return false;
                row[own] = Math.sqrt(row[own]);
                for (int j = 0; j <= own; j++) columns[j][own] = row[j];
            }
            System.arraycopy(row, 0, a, from, end);
        }
        return true;
    }

    /** Takes the panel's part off columns right..right+width-1, from the diagonal down. */
    private void subtract(Work work, int at, int right, int width) {
        Gemm gemm = width == PANEL ? work.full : work.last;
        Scratch scratch = width == PANEL ? work.fullScratch : work.lastScratch;
        double[] a = work.a, product = work.product;
        int from = right * n + at, rows = n - right;
        gemm.pack(a, from, scratch);
        gemm.rows(a, from, a, from, product, 0, 0, rows, scratch);
        for (int i = 0; i < rows; i++) {
            int to = (right + i) * n + right, of = i * width;
            for (int j = 0; j < width; j++) a[to + j] -= product[of + j];
        }
    }
}
