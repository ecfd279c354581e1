// Hot: plain loops, no allocation.
package javelin.compiler.library;

import javelin.compiler.emit.GemmKernels;
import javelin.core.type.DType;

/**
 * A matrix with contiguous rows times a vector: one dot product per row, in {@link GemmKernels#LANES} partial sums that
 * vectors of every width hold alike. In terms of the normalized spec a (1 x k) is the vector and the rows are B's
 * columns.
 */
final class DotGemm implements Gemm {
    private static final int LANES = GemmKernels.LANES;
    private static final int STEPS_PER_GRAIN = 1 << 16;

    private final Spec spec, normalized;
    private final int together;
    private final GemmKernels.Dots several, one;

    DotGemm(Spec spec, int vectorBits) {
        this.spec = spec;
        this.normalized = spec.normalized();
        int vectors = LANES * spec.dtype().bytes() * 8 / vectorBits;
        // eight chains of multiply-adds keep both units busy
        this.together = Math.min(Math.max(1, 8 / vectors), normalized.n());
        this.several = GemmKernels.dots(spec.dtype(), vectorBits, together, spec.isWorthWarmUp());
        this.one = together == 1 || normalized.n() % together == 0 ? several
            : GemmKernels.dots(spec.dtype(), vectorBits, 1, spec.isWorthWarmUp());
    }

    @Override public Spec spec() { return spec; }

    @Override public long scratchBytes() { return 0; }

    @Override public int panels() { return 0; }

    @Override public int rowGrain() {
        return spec.swaps() ? Math.max(1, STEPS_PER_GRAIN / spec.k() / together) * together : 1;
    }

    @Override public void pack(Object b, int bo, Scratch scratch, int fromPanel, int toPanel) { }

    @Override public void rows(Object a, int ao, Object b, int bo, Object c, int co, int fromRow, int toRow,
                               Scratch scratch) {
        if (spec.swaps()) dots(b, bo, a, ao, c, co, fromRow, toRow);
        else if (fromRow < toRow) dots(a, ao, b, bo, c, co, 0, normalized.n());
    }

    private void dots(Object x, int xo, Object matrix, int mo, Object c, int co, int from, int to) {
        int k = spec.k(), whole = k / LANES * LANES, stride = normalized.bColumn();
        Object sums = Edge.tile(spec.dtype());
        for (int j = from; j < to;) {
            boolean several = j + together <= to;
            if (several) this.several.run(matrix, mo + j * stride, stride, x, xo, sums, whole);
            else if (one != this.several) one.run(matrix, mo + j * stride, stride, x, xo, sums, whole);
            else { plain(normalized, x, xo, matrix, mo, c, co, j, to); return; }
            for (int r = several ? together : 1, s = 0; r > 0; r--, j++, s += LANES) {
                finish(spec.dtype(), sums, s, matrix, mo + j * stride + whole, x, xo + whole, k - whole, c, co + j);
            }
        }
    }

    /** Dot products {@code from} to {@code to} without vectors. */
    static void plain(Spec normalized, Object x, int xo, Object matrix, int mo, Object c, int co, int from, int to) {
        int k = normalized.k(), whole = k / LANES * LANES, stride = normalized.bColumn();
        DType dtype = normalized.dtype();
        Object sums = Edge.tile(dtype);
        for (int j = from; j < to; j++) {
            int row = mo + j * stride;
            if (dtype == DType.F64) lanes((double[]) matrix, row, (double[]) x, xo, (double[]) sums, whole);
            else lanes((float[]) matrix, row, (float[]) x, xo, (float[]) sums, whole);
            finish(dtype, sums, 0, matrix, row + whole, x, xo + whole, k - whole, c, co + j);
        }
    }

    /** The last, incomplete round of lanes and the tree: lane l takes lane l + 16, then + 8, + 4, + 2, + 1. */
    private static void finish(DType dtype, Object sums, int s, Object a, int ao, Object x, int xo, int rest,
                               Object c, int at) {
        if (dtype == DType.F64) {
            ((double[]) c)[at] = finish((double[]) sums, s, (double[]) a, ao, (double[]) x, xo, rest);
        } else {
            ((float[]) c)[at] = finish((float[]) sums, s, (float[]) a, ao, (float[]) x, xo, rest);
        }
    }

    private static void lanes(float[] a, int ao, float[] x, int xo, float[] sums, int k) {
        for (int l = 0; l < LANES; l += 4) {
            float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (int p = l; p < k; p += LANES) {
                s0 = Math.fma(a[ao + p], x[xo + p], s0);
                s1 = Math.fma(a[ao + p + 1], x[xo + p + 1], s1);
                s2 = Math.fma(a[ao + p + 2], x[xo + p + 2], s2);
                s3 = Math.fma(a[ao + p + 3], x[xo + p + 3], s3);
            }
            sums[l] = s0;
            sums[l + 1] = s1;
            sums[l + 2] = s2;
            sums[l + 3] = s3;
        }
    }

    private static float finish(float[] sums, int s, float[] a, int ao, float[] x, int xo, int rest) {
        for (int l = 0; l < rest; l++) sums[s + l] = Math.fma(a[ao + l], x[xo + l], sums[s + l]);
        for (int half = LANES / 2; half > 0; half /= 2) for (int l = s; l < s + half; l++) sums[l] += sums[l + half];
        return sums[s];
    }

    private static void lanes(double[] a, int ao, double[] x, int xo, double[] sums, int k) {
        for (int l = 0; l < LANES; l += 4) {
            double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (int p = l; p < k; p += LANES) {
                s0 = Math.fma(a[ao + p], x[xo + p], s0);
                s1 = Math.fma(a[ao + p + 1], x[xo + p + 1], s1);
                s2 = Math.fma(a[ao + p + 2], x[xo + p + 2], s2);
                s3 = Math.fma(a[ao + p + 3], x[xo + p + 3], s3);
            }
            sums[l] = s0;
            sums[l + 1] = s1;
            sums[l + 2] = s2;
            sums[l + 3] = s3;
        }
    }

    private static double finish(double[] sums, int s, double[] a, int ao, double[] x, int xo, int rest) {
        for (int l = 0; l < rest; l++) sums[s + l] = Math.fma(a[ao + l], x[xo + l], sums[s + l]);
        for (int half = LANES / 2; half > 0; half /= 2) for (int l = s; l < s + half; l++) sums[l] += sums[l + half];
        return sums[s];
    }
}
