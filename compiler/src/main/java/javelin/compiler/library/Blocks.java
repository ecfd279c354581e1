// Hot: plain loops and tiles of products, no allocation of numbers.
package javelin.compiler.library;

import javelin.compiler.emit.GemmKernels;
import javelin.compiler.emit.GemmKernels.Left;
import javelin.compiler.schedule.Machine;
import javelin.core.linalg.Matrix;
import javelin.core.type.DType;

/**
 * What algorithms on large matrices are made of: products added to a part of a matrix in place, and triangular systems
 * of a few rows. For one thread. All but the results' part of the work is in these products (Golub and Van Loan,
 * chapter 3.2.10).
 */
final class Blocks {
    /** Columns done by themselves before what follows from them is done to the others. */
    static final int PANEL = 32;
    /** Below it, panels gain nothing. */
    static final int SMALLEST = 48;
    // a divisor of PANEL: no tile reaches from one block of rows into the next
    private static final int ROWS = 4;
    private static final int WORTH_WARM_UP = 128;

    private final int width;                                             // columns of a tile
    private final GemmKernels.Tile byRows, byColumns;
    private final Matrix minus;
    private final double[][] rows;
    private double[] packed = {};

    /** @param columns the most columns {@link #solve} is asked for */
    Blocks(int size, int columns, Machine machine) {
        int lanes = machine.lanes(Double.BYTES), vectors = machine.vectorBits() == 512 ? 4 : 2;
        boolean warm = size >= WORTH_WARM_UP;
        width = lanes < 2 ? PANEL : lanes * vectors;
        byRows = lanes < 2 ? plain(Left.BY_ROWS)
                : GemmKernels.tile(DType.F64, machine.vectorBits(), ROWS, vectors, Left.BY_ROWS, false, warm);
        byColumns = lanes < 2 ? plain(Left.BY_COLUMNS)
                : GemmKernels.tile(DType.F64, machine.vectorBits(), ROWS, vectors, Left.BY_COLUMNS, false, warm);
        minus = room(PANEL, columns);
        rows = new double[PANEL][columns];
    }

    private static GemmKernels.Tile plain(Left left) {
        return (a, ao, aStride, b, b0, bStride, _, _, _, c, co, cRow, k) -> {
            double[] x = (double[]) a, y = (double[]) b, z = (double[]) c;
            for (int r = 0; r < ROWS; r++) for (int p = 0; p < k; p++) {
                double f = x[ao + (left == Left.BY_ROWS ? r * aStride + p : r + p * aStride)];
                for (int j = 0; j < PANEL; j++) z[co + r * cRow + j] += f * y[(int) b0 + p * bStride + j];
            }
        };
    }

    /**
     * Zeros with room around them: whole tiles from any row or column on may read and write past the end. Rows do not
     * begin at multiples of 4 KB, where they would push each other out of the cache.
     */
    static Matrix room(int rows, int columns) {
        int stride = (columns / PANEL + 2) * PANEL + 8;
        return new Matrix(new double[(rows + ROWS) * stride], 0, rows, columns, stride, 1);
    }

    /** Takes over rows of as many elements. */
    static void copy(Matrix from, Matrix to) {
        for (int i = 0; i < from.rows(); i++)
            System.arraycopy(from.a(), from.from() + i * from.down(), to.a(), to.from() + i * to.down(),
                    from.columns());
    }

    /** Columns at..at+width-1 from row {@code at} down, each into an array, at the same places. */
    static void load(Matrix a, int at, int width, double[][] columns) {
        for (int i = at; i < a.rows(); i++) for (int j = 0; j < width; j++) columns[j][i] = a.at(i, at + j);
    }

    /** The way back. */
    static void store(double[][] columns, Matrix a, int at, int width) {
        for (int i = at; i < a.rows(); i++) for (int j = 0; j < width; j++) a.set(i, at + j, columns[j][i]);
    }

    /** {@code c += x b}; b and c have their rows in one piece, x its rows or columns. What is around c is lost. */
    void add(Matrix x, Matrix b, Matrix c) {
        boolean byRow = x.right() == 1;
        GemmKernels.Tile tile = byRow ? byRows : byColumns;
        int stride = byRow ? x.down() : x.right(), k = x.columns();
        boolean packs = k > PANEL;
        for (int j = 0; j < c.columns(); j += width) {
            if (packs) pack(b, j);
            for (int i = 0; i < c.rows(); i += ROWS) {
                int to = c.from() + i * c.down() + j;
                tile.run(x.a(), x.from() + i * x.down(), stride, packs ? packed : b.a(), packs ? 0 : b.from() + j,
                        packs ? width : b.down(), c.a(), to, c.down(), c.a(), to, c.down(), k);
            }
        }
    }

    /** Columns j..j+width-1 in one piece: as they lie, every row is in another page. */
    private void pack(Matrix b, int j) {
        if (packed.length < b.rows() * width) packed = new double[b.rows() * width];
        for (int p = 0; p < b.rows(); p++)
            System.arraycopy(b.a(), b.from() + p * b.down() + j, packed, p * width, width);
    }

    /** {@code x := t^-1 x} for a triangular t, of which one triangle is read, or as if its diagonal were 1. */
    void solveAll(Matrix t, boolean lower, boolean unit, Matrix x) {
        int n = t.rows(), last = (n - 1) / PANEL * PANEL;
        for (int step = 0; step < n; step += PANEL) {
            int at = lower ? step : last - step, width = Math.min(PANEL, n - at);
            Matrix known = solve(t.block(at, at, width, width), lower, unit, x.block(at, 0, width, x.columns()));
            int from = lower ? at + width : 0, count = lower ? n - from : at;
            add(t.block(from, at, count, width), known, x.block(from, 0, count, x.columns()));
        }
    }

    /** As {@link #solveAll} for at most {@link #PANEL} rows; gives {@code -x}, until the next call. */
    Matrix solve(Matrix t, boolean lower, boolean unit, Matrix x) {
        int n = x.columns();
        for (int step = 0; step < t.rows(); step++) {
            int i = lower ? step : t.rows() - 1 - step, at = x.from() + i * x.down();
            double[] row = rows[i];
            System.arraycopy(x.a(), at, row, 0, n);
            for (int p = lower ? 0 : i + 1, end = lower ? i : t.rows(); p < end; p++)
                add(-t.at(i, p), rows[p], row, 0, n);
            if (!unit) divide(row, t.at(i, i), n);
            System.arraycopy(row, 0, x.a(), at, n);
            for (int j = 0; j < n; j++) row[j] = -row[j];
            System.arraycopy(row, 0, minus.a(), i * minus.down(), n);
            for (int j = 0; j < n; j++) row[j] = -row[j];
        }
        return minus.block(0, 0, t.rows(), n);
    }

    private static void divide(double[] row, double by, int n) { for (int j = 0; j < n; j++) row[j] /= by; }

    /** {@code y[from..to-1] += f x[from..to-1]}: in different arrays at the same places, which C2 does in vectors. */
    static void add(double f, double[] x, double[] y, int from, int to) {
        for (int i = from; i < to; i++) y[i] += f * x[i];
    }

    /** The sum of {@code x[xo + i] y[yo + i]} for i below {@code n}, of eight sums side by side. */
    static double dot(double[] x, int xo, double[] y, int yo, int n) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        int i = 0;
        for (; i + 8 <= n; i += 8) {
            s0 += x[xo + i] * y[yo + i];
            s1 += x[xo + i + 1] * y[yo + i + 1];
            s2 += x[xo + i + 2] * y[yo + i + 2];
            s3 += x[xo + i + 3] * y[yo + i + 3];
            s4 += x[xo + i + 4] * y[yo + i + 4];
            s5 += x[xo + i + 5] * y[yo + i + 5];
            s6 += x[xo + i + 6] * y[yo + i + 6];
            s7 += x[xo + i + 7] * y[yo + i + 7];
        }
        for (; i < n; i++) s0 += x[xo + i] * y[yo + i];
        return s0 + s4 + (s1 + s5) + (s2 + s6 + (s3 + s7));
    }
}
