package javelin.core.linalg;

/** Factorizations with an orthogonal factor, by Householder's reflections. */
public final class Orthogonal {
    private Orthogonal() {}

    /**
     * {@code a := R} and, below the diagonal, the vectors of the reflections whose product is Q; {@code taus} are their
     * factors.
     */
    public static void qr(Matrix a, Matrix taus) {
        for (int k = 0; k < taus.rows(); k++) {
            Matrix v = a.block(k, k, a.rows() - k, 1);
            double tau = Householder.reflect(v);
            taus.set(k, tau);
            Householder.apply(v, tau, a.from(k, k + 1));
        }
    }

    /** Pivoting: {@code order} of columns, each the longest of what those before it leave. Uses up {@code a}. */
    public static void order(Matrix a, Matrix order) {
        for (int j = 0; j < a.columns(); j++) order.set(j, j);
        for (int k = 0; k < Math.min(a.rows(), a.columns()); k++) {
            int longest = k;
            double most = -1;
            for (int j = k; j < a.columns(); j++) {
                double norm = Householder.norm(a.block(k, j, a.rows() - k, 1));
                if (!(norm > most)) continue;
                most = norm;
                longest = j;
            }
            a.transposed().swapRows(k, longest);
            order.swapRows(k, longest);
            Matrix v = a.block(k, k, a.rows() - k, 1);
            Householder.apply(v, Householder.reflect(v), a.from(k, k + 1));
        }
    }

    /**
     * {@code x := H_0 H_1 ... x} for the reflections that {@link #qr} left in {@code a}, starting at row {@code
     * offset}.
     */
    static void applyProduct(Matrix a, Matrix taus, int offset, Matrix x) {
        for (int k = taus.rows() - 1; k >= 0; k--)
            Householder.apply(a.block(k + offset, k, a.rows() - k - offset, 1), taus.at(k), x.from(k + offset, 0));
    }

    /** The first columns of the product of the reflections that {@link #qr} left in {@code a}. */
    public static void product(Matrix a, Matrix taus, Matrix q) {
        q.fill(0);
        for (int i = 0; i < Math.min(q.rows(), q.columns()); i++) q.set(i, i, 1);
        applyProduct(a, taus, 0, q);
    }
}
