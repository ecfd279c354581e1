package javelin.compiler.library;

import java.util.Arrays;
import javelin.compiler.emit.GemmKernels;
import javelin.core.type.DType;

/**
 * Small arrays products work with: a thread's tile, where a kernel puts what must not go to C as a whole, and what is
 * added to a sum that has nothing before it.
 */
final class Edge {
    /** Elements of the largest tile: 24 vectors of 16. */
    static final int TILE = 24 * 16;

    // x + -0.0 is x for every x; x + 0.0 is not (-0.0)
    private static final float[] NOTHING_F32 = new float[TILE];
    private static final double[] NOTHING_F64 = new double[TILE];

    static {
        Arrays.fill(NOTHING_F32, -0f);
        Arrays.fill(NOTHING_F64, -0d);
    }

    private static final ThreadLocal<float[]> TILE_F32 = ThreadLocal.withInitial(() -> new float[TILE]);
    private static final ThreadLocal<double[]> TILE_F64 = ThreadLocal.withInitial(() -> new double[TILE]);

    /**
     * What {@link TiledGemm} works through at a time: rows of A of so many bytes, a quarter of them gaps (with a panel
     * of B of 256 KB they fit the 1 MB second-level caches of server cores; a third and a sixth were 5% and 20%
     * slower), and the largest tile's rows.
     */
    static final int ROWS_BYTES = 512 << 10, MOST_STEPS = 1024, MOST_ROWS = 6;

    /**
     * How long the last block of rows may be, in percent of the others: a few rows alone would read all of B again
     * (128 rows of 784 steps in one block and not in 120 and 8: +10%).
     */
    static final int MOST_PERCENT = 125;

    private static final ThreadLocal<float[]> ROWS_F32 = ThreadLocal.withInitial(() -> new float[elements(DType.F32)]);
    private static final ThreadLocal<double[]> ROWS_F64 =
        ThreadLocal.withInitial(() -> new double[elements(DType.F64)]);

    private static int elements(DType dtype) {
        return ROWS_BYTES / dtype.bytes() * MOST_PERCENT / 100 + 2 * GemmKernels.slots(MOST_ROWS) * MOST_STEPS;
    }

    private Edge() { }

    /** The calling thread's packed rows of A. */
    static Object rows(DType dtype) { return dtype == DType.F64 ? ROWS_F64.get() : ROWS_F32.get(); }

    static Object nothing(DType dtype) { return dtype == DType.F64 ? NOTHING_F64 : NOTHING_F32; }

    /** The calling thread's tile. */
    static Object tile(DType dtype) { return dtype == DType.F64 ? TILE_F64.get() : TILE_F32.get(); }

    /** {@code c = tile} or {@code c += tile} for {@code rows} by {@code columns} elements of both. */
    static void store(Object tile, int from, int tileRow, Object c, int to, int cRow, int rows, int columns,
                      boolean add) {
        for (int r = 0; r < rows; r++, from += tileRow, to += cRow) {
            if (!add) System.arraycopy(tile, from, c, to, columns);
            else if (c instanceof double[] sums) add((double[]) tile, from, sums, to, columns);
            else add((float[]) tile, from, (float[]) c, to, columns);
        }
    }

    private static void add(float[] x, int from, float[] y, int to, int count) {
        for (int i = 0; i < count; i++) y[to + i] += x[from + i];
    }

    private static void add(double[] x, int from, double[] y, int to, int count) {
        for (int i = 0; i < count; i++) y[to + i] += x[from + i];
    }
}
