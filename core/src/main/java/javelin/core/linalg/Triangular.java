package javelin.core.linalg;

/** Systems with a triangular matrix, and the factorizations that make some. */
public final class Triangular {
    private Triangular() {}

    /** {@code x := a^-1 x}, reading one triangle of {@code a} only; with {@code unit} its diagonal is taken to be 1. */
    public static void solve(Matrix a, boolean lower, boolean unit, Matrix x) {
        int n = a.rows();
        for (int step = 0; step < n; step++) {
            int i = lower ? step : n - 1 - step;
            for (int k = lower ? 0 : i + 1, end = lower ? i : n; k < end; k++) x.addRow(i, -a.at(i, k), k);
            if (!unit) for (int j = 0; j < x.columns(); j++) x.set(i, j, x.at(i, j) / a.at(i, i));
        }
    }

    /**
     * The lower triangle L with {@code a = L L^T}, of which only the lower triangle is read; NaN if a is not positive
     * definite.
     */
    public static void cholesky(Matrix a, Matrix l) {
        l.fill(0);
        for (int i = 0; i < a.rows(); i++)
            for (int j = 0; j <= i; j++) {
                double sum = a.at(i, j);
                for (int k = 0; k < j; k++) sum -= l.at(i, k) * l.at(j, k);
                if (i == j && !(sum > 0)) {
                    for (int r = 0; r < a.rows(); r++) for (int c = 0; c <= r; c++) l.set(r, c, Double.NaN);
                    return;
                }
                l.set(i, j, i == j ? Math.sqrt(sum) : sum / l.at(j, j));
            }
    }

    /**
     * {@code a := L U} with {@code permutation(a) = L U}: L below the diagonal, without its unit diagonal, U above. Row
     * k was exchanged with row {@code pivots[k]}, the first of the largest.
     */
    public static void lu(Matrix a, Matrix pivots, Matrix permutation) {
        int m = a.rows(), n = a.columns();
        for (int i = 0; i < m; i++) permutation.set(i, i);
        for (int k = 0; k < Math.min(m, n); k++) {
            int p = k;
            for (int i = k + 1; i < m; i++) if (Math.abs(a.at(i, k)) > Math.abs(a.at(p, k))) p = i;
            pivots.set(k, p);
            if (p != k) {
                a.swapRows(k, p);
                permutation.swapRows(k, p);
            }
            if (a.at(k, k) == 0) continue;                               // U is singular, L still exists
            Matrix right = a.from(0, k + 1);
            for (int i = k + 1; i < m; i++) {
                double factor = a.at(i, k) / a.at(k, k);
                a.set(i, k, factor);
                right.addRow(i, -factor, k);
            }
        }
    }

    /**
     * {@code x := a^-1 x} for the tridiagonal matrix with these diagonals, which are used up: elimination that
     * exchanges neighbouring rows (LAPACK's gtsv).
     */
    public static void tridiagonal(Matrix lower, Matrix diagonal, Matrix upper, Matrix x) {
        int n = diagonal.rows();
        double[] second = new double[n];                                 // two right of the diagonal, by exchanges
        for (int i = 0; i < n - 1; i++) {
            double below = lower.at(i + 1);
            if (Math.abs(diagonal.at(i)) < Math.abs(below)) {
                double d = diagonal.at(i), u = upper.at(i);
                diagonal.set(i, below);
                upper.set(i, diagonal.at(i + 1));
                second[i] = i + 2 < n ? upper.at(i + 1) : 0;
                diagonal.set(i + 1, u);
                if (i + 2 < n) upper.set(i + 1, 0);
                below = d;
                x.swapRows(i, i + 1);
            }
            if (below == 0) continue;
            double factor = below / diagonal.at(i);
            diagonal.set(i + 1, diagonal.at(i + 1) - factor * upper.at(i));
            if (i + 2 < n) upper.set(i + 1, upper.at(i + 1) - factor * second[i]);
            x.addRow(i + 1, -factor, i);
        }
        for (int i = n - 1; i >= 0; i--) {
            if (i + 1 < n) x.addRow(i, -upper.at(i), i + 1);
            if (i + 2 < n) x.addRow(i, -second[i], i + 2);
            for (int j = 0; j < x.columns(); j++) x.set(i, j, x.at(i, j) / diagonal.at(i));
        }
    }
}
