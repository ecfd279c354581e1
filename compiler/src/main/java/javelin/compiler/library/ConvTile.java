// Hot: plain loops, no allocation.
package javelin.compiler.library;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import javelin.compiler.emit.GemmKernels;
import javelin.compiler.emit.GemmKernels.Left;
import javelin.compiler.emit.PanelMemory;
import javelin.core.type.DType;

/**
 * The tile a convolution is computed by, and the panels it reads: {@code columns} numbers for every step, in native
 * memory, 0 beyond the last one.
 */
record ConvTile(DType dtype, int rows, int columns, GemmKernels.Tile kernel) {
    private static final int PLAIN_ROWS = 4, PLAIN_COLUMNS = 16;

    /** For {@code m} rows, at most as many at a time, and the shape's columns; without vectors if there are none. */
    static ConvTile of(ConvShape shape, int m, int vectorBits, Left left) {
        DType dtype = shape.dtype();
        int lanes = Math.max(1, vectorBits / 8 / dtype.bytes());
        if (lanes < 2) {
            int rows = Math.min(m, PLAIN_ROWS);
            return new ConvTile(dtype, rows, PLAIN_COLUMNS, plain(dtype, rows, left == Left.BY_ROWS));
        }
        var size = TiledGemm.tile(m, shape.outputs(), TiledGemm.MOST_VECTORS, vectorBits, lanes);
        return new ConvTile(dtype, size.rows(), size.vectors() * lanes,
                GemmKernels.tile(dtype, vectorBits, size.rows(), size.vectors(), left, true, shape.isWorthWarmUp()));
    }

    int panels(int n) { return Math.ceilDiv(n, columns); }

    long stepBytes() { return (long) columns * dtype.bytes(); }

    /** One step of a panel: {@code count} numbers from {@code b[from]} on. */
    void fill(Object b, int from, int count, long address) {
        if (b instanceof float[] f32)
            MemorySegment.copy(f32, from, PanelMemory.ALL, ValueLayout.JAVA_FLOAT, address, count);
        else MemorySegment.copy((double[]) b, from, PanelMemory.ALL, ValueLayout.JAVA_DOUBLE, address, count);
    }

    /** The same numbers as the generated kernels: a sum that starts at 0, one fused multiply-add a step, then d. */
    private static GemmKernels.Tile plain(DType dtype, int rows, boolean byRows) {
        return (a, ao, aStride, _, b0, _, d, d0, dRow, c, co, cRow, k) -> {
            int row = byRows ? aStride : 1, step = byRows ? 1 : aStride;
            for (int r = 0; r < rows; r++)
                for (int j = 0; j < PLAIN_COLUMNS; j++) {
                    int from = ao + r * row, before = d0 + r * dRow + j, to = co + r * cRow + j;
                    long b = b0 + (long) j * dtype.bytes();
                    if (a instanceof float[] f32)
                        ((float[]) c)[to] = sum(f32, from, step, b, k) + ((float[]) d)[before];
                    else ((double[]) c)[to] = sum((double[]) a, from, step, b, k) + ((double[]) d)[before];
                }
        };
    }

    private static float sum(float[] a, int from, int step, long b, int k) {
        float sum = 0;
        for (int p = 0; p < k; p++, from += step, b += PLAIN_COLUMNS * Float.BYTES)
            sum = Math.fma(a[from], PanelMemory.ALL.get(ValueLayout.JAVA_FLOAT, b), sum);
        return sum;
    }

    private static double sum(double[] a, int from, int step, long b, int k) {
        double sum = 0;
        for (int p = 0; p < k; p++, from += step, b += PLAIN_COLUMNS * Double.BYTES)
            sum = Math.fma(a[from], PanelMemory.ALL.get(ValueLayout.JAVA_DOUBLE, b), sum);
        return sum;
    }
}
