// Hot: run by drivers, once for every decomposition of a large matrix.
package javelin.compiler.library;

import java.util.Arrays;
import java.util.List;
import javelin.compiler.schedule.Machine;
import javelin.core.linalg.Algorithm;
import javelin.core.linalg.Matrix;

/**
 * QR decomposition by the reflections of {@link javelin.core.linalg.Householder}, a panel of them at a time: their
 * product is 1 - V T V^T with a small triangular T (Golub and Van Loan, section 5.2.3).
 */
final class BlockedQr implements Algorithm {
    private static final int PANEL = Blocks.PANEL;

    private final Blocks blocks;
    private final Matrix a, q, v, t, gram, products, turned;
    private final double[][] columns;                                    // of a panel
    private final double[] taus;

    /** @param qColumns how many columns Q is to have */
    BlockedQr(int rows, int columns, int qColumns, Machine machine) {
        int most = Math.max(columns, qColumns);
        blocks = new Blocks(Math.min(rows, columns), most, machine);
        a = Blocks.room(rows, columns);
        q = Blocks.room(rows, qColumns);
        v = Blocks.room(rows, PANEL);
        t = Blocks.room(PANEL, PANEL);
        gram = Blocks.room(PANEL, PANEL);
        products = Blocks.room(PANEL, most);
        turned = Blocks.room(PANEL, most);
        this.columns = new double[PANEL][rows];
        taus = new double[Math.min(rows, columns)];
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        int n = a.columns(), k = taus.length;
        Matrix r = out.get(1);
        Blocks.copy(in.getFirst(), a);
        for (int at = 0; at < k; at += PANEL) {
            int end = Math.min(at + PANEL, k);
            panel(at, end - at);
            if (end < n) reflect(at, end - at, true, a.from(at, end));
        }
        Arrays.fill(r.a(), 0);
        for (int i = 0; i < k; i++) Blocks.copy(a.block(i, i, 1, n - i), r.from(i, i));
        Arrays.fill(q.a(), 0);
        for (int i = 0; i < q.columns(); i++) q.set(i, i, 1);
        for (int at = (k - 1) / PANEL * PANEL; at >= 0; at -= PANEL)
            reflect(at, Math.min(PANEL, k - at), false, q.from(at, at));
        Blocks.copy(q, out.getFirst());
    }

    /** Columns at..at+width-1: R, and below it the vectors of their reflections. */
    private void panel(int at, int width) {
        int m = a.rows();
        Blocks.load(a, at, width, columns);
        for (int j = 0; j < width; j++) {
            double[] x = columns[j];
            for (int p = 0; p < j; p++) {
                double[] of = columns[p];
                double product = taus[at + p] * (x[at + p] + Blocks.dot(of, at + p + 1, x, at + p + 1, m - at - p - 1));
                x[at + p] -= product;
                Blocks.add(-product, of, x, at + p + 1, m);
            }
            taus[at + j] = reflection(x, at + j);
        }
        Blocks.store(columns, a, at, width);
    }

    /** Overwrites {@code x}, from element {@code at} on, with (multiple, v[1], v[2], ...) and returns tau. */
    private static double reflection(double[] x, int at) {
        double alpha = x[at], largest = 0, sum = 0;
        for (int i = at + 1; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]));
        if (largest == 0) return 0;
        for (int i = at + 1; i < x.length; i++) sum += x[i] / largest * (x[i] / largest);
        double beta = -Math.copySign(Math.hypot(alpha, largest * Math.sqrt(sum)), alpha);
        for (int i = at + 1; i < x.length; i++) x[i] /= alpha - beta;
        x[at] = beta;
        return (beta - alpha) / beta;
    }

    /** {@code c := H c} for the product H of a panel's reflections, or its transpose. */
    private void reflect(int at, int width, boolean transposed, Matrix c) {
        Matrix vectors = vectors(at, width), w = products.block(0, 0, PANEL, c.columns());
        triangle(at, width, vectors);
        Arrays.fill(products.a(), 0);
        Arrays.fill(turned.a(), 0);
        blocks.add(vectors.transposed(), c, w);
        Matrix minus = turned.block(0, 0, PANEL, c.columns());
        blocks.add(transposed ? t.transposed() : t, w, minus);
        blocks.add(vectors, minus, c);
    }

    private Matrix vectors(int at, int width) {
        for (int i = 0, m = a.rows() - at; i < m; i++)
            for (int j = 0; j < PANEL; j++) v.set(i, j, j >= width || i < j ? 0 : i == j ? 1 : a.at(at + i, at + j));
        return v.block(0, 0, a.rows() - at, PANEL);
    }

    /** -T, from the last column's top: T's column j is {@code -tau T (V^T v)}, above tau. */
    private void triangle(int at, int width, Matrix vectors) {
        Arrays.fill(gram.a(), 0);
        Arrays.fill(t.a(), 0);
        blocks.add(vectors.transposed(), vectors, gram);
        for (int j = 0; j < width; j++) {
            double tau = taus[at + j];
            t.set(j, j, -tau);
            for (int i = 0; i < j; i++) {
                double sum = 0;
                for (int p = i; p < j; p++) sum += t.at(i, p) * gram.at(p, j);
                t.set(i, j, -tau * sum);
            }
        }
    }
}
