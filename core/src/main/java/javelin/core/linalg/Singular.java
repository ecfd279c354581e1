package javelin.core.linalg;

/**
 * Singular values, descending, and vectors: a matrix much longer than wide is first reduced to its triangular factor
 * (Chan, ACM TOMS 8, 1982), then to a bidiagonal matrix by reflections (Golub and Kahan, 1965), which {@link
 * Bidiagonal} diagonalises. The choices that fix the signs of the vectors, and a full basis of them, are those of
 * LAPACK's gesdd.
 */
public final class Singular {
    private Singular() {}

    /** Singular values alone. */
    public static void values(Matrix a, Matrix s, double epsilon) {
        int k = Math.min(a.rows(), a.columns());
        decompose(a, s, Matrix.zeros(a.rows(), k), Matrix.zeros(k, a.columns()), epsilon);
    }

    /** {@code a = u diag(s) vt}; u and vt are thin, or full and square. */
    public static void decompose(Matrix a, Matrix s, Matrix u, Matrix vt, double epsilon) {
        boolean done = a.isFinite();
        if (done) done = a.rows() >= a.columns() ? decompose(a, false, s, u, vt.transposed(), epsilon)
                : decompose(a.transposed(), true, s, vt.transposed(), u, epsilon);
        if (done) return;
        s.fill(Double.NaN);
        u.fill(Double.NaN);
        vt.fill(Double.NaN);
    }

    /** Of a matrix that is not wide; {@code wide} if it is the transpose of the matrix that was asked for. */
    private static boolean decompose(Matrix a, boolean wide, Matrix s, Matrix u, Matrix v, double epsilon) {
        int m = a.rows(), n = a.columns();
        if (m < n * 11 / 6) return bidiagonalise(a, wide, s, u, v, epsilon);
        Matrix taus = Matrix.zeros(n, 1), small = Matrix.zeros(n, n), inner = Matrix.zeros(n, n);
        Orthogonal.qr(a, taus);
        for (int i = 0; i < n; i++) for (int j = i; j < n; j++) small.set(i, j, a.at(i, j));
        boolean done = wide ? bidiagonalise(small.transposed().fresh(), false, s, v, inner, epsilon)
                : bidiagonalise(small, false, s, inner, v, epsilon);
        u.fill(0);
        for (int i = n; i < u.columns(); i++) u.set(i, i, 1);
        u.block(0, 0, n, n).copy(inner);
        Orthogonal.applyProduct(a, taus, 0, u);
        return done;
    }

    private static boolean bidiagonalise(Matrix a, boolean lower, Matrix s, Matrix u, Matrix v, double epsilon) {
        int n = a.columns();
        Matrix left = Matrix.zeros(n, 1), right = Matrix.zeros(Math.max(n - 1, 0), 1);
        var middle = new Bidiagonal(n, epsilon);
        for (int k = 0; k < n; k++) {
            Matrix column = a.block(k, k, a.rows() - k, 1);
            left.set(k, Householder.reflect(column));
            middle.d[k] = column.at(0);
            Householder.apply(column, left.at(k), a.from(k, k + 1));
            if (k == n - 1) break;
            Matrix row = a.block(k, k + 1, 1, n - k - 1).transposed();
            right.set(k, Householder.reflect(row));
            middle.e[k] = row.at(0);
            Householder.apply(row, right.at(k), a.from(k + 1, k + 1).transposed());
        }
        boolean done = middle.diagonalise(lower);
        for (int i = 0; i < n; i++) s.set(i, middle.d[i]);
        u.fill(0);
        for (int i = n; i < u.columns(); i++) u.set(i, i, 1);
        u.block(0, 0, n, n).copy(middle.left.transposed());
        v.copy(middle.right.transposed());
        Orthogonal.applyProduct(a, left, 0, u);
        if (n > 1) Orthogonal.applyProduct(a.transposed(), right, 1, v);
        return done;
    }
}
