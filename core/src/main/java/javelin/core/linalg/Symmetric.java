package javelin.core.linalg;

/**
 * Eigenvalues, ascending, and eigenvectors of a symmetric matrix: reduced to a tridiagonal one by reflections, then
 * diagonalised by implicit QL or QR steps with Wilkinson's shift, each started from the end with the smaller element.
 * Golub and Van Loan, sections 8.3.1 to 8.3.5; the choices that fix the signs of the vectors are those of LAPACK's
 * steqr.
 */
public final class Symmetric {
    private static final double TINY = Double.MIN_NORMAL;
    private static final int MOST_STEPS = 30;                            // for each eigenvalue, on average

    private final int n;
    private final double epsilon;
    private final double[] d, e;                                         // the diagonal and the one beside it
    private final Matrix vectors;                                        // one in each row
    private int stepsLeft;

    private Symmetric(int n, double epsilon) {
        this.n = n;
        this.epsilon = epsilon;
        d = new double[n];
        e = new double[Math.max(n, 1)];
        vectors = Matrix.identity(n);
        stepsLeft = MOST_STEPS * n;
    }

    /**
     * Eigenvectors as columns of {@code v}, eigenvalues in {@code w}; one triangle of {@code a} is read, and used up.
     *
     * @param epsilon what is rounded off in the end: smaller ones would take more steps, and could give other signs
     */
    public static void eigen(Matrix a, boolean lower, Matrix v, Matrix w, double epsilon) {
        int n = a.rows();
        var eigen = new Symmetric(n, epsilon);
        if (!isFinite(a, lower)) {
            v.fill(Double.NaN);
            w.fill(Double.NaN);
            return;
        }
        Matrix l = lower ? a : flipped(a);
        Matrix taus = Matrix.zeros(Math.max(n - 1, 0), 1);
        eigen.tridiagonal(l, taus);
        if (!lower) eigen.flip();
        boolean converged = eigen.diagonalise();
        Matrix columns = eigen.vectors.transposed();
        Matrix q = lower ? columns : new Matrix(columns.a(), columns.from() + (n - 1) * columns.down(), n, n,
                -columns.down(), columns.right());
        if (n > 0) Orthogonal.applyProduct(l, taus, 1, q);
        v.copy(columns);
        for (int i = 0; i < n; i++) w.set(i, eigen.d[i]);
        if (converged) return;
        v.fill(Double.NaN);
        w.fill(Double.NaN);
    }

    /** Reduction from the upper triangle is that from the lower one of the matrix with both axes reversed. */
    private static Matrix flipped(Matrix a) {
        int n = a.rows();
        return n == 0 ? a : new Matrix(a.a(), a.from() + (n - 1) * (a.down() + a.right()), n, n, -a.down(), -a.right());
    }

    private void flip() {
        for (int i = 0, j = n - 1; i < j; i++, j--) swap(d, i, j);
        for (int i = 0, j = n - 2; i < j; i++, j--) swap(e, i, j);
    }

    private static void swap(double[] x, int i, int j) {
        double t = x[i];
        x[i] = x[j];
        x[j] = t;
    }

    private static boolean isFinite(Matrix a, boolean lower) {
        for (int i = 0; i < a.rows(); i++)
            for (int j = 0; j <= i; j++)
                if (!(Math.abs(lower ? a.at(i, j) : a.at(j, i)) <= Double.MAX_VALUE)) return false;
        return true;
    }

    /** Leaves the vectors of the reflections below the subdiagonal of {@code a}. */
    private void tridiagonal(Matrix a, Matrix taus) {
        double[] p = new double[n];
        for (int k = 0; k < n - 1; k++) {
            Matrix v = a.block(k + 1, k, n - 1 - k, 1), rest = a.from(k + 1, k + 1);
            double tau = Householder.reflect(v);
            taus.set(k, tau);
            e[k] = v.at(0);
            d[k] = a.at(k, k);
            if (tau == 0) continue;
            int m = v.rows();
            v.set(0, 1);
            double dot = 0;
            for (int i = 0; i < m; i++) {
                double sum = 0;
                for (int j = 0; j < m; j++) sum += (j <= i ? rest.at(i, j) : rest.at(j, i)) * v.at(j);
                p[i] = tau * sum;
                dot += p[i] * v.at(i);
            }
            for (int i = 0; i < m; i++) p[i] -= tau / 2 * dot * v.at(i);
            for (int i = 0; i < m; i++)
                for (int j = 0; j <= i; j++) rest.set(i, j, rest.at(i, j) - v.at(i) * p[j] - p[i] * v.at(j));
        }
        if (n > 0) d[n - 1] = a.at(n - 1, n - 1);
    }

    /** Splits where the off-diagonal is negligible and treats block after block; then sorts. */
    private boolean diagonalise() {
        for (int start = 0; start < n; ) {
            int end = start;
            while (end < n - 1 && !isSplit(end)) end++;
            if (end < n - 1) e[end] = 0;
            boolean done = Math.abs(d[end]) < Math.abs(d[start]) ? block(end, start) : block(start, end);
            if (!done) return false;
            start = end + 1;
        }
        sort();
        return true;
    }

    private boolean isSplit(int i) {
        return Math.abs(e[i]) <= Math.sqrt(Math.abs(d[i])) * Math.sqrt(Math.abs(d[i + 1])) * epsilon;
    }

    /**
     * Diagonalises from {@code l} to {@code last}, downwards (QL) or upwards (QR): eigenvalues appear at l, which moves
     * on.
     */
    private boolean block(int l, int last) {
        int way = last >= l ? 1 : -1;
        while ((last - l) * way >= 0) {
            int m = l;
            while (m != last && !isNegligible(m, way)) m += way;
            if (m != last) setBeside(m, way, 0);
            if (m == l) {
                l += way;
            } else if (m == l + way) {
                pair(Math.min(l, m));
                l += 2 * way;
            } else {
                if (stepsLeft-- == 0) return false;
                step(l, m, way);
            }
        }
        return true;
    }

    /** The off-diagonal element between i and i + way. */
    private double beside(int i, int way) { return e[way > 0 ? i : i - 1]; }

    private void setBeside(int i, int way, double x) { e[way > 0 ? i : i - 1] = x; }

    private boolean isNegligible(int m, int way) {
        double x = Math.abs(beside(m, way));
        return x * x <= epsilon * epsilon * Math.abs(d[m]) * Math.abs(d[m + way]) + TINY;
    }

    /**
     * One implicit step on the block between l and m, whose shift is the eigenvalue of the corner at l that is nearer
     * to it.
     */
    private void step(int l, int m, int way) {
        double p = d[l], x = (d[l + way] - p) / (2 * beside(l, way));
        double g = d[m] - p + beside(l, way) / (x + Math.copySign(Math.hypot(x, 1), x)), s = 1, c = 1;
        p = 0;
        for (int i = m - way; i != l - way; i -= way) {
            double f = s * beside(i, way), b = c * beside(i, way);
            Rotation turn = Rotation.of(g, f);
            c = turn.c();
            s = turn.s();
            if (i != m - way) setBeside(i + way, way, turn.r());
            g = d[i + way] - p;
            double r = (d[i] - g) * s + 2 * c * b;
            p = s * r;
            d[i + way] = g + p;
            g = c * r - b;
            vectors.rotateRows(Math.min(i, i + way), c, -way * s);
        }
        d[l] -= p;
        setBeside(l, way, g);
    }

    /** Diagonalises the block at i and i + 1; the eigenvalue of larger magnitude comes first. */
    private void pair(int i) {
        double a = d[i], b = e[i], c = d[i + 1], sum = a + c, difference = a - c, twice = 2 * b;
        double root = Math.hypot(difference, twice);
        double large = Math.abs(a) > Math.abs(c) ? a : c, small = Math.abs(a) > Math.abs(c) ? c : a;
        double first = sum < 0 ? (sum - root) / 2 : sum > 0 ? (sum + root) / 2 : root / 2;
        double second = sum == 0 ? -root / 2 : large / first * small - b / first * b;
        double to = difference >= 0 ? difference + root : difference - root, cos, sin;
        if (Math.abs(to) > Math.abs(twice)) {
            double ratio = -twice / to;
            sin = 1 / Math.sqrt(1 + ratio * ratio);
            cos = ratio * sin;
        } else if (twice == 0) {
            cos = 1;
            sin = 0;
        } else {
            double ratio = -to / twice;
            cos = 1 / Math.sqrt(1 + ratio * ratio);
            sin = ratio * cos;
        }
        if (sum < 0 != difference < 0) vectors.rotateRows(i, cos, sin);
        else vectors.rotateRows(i, -sin, cos);
        d[i] = first;
        d[i + 1] = second;
        e[i] = 0;
    }

    private void sort() {
        for (int i = 0; i < n - 1; i++) {
            int least = i;
            for (int j = i + 1; j < n; j++) if (d[j] < d[least]) least = j;
            if (least == i) continue;
            swap(d, i, least);
            vectors.swapRows(i, least);
        }
    }
}
