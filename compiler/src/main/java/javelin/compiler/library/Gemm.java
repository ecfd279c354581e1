package javelin.compiler.library;

import java.util.concurrent.ConcurrentHashMap;
import javelin.compiler.schedule.Machine;
import javelin.core.type.DType;

/**
 * {@code C = A B} for one shape, one element type and one way A and B lie in their arrays. Immutable; threads may share
 * one.
 *
 * <p><b>Bits.</b> The order of the additions follows from the {@link Spec} alone. {@code C(i,j)} is the sum, in order,
 * of one partial sum per block of {@link Spec#blockLength()} steps; a partial sum starts at 0 and takes its steps in
 * order with one fused multiply-add each. Long dot products ({@link Spec#inLanes()}) are 32 such sums, of every 32nd
 * step, added in a tree. Neither vectors, nor threads, nor how rows are split make a difference.
 *
 * <p><b>Calls.</b> {@link #run} does it all. To share the work: {@link #pack} once (or its parts, by several threads),
 * then {@link #rows} for disjoint ranges, from any threads, with the same scratch.
 */
public sealed interface Gemm permits PlainGemm, DotGemm, TiledGemm {
    /**
     * What a product is: {@code A(i,p) = a[ao + i * aRow + p * aColumn]}, {@code B(p,j) = b[bo + p * bRow + j *
     * bColumn]}, {@code C(i,j) = c[co + i * n + j]}.
     *
     * @param dtype f32 or f64
     * @param m     rows of A and C
     * @param n     columns of B and C
     * @param k     columns of A, rows of B
     */
    record Spec(DType dtype, int m, int n, int k, int aRow, int aColumn, int bRow, int bColumn) {
        // A packed panel of 64 f32 columns is 256 KB at most: it stays in L2. Longer blocks write C less often.
        private static final int LONGEST_BLOCK = 1024;
        // Up to here vectors gain less than the JVM needs to compile their kernels.
        private static final int SMALL = 4096;
        private static final int WORTH_WARM_UP = 32 << 10;
        private static final int SHORTEST_IN_LANES = 64;

        public Spec {
            if (dtype != DType.F32 && dtype != DType.F64)
                throw new IllegalArgumentException("a matrix product of " + dtype + ": only f32 and f64 have one here");
            if (m < 0 || n < 0 || k < 0)
                throw new IllegalArgumentException("a matrix product of negative size: " + m + "x" + n + "x" + k);
        }

        /** Steps summed before the sum is added to C. A single row is one block. */
        public int blockLength() {
            if (Math.min(m, n) <= 1 || k <= LONGEST_BLOCK) return Math.max(k, 1);
            int blocks = (k + LONGEST_BLOCK - 1) / LONGEST_BLOCK;
            return (k + blocks - 1) / blocks;
        }

        /** Multiply-adds. */
        long steps() { return (long) m * n * k; }

        boolean isSmall() { return steps() <= SMALL; }

        /** Whether kernels should be compiled before the first call and not by the calls. */
        boolean isWorthWarmUp() { return steps() >= WORTH_WARM_UP; }

        /** A matrix with contiguous rows times a vector, or a vector times a matrix with contiguous columns. */
        public boolean inLanes() {
            boolean dots = n == 1 && aColumn == 1 && bRow == 1 || m == 1 && bRow == 1 && aColumn == 1;
            return dots && k >= SHORTEST_IN_LANES && !isSmall();
        }

        /**
         * The same numbers in the same order with m = 1 if n was 1 (a product and its transpose lie alike then), and
         * with stride 1 wherever a stride is never taken.
         */
        Spec normalized() {
            if (n == 1 && m > 1) return new Spec(dtype, 1, m, k, 1, bRow, aColumn, aRow).normalized();
            return new Spec(dtype, m, n, k, m <= 1 ? 1 : aRow, k <= 1 ? 1 : aColumn,
                k <= 1 ? 1 : bRow, n <= 1 ? 1 : bColumn);
        }

        /** Whether {@link #normalized()} turned rows of C into columns. */
        boolean swaps() { return n == 1 && m > 1; }
    }

    /** The product for {@code spec}, the fastest way known for {@code machine}; the first one of a kind takes time. */
    static Gemm of(Spec spec, Machine machine) {
        record Key(Spec spec, int vectorBits) { }
        final class Cache {
            static final ConcurrentHashMap<Key, Gemm> PRODUCTS = new ConcurrentHashMap<>();
        }
        return Cache.PRODUCTS.computeIfAbsent(new Key(spec, machine.vectorBits()), key -> make(spec, machine));
    }

    private static Gemm make(Spec spec, Machine machine) {
        int lanes = machine.lanes(spec.dtype().bytes());
        if (lanes < 2 || spec.isSmall()) return new PlainGemm(spec);
        if (spec.inLanes()) return new DotGemm(spec, machine.vectorBits());
        return TiledGemm.fits(spec, lanes) ? new TiledGemm(spec, machine.vectorBits()) : new PlainGemm(spec);
    }

    Spec spec();

    /** Bytes of scratch a caller needs; may be 0. A scratch of at least as many will do, whatever it was made for. */
    long scratchBytes();

    /** Parts B is packed in; may be 0. */
    int panels();

    /** The multiple at which rows may best be split between threads. Any split is right. */
    int rowGrain();

    /** Packs panels {@code fromPanel} to {@code toPanel} of B; different panels may be packed at the same time. */
    void pack(Object b, int bo, Scratch scratch, int fromPanel, int toPanel);

    /** Rows {@code fromRow} to {@code toRow} of C, overwritten, once B is packed. */
    void rows(Object a, int ao, Object b, int bo, Object c, int co, int fromRow, int toRow, Scratch scratch);

    default void pack(Object b, int bo, Scratch scratch) { pack(b, bo, scratch, 0, panels()); }

    default void run(Object a, int ao, Object b, int bo, Object c, int co, Scratch scratch) {
        pack(b, bo, scratch);
        rows(a, ao, b, bo, c, co, 0, spec().m(), scratch);
    }

    default Scratch newScratch() { return Scratch.of(scratchBytes()); }
}
