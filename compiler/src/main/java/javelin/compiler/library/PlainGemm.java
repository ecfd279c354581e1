// Hot: plain loops, no allocation.
package javelin.compiler.library;

import javelin.core.type.DType;

/**
 * A product without vectors: for machines that have none and for sizes at which compiling a kernel costs more than it
 * saves. Eight columns at a time, each with its own chain of multiply-adds.
 */
record PlainGemm(Spec spec) implements Gemm {
    private static final int COLUMNS = 8;

    @Override public long scratchBytes() { return 0; }

    @Override public int panels() { return 0; }

    @Override public int rowGrain() { return 1; }

    @Override public void pack(Object b, int bo, Scratch scratch, int fromPanel, int toPanel) { }

    @Override public void rows(Object a, int ao, Object b, int bo, Object c, int co, int fromRow, int toRow,
                               Scratch scratch) {
        if (spec.inLanes()) {
            Spec s = spec.normalized();
            if (spec.swaps()) DotGemm.plain(s, b, bo, a, ao, c, co, fromRow, toRow);
            else if (fromRow < toRow) DotGemm.plain(s, a, ao, b, bo, c, co, 0, s.n());
        } else if (spec.dtype() == DType.F64) {
            f64((double[]) a, ao, (double[]) b, bo, (double[]) c, co, fromRow, toRow);
        } else {
            f32((float[]) a, ao, (float[]) b, bo, (float[]) c, co, fromRow, toRow);
        }
    }

    private void f32(float[] a, int ao, float[] b, int bo, float[] c, int co, int fromRow, int toRow) {
        int n = spec.n(), k = spec.k(), block = spec.blockLength();
        int aRow = spec.aRow(), aColumn = spec.aColumn(), bRow = spec.bRow(), bColumn = spec.bColumn();
        for (int p0 = 0; p0 == 0 || p0 < k; p0 += block) {
            int steps = Math.min(block, k - p0);
            for (int i = fromRow; i < toRow; i++) {
                int x = ao + i * aRow + p0 * aColumn, y = bo + p0 * bRow, z = co + i * n, j = 0;
                for (; j + COLUMNS <= n; j += COLUMNS, y += COLUMNS * bColumn, z += COLUMNS) {
                    eightF32(a, x, aColumn, b, y, bRow, bColumn, steps, c, z, p0 > 0);
                }
                for (; j < n; j++, y += bColumn, z++) {
                    float sum = 0;
                    for (int p = 0, u = x, v = y; p < steps; p++, u += aColumn, v += bRow) {
                        sum = Math.fma(a[u], b[v], sum);
                    }
                    c[z] = p0 > 0 ? c[z] + sum : sum;
                }
            }
        }
    }

    private static void eightF32(float[] a, int x, int aColumn, float[] b, int y, int bRow, int bColumn, int steps,
                                 float[] c, int z, boolean add) {
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        for (int p = 0; p < steps; p++, x += aColumn, y += bRow) {
            float u = a[x];
            s0 = Math.fma(u, b[y], s0);
            s1 = Math.fma(u, b[y + bColumn], s1);
            s2 = Math.fma(u, b[y + 2 * bColumn], s2);
            s3 = Math.fma(u, b[y + 3 * bColumn], s3);
            s4 = Math.fma(u, b[y + 4 * bColumn], s4);
            s5 = Math.fma(u, b[y + 5 * bColumn], s5);
            s6 = Math.fma(u, b[y + 6 * bColumn], s6);
            s7 = Math.fma(u, b[y + 7 * bColumn], s7);
        }
        if (add) {
            s0 = c[z] + s0;
            s1 = c[z + 1] + s1;
            s2 = c[z + 2] + s2;
            s3 = c[z + 3] + s3;
            s4 = c[z + 4] + s4;
            s5 = c[z + 5] + s5;
            s6 = c[z + 6] + s6;
            s7 = c[z + 7] + s7;
        }
        c[z] = s0;
        c[z + 1] = s1;
        c[z + 2] = s2;
        c[z + 3] = s3;
        c[z + 4] = s4;
        c[z + 5] = s5;
        c[z + 6] = s6;
        c[z + 7] = s7;
    }

    private void f64(double[] a, int ao, double[] b, int bo, double[] c, int co, int fromRow, int toRow) {
        int n = spec.n(), k = spec.k(), block = spec.blockLength();
        int aRow = spec.aRow(), aColumn = spec.aColumn(), bRow = spec.bRow(), bColumn = spec.bColumn();
        for (int p0 = 0; p0 == 0 || p0 < k; p0 += block) {
            int steps = Math.min(block, k - p0);
            for (int i = fromRow; i < toRow; i++) {
                int x = ao + i * aRow + p0 * aColumn, y = bo + p0 * bRow, z = co + i * n, j = 0;
                for (; j + COLUMNS <= n; j += COLUMNS, y += COLUMNS * bColumn, z += COLUMNS) {
                    eightF64(a, x, aColumn, b, y, bRow, bColumn, steps, c, z, p0 > 0);
                }
                for (; j < n; j++, y += bColumn, z++) {
                    double sum = 0;
                    for (int p = 0, u = x, v = y; p < steps; p++, u += aColumn, v += bRow) {
                        sum = Math.fma(a[u], b[v], sum);
                    }
                    c[z] = p0 > 0 ? c[z] + sum : sum;
                }
            }
        }
    }

    private static void eightF64(double[] a, int x, int aColumn, double[] b, int y, int bRow, int bColumn, int steps,
                                 double[] c, int z, boolean add) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        for (int p = 0; p < steps; p++, x += aColumn, y += bRow) {
            double u = a[x];
            s0 = Math.fma(u, b[y], s0);
            s1 = Math.fma(u, b[y + bColumn], s1);
            s2 = Math.fma(u, b[y + 2 * bColumn], s2);
            s3 = Math.fma(u, b[y + 3 * bColumn], s3);
            s4 = Math.fma(u, b[y + 4 * bColumn], s4);
            s5 = Math.fma(u, b[y + 5 * bColumn], s5);
            s6 = Math.fma(u, b[y + 6 * bColumn], s6);
            s7 = Math.fma(u, b[y + 7 * bColumn], s7);
        }
        if (add) {
            s0 = c[z] + s0;
            s1 = c[z + 1] + s1;
            s2 = c[z + 2] + s2;
            s3 = c[z + 3] + s3;
            s4 = c[z + 4] + s4;
            s5 = c[z + 5] + s5;
            s6 = c[z + 6] + s6;
            s7 = c[z + 7] + s7;
        }
        c[z] = s0;
        c[z + 1] = s1;
        c[z + 2] = s2;
        c[z + 3] = s3;
        c[z + 4] = s4;
        c[z + 5] = s5;
        c[z + 6] = s6;
        c[z + 7] = s7;
    }
}
