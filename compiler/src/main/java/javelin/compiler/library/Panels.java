// Hot: plain loops, no allocation.
package javelin.compiler.library;

import java.lang.foreign.ValueLayout;
import javelin.compiler.emit.GemmKernels;
import javelin.compiler.emit.PanelMemory;
import javelin.compiler.library.Gemm.Spec;
import javelin.core.type.DType;

/**
 * B in native memory: block after block of steps, in a block panel after panel of columns, in a panel step after step,
 * each a whole number of vectors. The last panel reaches back so as to be full; if B is narrower than one, zeros fill
 * it.
 */
final class Panels {
    static final Panels NONE = new Panels();

    private final Spec spec;
    private final int block, width, across, count, lanes;
    private final boolean byRows, transposes;
    private final GemmKernels.Panel kernel;

    private Panels() {
        spec = new Spec(DType.F32, 0, 0, 0, 1, 1, 1, 1);
        block = width = lanes = 1;
        across = count = 0;
        byRows = transposes = false;
        kernel = (b, bo, stride, address, k) -> { };
    }

    Panels(Spec spec, int block, int vectors, int vectorBits) {
        this.spec = spec;
        this.block = block;
        this.lanes = vectorBits / 8 / spec.dtype().bytes();
        this.width = vectors * lanes;
        this.across = Math.ceilDiv(spec.n(), width);
        this.count = across * Math.ceilDiv(spec.k(), block);
        this.byRows = spec.bColumn() == 1 && spec.n() >= width;
        // narrower vectors have no two-source permutation in one instruction: the plain loop is faster then
        this.transposes = !byRows && spec.bRow() == 1 && vectorBits == 512;
        this.kernel = byRows || transposes
            ? GemmKernels.panel(spec.dtype(), vectorBits, vectors, transposes, spec.isWorthWarmUp()) : NONE.kernel;
    }

    int count() { return count; }

    long bytes() { return (long) across * width * spec.k() * spec.dtype().bytes(); }

    /** Where the panel of the block at step {@code p} and column {@code j} lies, given the address of all. */
    long address(long base, int p, int j) {
        int steps = Math.min(block, spec.k() - p);
        return base + ((long) across * p + (long) (j / width) * steps) * width * spec.dtype().bytes();
    }

    void pack(Object b, int bo, long base, int fromPanel, int toPanel) {
        for (int panel = fromPanel; panel < toPanel; panel++) {
            int p = panel / across * block, j = panel % across * width;
            packOne(b, bo, address(base, p, j), p, j);
        }
    }

    /** The panel of the block at step {@code p} and column {@code j}, to {@code address}. */
    void packOne(Object b, int bo, long address, int p, int j) {
        int first = Math.max(0, Math.min(j, spec.n() - width));
        fill(b, bo + p * spec.bRow() + first * spec.bColumn(), address, Math.min(block, spec.k() - p));
    }

    private void fill(Object b, int bo, long address, int steps) {
        int columns = Math.min(width, spec.n());
        if (byRows) {
            kernel.run(b, bo, spec.bRow(), address, steps);
        } else if (transposes) {
            int together = columns / lanes * lanes, whole = steps / lanes * lanes;
            for (int j = 0; j < together; j += lanes) {
                long to = address + (long) j * spec.dtype().bytes();
                kernel.run(b, bo + j * spec.bColumn(), spec.bColumn(), to, whole);
            }
            plain(b, bo, address, 0, steps, together, columns);
            plain(b, bo, address, whole, steps, 0, together);
        } else {
            plain(b, bo, address, 0, steps, 0, columns);
        }
    }

    private void plain(Object b, int bo, long address, int p0, int p1, int j0, int j1) {
        int last = j1 == spec.n() && j1 < width ? width : j1;
        if (b instanceof double[] f64) plain(f64, bo, address, p0, p1, j0, j1, last);
        else plain((float[]) b, bo, address, p0, p1, j0, j1, last);
    }

    private void plain(float[] b, int bo, long address, int p0, int p1, int j0, int j1, int zeros) {
        int bRow = spec.bRow(), bColumn = spec.bColumn();
        for (int p = p0; p < p1; p++) {
            long row = address + (long) p * width * Float.BYTES;
            for (int j = j0, from = bo + p * bRow + j0 * bColumn; j < j1; j++, from += bColumn) {
                PanelMemory.ALL.set(ValueLayout.JAVA_FLOAT, row + (long) j * Float.BYTES, b[from]);
            }
            for (int j = j1; j < zeros; j++) {
                PanelMemory.ALL.set(ValueLayout.JAVA_FLOAT, row + (long) j * Float.BYTES, 0);
            }
        }
    }

    private void plain(double[] b, int bo, long address, int p0, int p1, int j0, int j1, int zeros) {
        int bRow = spec.bRow(), bColumn = spec.bColumn();
        for (int p = p0; p < p1; p++) {
            long row = address + (long) p * width * Double.BYTES;
            for (int j = j0, from = bo + p * bRow + j0 * bColumn; j < j1; j++, from += bColumn) {
                PanelMemory.ALL.set(ValueLayout.JAVA_DOUBLE, row + (long) j * Double.BYTES, b[from]);
            }
            for (int j = j1; j < zeros; j++) {
                PanelMemory.ALL.set(ValueLayout.JAVA_DOUBLE, row + (long) j * Double.BYTES, 0);
            }
        }
    }
}
