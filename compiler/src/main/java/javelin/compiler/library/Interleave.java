// Hot: plain loops, no allocation.
package javelin.compiler.library;

import javelin.compiler.emit.GemmKernels;

/** Packs rows of a matrix for a tile that reads them step by step. */
final class Interleave {
    private Interleave() { }

    /** {@code to[at + p * slots(rows) + r] = a[from + r * aRow + p * aColumn]} for {@code steps} p. */
    static void rows(float[] a, int from, int aRow, int aColumn, float[] to, int at, int rows, int steps) {
        if (rows != 6) {
            int slots = GemmKernels.slots(rows);
            for (int r = 0; r < rows; r++) {
                for (int p = 0; p < steps; p++) to[at + p * slots + r] = a[from + r * aRow + p * aColumn];
            }
            return;
        }
        int r1 = from + aRow, r2 = r1 + aRow, r3 = r2 + aRow, r4 = r3 + aRow, r5 = r4 + aRow;
        for (int p = 0, x = 0; p < steps; p++, x += aColumn) {
            int t = at + 8 * p;
            to[t] = a[from + x];
            to[t + 1] = a[r1 + x];
            to[t + 2] = a[r2 + x];
            to[t + 3] = a[r3 + x];
            to[t + 4] = a[r4 + x];
            to[t + 5] = a[r5 + x];
        }
    }

    /** {@code to[at + p * slots(rows) + r] = a[from + r * aRow + p * aColumn]} for {@code steps} p. */
    static void rows(double[] a, int from, int aRow, int aColumn, double[] to, int at, int rows, int steps) {
        if (rows != 6) {
            int slots = GemmKernels.slots(rows);
            for (int r = 0; r < rows; r++) {
                for (int p = 0; p < steps; p++) to[at + p * slots + r] = a[from + r * aRow + p * aColumn];
            }
            return;
        }
        int r1 = from + aRow, r2 = r1 + aRow, r3 = r2 + aRow, r4 = r3 + aRow, r5 = r4 + aRow;
        for (int p = 0, x = 0; p < steps; p++, x += aColumn) {
            int t = at + 8 * p;
            to[t] = a[from + x];
            to[t + 1] = a[r1 + x];
            to[t + 2] = a[r2 + x];
            to[t + 3] = a[r3 + x];
            to[t + 4] = a[r4 + x];
            to[t + 5] = a[r5 + x];
        }
    }
}
