// Hot: plain loops, no allocation.
package javelin.compiler.library;

import java.lang.ref.Reference;
import javelin.compiler.emit.GemmKernels;
import javelin.compiler.emit.GemmKernels.Left;
import javelin.core.type.DType;

/**
 * A product by vector tiles that keep a piece of C in registers. B is packed into panels as wide as a tile, unless A
 * has so few rows that each element of B is used a few times only. A is read where it lies or, if the tiles read it
 * often or it lies badly, interleaved a block at a time. Rows and columns at the edges are covered by tiles that
 * overlap their neighbours, so one kernel does a whole product.
 */
final class TiledGemm implements Gemm {
    // Six row offsets, the arrays and the counters are all the general registers there are.
    private static final int MOST_ROWS = Edge.MOST_ROWS, MOST_UNPACKED_VECTORS = 8;
    static final int MOST_VECTORS = 4;
    private static final int FEWEST_ROWS_PER_GRAIN = 24;
    // Measured against packed B (f32, one core): +40% at 12x128x128, +20% at 16x256x64, +11% at 16x512x128, -2% at
    // 16x512x512, -11% at 16x1024x256, -30% at 32x512x784.
    private static final int FEW_ROWS = 24, FEW_BYTES = 256 << 10, SHORT_ROW_BYTES = 2048;
    // Measured against A in place (f32, one core): +17% at 1024x1024x1024, +9% at 512x384x128, +1% at 256x256x256, -5%
    // at 128x128x128; transposed A +70% at 1024x1024x1024, +30% at 784x512x128, even at 512x256x128.
    private static final int FEWEST_COLUMNS_FOR_PACKED_ROWS = 256, FEWEST_COLUMNS_FOR_PACKED_COLUMNS = 96;

    private final Spec spec, normalized;
    private final int rows, slots, columns, block, rowBlock, mostRows, aStride;
    private final Left left;
    private final Panels panels;
    private final GemmKernels.Tile tile;
    private final Object nothing;

    TiledGemm(Spec spec, int vectorBits) {
        this.spec = spec;
        this.normalized = spec.normalized();
        DType dtype = spec.dtype();
        int lanes = vectorBits / 8 / dtype.bytes();
        boolean packed = !readsInPlace(normalized, lanes);
        int n = normalized.n(), most = packed ? MOST_VECTORS : Math.min(MOST_VECTORS, n / lanes);
        Size size = packed || normalized.m() > MOST_ROWS ? tile(normalized.m(), n, most, vectorBits, lanes)
            : tileInPlace(normalized, vectorBits, lanes);
        this.rows = size.rows();
        this.slots = GemmKernels.slots(rows);
        this.columns = size.vectors() * lanes;
        this.block = spec.blockLength();
        this.rowBlock = Math.max(1, Edge.ROWS_BYTES / dtype.bytes() / block / slots) * rows;
        this.mostRows = rowBlock * Edge.MOST_PERCENT / 100;
        this.left = packsRows(normalized, !packed) ? Left.PACKED
            : normalized.aColumn() == 1 ? Left.BY_ROWS : Left.BY_COLUMNS;
        this.aStride = left == Left.BY_ROWS ? normalized.aRow() : normalized.aColumn();
        this.panels = packed ? new Panels(normalized, block, size.vectors(), vectorBits) : Panels.NONE;
        this.tile = GemmKernels.tile(dtype, vectorBits, rows, size.vectors(), left, packed, spec.isWorthWarmUp());
        this.nothing = Edge.nothing(dtype);
    }

    /** Whether it can be done in tiles: a single row needs B by rows, and A in place a stride of 1. */
    static boolean fits(Spec spec, int lanes) {
        Spec s = spec.normalized();
        boolean inPlace = readsInPlace(s, lanes);
        return (s.m() > 1 || inPlace) && (s.aRow() == 1 || s.aColumn() == 1 || packsRows(s, inPlace));
    }

    private static boolean packsRows(Spec s, boolean inPlace) {
        int fewest = s.aColumn() == 1 ? FEWEST_COLUMNS_FOR_PACKED_ROWS : FEWEST_COLUMNS_FOR_PACKED_COLUMNS;
        return !inPlace && s.n() >= fewest;
    }

    private static boolean readsInPlace(Spec s, int lanes) {
        int bytes = s.dtype().bytes();
        boolean small = s.m() <= FEW_ROWS && (long) s.k() * s.n() * bytes <= FEW_BYTES
                && s.bRow() * bytes <= SHORT_ROW_BYTES;
        return (s.m() <= MOST_ROWS || small && (s.aRow() == 1 || s.aColumn() == 1)) && s.bColumn() == 1
                && s.n() >= lanes;
    }

    /** Rows and vectors of a tile. */
    record Size(int rows, int vectors) {
        boolean hasRegisters(int vectorBits) {
            int registers = vectorBits == 512 || System.getProperty("os.arch").equals("aarch64") ? 32 : 16;
            return rows * vectors + vectors + 1 <= registers;
        }

        /** Cycles for one step of all tiles: two multiply-adds a cycle, and what loading a row of B takes. */
        double cycles(int m, int n, int lanes) {
            double one = Math.max(4, rows * vectors / 2.0) + vectors + 0.5;
            return one * Math.ceilDiv(m, rows) * Math.ceilDiv(n, vectors * lanes);
        }
    }

    /** The tile that takes the fewest cycles for m rows, at most as many, and n columns. */
    static Size tile(int m, int n, int mostVectors, int vectorBits, int lanes) {
        Size best = null;
        for (int r = Math.min(MOST_ROWS, m); r >= 1; r--) for (int v = mostVectors; v >= 1; v--) {
            Size size = new Size(r, v);
            if (!size.hasRegisters(vectorBits)) continue;
            // the largest tile comes first and is shared by most products: another one must be worth its compilation
            double cycles = size.cycles(m, n, lanes);
            if (best == null || cycles < 0.94 * best.cycles(m, n, lanes)) best = size;
        }
        return best;
    }

    private static Size tileInPlace(Spec s, int vectorBits, int lanes) {
        int vectors = Math.min(MOST_UNPACKED_VECTORS, s.n() / lanes);
        while (!new Size(s.m(), vectors).hasRegisters(vectorBits)) vectors--;
        return new Size(s.m(), Integer.highestOneBit(vectors));
    }

    @Override public Spec spec() { return spec; }

    @Override public long scratchBytes() { return panels.bytes(); }

    @Override public int panels() { return panels.count(); }

    @Override public int rowGrain() {
        if (spec.swaps()) return columns;
        int eighth = Math.ceilDiv(spec.m(), 8 * rows) * rows;
        return Math.min(rowBlock, Math.max(eighth, Math.ceilDiv(FEWEST_ROWS_PER_GRAIN, rows) * rows));
    }

    @Override public void pack(Object b, int bo, Scratch scratch, int fromPanel, int toPanel) {
        panels.pack(b, bo, scratch.address(), fromPanel, toPanel);
        Reference.reachabilityFence(scratch);
    }

    @Override public void rows(Object a, int ao, Object b, int bo, Object c, int co, int fromRow, int toRow,
                               Scratch scratch) {
        if (fromRow >= toRow) return;
        if (spec.swaps()) product(b, bo, a, ao, c, co, 0, 1, fromRow, toRow, 0, false);
        else product(a, ao, b, bo, c, co, fromRow, toRow, 0, normalized.n(), scratch.address(), false);
        Reference.reachabilityFence(scratch);
    }

    @Override public void run(Object a, int ao, Object b, int bo, Object c, int co, Scratch scratch) {
        if (panels.count() > 0 && spec.m() <= mostRows) {
            // one block of rows: each panel is packed, used for all of them while it is in L2, and overwritten
            product(a, ao, b, bo, c, co, 0, spec.m(), 0, spec.n(), scratch.address(), true);
            Reference.reachabilityFence(scratch);
        } else {
            Gemm.super.run(a, ao, b, bo, c, co, scratch);
        }
    }

    private void product(Object a, int ao, Object b, int bo, Object c, int co, int i0, int i1, int j0, int j1,
                         long packed, boolean packing) {
        int k = normalized.k();
        for (int i = i0, end; i < i1; i = end) {
            end = i1 - i <= mostRows ? i1 : i + rowBlock;
            for (int p = 0; p == 0 || p < k; p += block) {
                int steps = Math.min(block, k - p), ap = ao + p * normalized.aColumn(), bp = bo + p * normalized.bRow();
                Object x = a;
                if (left == Left.PACKED) {
                    x = Edge.rows(spec.dtype());
                    packRows(a, ap, i, end, steps, x);
                    ap = 0;
                }
                for (int j = j0; j < j1; j += columns) {
                    if (packing) panels.packOne(b, bo, packed, p, j);
                    long b0 = panels.count() == 0 ? bp : packing ? packed : panels.address(packed, p, j);
                    column(x, ap, b, b0, c, co, i, end, j0, j, j1, p == 0, steps);
                }
            }
        }
    }

    /**
     * Rows i0 to i1 and one tile's width of columns from j on (as far as j1) of C. The last tile reaches back over
     * columns and rows that others have done; what it puts there is the same again, unless earlier blocks are in it.
     */
    private void column(Object a, int ao, Object b, long bo, Object c, int co, int i0, int i1, int j0, int j, int j1,
                        boolean first, int steps) {
        int n = normalized.n(), start = Math.max(0, Math.min(j, n - columns)), width = Math.min(columns, j1 - j);
        boolean mine = start >= j0 && start + columns <= j1 && (first || start == j);
        int aRow = normalized.aRow(), bStride = normalized.bRow();
        long b0 = panels.count() == 0 ? bo + start : bo;
        Object b1 = panels.count() == 0 ? b : nothing;
        for (int i = i0; i < i1; i += rows) {
            int top = Math.max(0, Math.min(i, i1 - rows)), at = co + top * n + start;
            int a0 = left == Left.PACKED ? (i - i0) / rows * slots * steps : ao + top * aRow;
            if (mine && top >= i0 && top + rows <= i1 && (first || top == i)) {
                if (first) tile.run(a, a0, aStride, b1, b0, bStride, nothing, 0, 0, c, at, n, steps);
                else tile.run(a, a0, aStride, b1, b0, bStride, c, at, n, c, at, n, steps);
            } else {
                Object edge = Edge.tile(spec.dtype());
                tile.run(a, a0, aStride, b1, b0, bStride, nothing, 0, 0, edge, 0, columns, steps);
                Edge.store(edge, (i - top) * columns + j - start, columns, c, co + i * n + j, n,
                    Math.min(rows, i1 - i), width, !first);
            }
        }
    }

    /** Tiles of rows one after the other, each step by step; the last one as {@link #column} takes it. */
    private void packRows(Object a, int ao, int i0, int i1, int steps, Object to) {
        int aRow = normalized.aRow(), aColumn = normalized.aColumn();
        for (int i = i0, at = 0; i < i1; i += rows, at += slots * steps) {
            int from = ao + Math.max(0, Math.min(i, i1 - rows)) * aRow;
            if (a instanceof double[] f64) Interleave.rows(f64, from, aRow, aColumn, (double[]) to, at, rows, steps);
            else Interleave.rows((float[]) a, from, aRow, aColumn, (float[]) to, at, rows, steps);
        }
    }
}
