// Hot: run by drivers, once for every decomposition of a large matrix.
package javelin.compiler.library;

import java.util.List;
import javelin.compiler.schedule.Machine;
import javelin.core.linalg.Algorithm;
import javelin.core.linalg.Matrix;

/**
 * LU decomposition with partial pivoting, a panel of columns at a time: decomposed by itself, its exchanges done to
 * whole rows, its part then taken off what is right of it (Golub and Van Loan, section 3.4.7). The pivots are those of
 * {@link javelin.core.linalg.Triangular#lu}, but for rounding.
 */
final class BlockedLu implements Algorithm {
    private static final int PANEL = Blocks.PANEL;

    private final Blocks blocks;
    private final Matrix a;
    private final double[][] columns;                                    // of a panel
    private final double[] row;

    BlockedLu(int rows, int columns, Machine machine) {
        blocks = new Blocks(Math.min(rows, columns), columns, machine);
        a = Blocks.room(rows, columns);
        this.columns = new double[PANEL][rows];
        row = new double[columns];
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        int m = a.rows(), n = a.columns(), k = Math.min(m, n);
        Matrix pivots = out.get(1), permutation = out.get(2);
        Blocks.copy(in.getFirst(), a);
        for (int i = 0; i < m; i++) permutation.set(i, i);
        for (int at = 0; at < k; at += PANEL) {
            int end = Math.min(at + PANEL, k);
            panel(at, end - at, pivots, permutation);
            if (end == n) break;
            int width = end - at;
            Matrix right = a.block(at, end, width, n - end);
            Matrix known = blocks.solve(a.block(at, at, width, width), true, true, right);
            blocks.add(a.block(end, at, m - end, width), known, a.from(end, end));
        }
        Blocks.copy(a, out.getFirst());
    }

    /** Columns at..at+width-1, each once those left of it are done. */
    private void panel(int at, int width, Matrix pivots, Matrix permutation) {
        int m = a.rows();
        Blocks.load(a, at, width, columns);
        for (int j = 0; j < width; j++) {
            double[] column = columns[j];
            for (int p = 0; p < j; p++) Blocks.add(-column[at + p], columns[p], column, at + p + 1, m);
            int to = at + j, pivot = to;
            for (int i = to + 1; i < m; i++) if (Math.abs(column[i]) > Math.abs(column[pivot])) pivot = i;
            pivots.set(to, pivot);
            if (pivot != to) exchange(to, pivot, width, permutation);
            double diagonal = column[to];
            if (diagonal == 0) continue;                                 // U is singular, L still exists
            for (int i = to + 1; i < m; i++) column[i] /= diagonal;
        }
        Blocks.store(columns, a, at, width);
    }

    private void exchange(int i, int k, int width, Matrix permutation) {
        int n = a.columns(), one = i * a.down(), other = k * a.down();
        System.arraycopy(a.a(), one, row, 0, n);
        System.arraycopy(a.a(), other, a.a(), one, n);
        System.arraycopy(row, 0, a.a(), other, n);
        for (int j = 0; j < width; j++) {
            double x = columns[j][i];
            columns[j][i] = columns[j][k];
            columns[j][k] = x;
        }
        permutation.swapRows(i, k);
    }
}
