// Hot: run by drivers, once for every decomposition of a large matrix.
package javelin.compiler.library;

import java.util.Arrays;
import java.util.List;
import javelin.compiler.schedule.Machine;
import javelin.core.linalg.Algorithm;
import javelin.core.linalg.Matrix;

/**
 * The Cholesky decomposition: a panel of columns at a time, which then is multiplied with itself and taken off what is
 * right of it (Golub and Van Loan, section 4.2.9). Lower triangle; NaN for a matrix that is not positive definite.
 */
final class BlockedCholesky implements Algorithm {
    private static final int PANEL = Blocks.PANEL;

    private final Blocks blocks;
    private final Matrix a, minus;
    private final double[][] columns;                                    // of a panel

    BlockedCholesky(int n, Machine machine) {
        blocks = new Blocks(n, 0, machine);
        a = Blocks.room(n, n);
        minus = Blocks.room(PANEL, n);
        columns = new double[PANEL][n];
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        int n = a.rows();
        Matrix l = out.getFirst();
        Blocks.copy(in.getFirst(), a);
        boolean positive = decompose();
        Arrays.fill(l.a(), 0);
        for (int i = 0; i < n; i++) {
            if (positive) Blocks.copy(a.block(i, 0, 1, i + 1), l.block(i, 0, 1, i + 1));
            else l.block(i, 0, 1, i + 1).fill(Double.NaN);
        }
    }

    private boolean decompose() {
        int n = a.rows();
        for (int at = 0; at < n; at += PANEL) {
            int width = Math.min(PANEL, n - at), right = at + width;
            if (!panel(at, width)) return false;
            for (int p = 0; p < width; p++) for (int i = right; i < n; i++) minus.set(p, i - right, -columns[p][i]);
            for (int j = right; j < n; j += PANEL) {
                int count = Math.min(PANEL, n - j);
                blocks.add(a.block(j, at, n - j, width), minus.block(0, j - right, width, count),
                        a.block(j, j, n - j, count));
            }
        }
        return true;
    }

    /** Columns at..at+width-1 of L; what those left of them take off has been taken. */
    private boolean panel(int at, int width) {
        int n = a.rows();
        Blocks.load(a, at, width, columns);
        for (int j = 0; j < width; j++) {
            double[] column = columns[j];
            int to = at + j;
            for (int p = 0; p < j; p++) Blocks.add(-columns[p][to], columns[p], column, to, n);
            if (!(column[to] > 0)) return false;
            double root = Math.sqrt(column[to]);
            column[to] = root;
            for (int i = to + 1; i < n; i++) column[i] /= root;
        }
        Blocks.store(columns, a, at, width);
        return true;
    }
}
