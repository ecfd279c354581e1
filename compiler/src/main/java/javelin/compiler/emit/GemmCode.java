package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import javelin.core.type.DType;
import org.objectweb.asm.Label;

/**
 * Writes the bytecode of the loops matrix products are made of, for one element type and one vector width: what C2
 * compiles to bodies without bounds checks or spills.
 */
final class GemmCode extends GemmClass {
    private GemmCode(DType type, int bits) { super(type, bits); }

    /** {@link GemmKernels.Tile}. */
    static byte[] tile(GemmKernels.TileKey key) {
        var code = new GemmCode(key.dtype(), key.bits());
        code.start("Tile", "AIIAJIAIIAIII");
        code.tileBody(key.rows(), key.vectors(), key.left(), key.packed());
        return code.end();
    }

    /** {@link GemmKernels.Panel}: rows of B copied one after the other. */
    static byte[] copy(GemmKernels.PanelKey key) {
        var code = new GemmCode(key.dtype(), key.bits());
        code.start("Copy", "AIIJI");
        code.copyBody(key.vectors());
        return code.end();
    }

    /** {@link GemmKernels.Panel}: as many columns of B as a vector has lanes, transposed. */
    static byte[] transpose(GemmKernels.PanelKey key) {
        var code = new GemmCode(key.dtype(), key.bits());
        code.start("Transpose", "AIIJI");
        code.transposeBody(key.vectors());
        return code.end();
    }

    /** {@link GemmKernels.Dots}. */
    static byte[] dots(GemmKernels.DotsKey key) {
        var code = new GemmCode(key.dtype(), key.bits());
        code.start("Dots", "AIIAIAI");
        code.dotsBody(key.rows());
        return code.end();
    }

    /**
     * {@code for (p = 0; p < k; p++) acc[r][v] = fma(a[r, p], b[p, v], acc[r][v])}, then one store: {@code c = acc +
     * d}. The loop has no mask and no branch. Rows of A get their offsets before it, so that strides may be arguments
     * and one kernel serves every shape: baked-in strides were 7% faster and cost one C2 compilation (0.1 s) per shape.
     * The index of packed rows is the loop's counter: where the core is shared with another thread, instructions are
     * what counts, and computing it from the step took 6 of 51.
     */
    private void tileBody(int rows, int vectors, GemmKernels.Left left, boolean packed) {
        int a = 0, aOffset = 1, aStride = 2, b = 3, bOffset = 4, bStride = 6, d = 7, dOffset = 8, dRow = 9;
        int c = 10, cOffset = 11, cRow = 12, k = 13, p = 14, bIndex = 15, aRow = 16;
        int sum = aRow + rows, column = sum + rows * vectors, value = column + vectors;
        species();
        code.visitMethodInsn(INVOKESTATIC, owner, "zero", "(" + SPECIES + ")" + vector, false);
        code.visitVarInsn(ASTORE, value);
        for (int i = 0; i < rows * vectors; i++) {
            code.visitVarInsn(ALOAD, value);
            code.visitVarInsn(ASTORE, sum + i);
        }
        if (!packed) { code.visitVarInsn(LLOAD, bOffset); code.visitInsn(L2I); code.visitVarInsn(ISTORE, bIndex); }
        if (left == GemmKernels.Left.BY_ROWS) for (int r = 0; r < rows; r++) {
            index(aOffset, aStride, r, 0);
            code.visitVarInsn(ISTORE, aRow + r);
        }
        boolean byIndex = left == GemmKernels.Left.PACKED;
        int step = byIndex ? GemmKernels.slots(rows) : 1, width = vectors * lanes * bytes / step;
        Label top = new Label(), end = new Label();
        if (byIndex) {
            countFrom(aOffset, step, k, bOffset, width);
            loopFromTop(p, k, top, end);
        } else {
            loopFrom(p, k, top, end);
        }
        for (int v = 0; v < vectors; v++) {
            species();
            if (packed) {
                address(bOffset, p, width, v * lanes);
                code.visitMethodInsn(INVOKESTATIC, owner, "fromMemorySegment",
                    "(" + SPECIES + SEGMENT + "J" + ORDER + ")" + vector, false);
            } else {
                code.visitVarInsn(ALOAD, b);
                indexByVariable(bIndex, p, bStride, v * lanes);
                fromArray();
            }
            code.visitVarInsn(ASTORE, column + v);
        }
        for (int r = 0; r < rows; r++) {
            species();
            code.visitVarInsn(ALOAD, a);
            switch (left) {
                case BY_ROWS -> {
                    code.visitVarInsn(ILOAD, aRow + r);
                    code.visitVarInsn(ILOAD, p);
                    code.visitInsn(IADD);
                }
                case BY_COLUMNS -> indexByVariable(aOffset, p, aStride, r);
                case PACKED -> index(p, p, 0, r);
            }
            code.visitInsn(loadScalar);
            code.visitMethodInsn(INVOKESTATIC, owner, "broadcast", "(" + SPECIES + scalar + ")" + vector, false);
            code.visitVarInsn(ASTORE, value);
            for (int v = 0; v < vectors; v++) fma(value, column + v, sum + r * vectors + v);
        }
        loopOn(p, step, top, end);
        for (int r = 0; r < rows; r++) for (int v = 0; v < vectors; v++) {
            code.visitVarInsn(ALOAD, sum + r * vectors + v);
            species();
            code.visitVarInsn(ALOAD, d);
            index(dOffset, dRow, r, v * lanes);
            fromArray();
            code.visitMethodInsn(INVOKEVIRTUAL, owner, "add", "(" + VECTOR + ")" + vector, false);
            code.visitVarInsn(ALOAD, c);
            index(cOffset, cRow, r, v * lanes);
            intoArray();
        }
    }

    /** Pushes ao; {@code b0 -= ao * width; k = ao + k * step}: for a loop whose counter is the index of A. */
    private void countFrom(int aOffset, int step, int k, int bOffset, int width) {
        code.visitVarInsn(LLOAD, bOffset);
        distance(aOffset, width);
        code.visitInsn(LSUB);
        code.visitVarInsn(LSTORE, bOffset);
        index(aOffset, k, step, 0);
        code.visitVarInsn(ISTORE, k);
        code.visitVarInsn(ILOAD, aOffset);
    }

    /** {@code for (p = 0; p < k; p++) panel[p] = b[bo + p * stride ..]}, {@code vectors} vectors each. */
    private void copyBody(int vectors) {
        int b = 0, bOffset = 1, stride = 2, address = 3, k = 5, p = 6;
        Label top = new Label(), end = new Label();
        loopFrom(p, k, top, end);
        for (int v = 0; v < vectors; v++) {
            species();
            code.visitVarInsn(ALOAD, b);
            indexByVariable(bOffset, p, stride, v * lanes);
            fromArray();
            address(address, p, vectors * lanes * bytes, v * lanes);
            intoMemory();
        }
        loopOn(p, 1, top, end);
    }

    /**
     * {@code for (p = 0; p < k; p += lanes)}: loads {@code lanes} elements of {@code lanes} columns, transposes them in
     * registers by log2(lanes) rounds of two-vector selections, stores {@code lanes} rows of the panel. {@code k} must
     * be a multiple of the lanes.
     */
    private void transposeBody(int vectors) {
        int b = 0, bOffset = 1, stride = 2, address = 3, k = 5, p = 6, column = 7;
        int choose = column + lanes, x = choose + 2 * Integer.numberOfTrailingZeros(lanes), y = x + lanes;
        for (int i = 0; i < lanes; i++) { index(bOffset, stride, i, 0); code.visitVarInsn(ISTORE, column + i); }
        int next = choose;
        for (int half = 1; half < lanes; half *= 2) {
            selection(half, 0, next++);
            selection(half, half, next++);
        }
        Label top = new Label(), end = new Label();
        loopFrom(p, k, top, end);
        for (int i = 0; i < lanes; i++) {
            species();
            code.visitVarInsn(ALOAD, b);
            code.visitVarInsn(ILOAD, column + i);
            code.visitVarInsn(ILOAD, p);
            code.visitInsn(IADD);
            fromArray();
            code.visitVarInsn(ASTORE, x + i);
        }
        int from = x, to = y;
        next = choose;
        for (int half = 1; half < lanes; half *= 2, next += 2) {
            for (int i = 0; i < lanes; i++) {
                boolean upper = (i & half) != 0;
                code.visitVarInsn(ALOAD, upper ? next + 1 : next);
                code.visitVarInsn(ALOAD, from + (i & ~half));
                code.visitVarInsn(ALOAD, from + (i | half));
                code.visitMethodInsn(INVOKEVIRTUAL, owner, "selectFrom", "(" + VECTOR + VECTOR + ")" + vector, false);
                code.visitVarInsn(ASTORE, to + i);
            }
            int swap = from;
            from = to;
            to = swap;
        }
        for (int i = 0; i < lanes; i++) {
            code.visitVarInsn(ALOAD, from + i);
            address(address, p, vectors * lanes * bytes, i * vectors * lanes);
            intoMemory();
        }
        loopOn(p, lanes, top, end);
    }

    /**
     * Into local {@code local}: the lanes {@code i} takes from rows {@code r} and {@code r + half} of a block, so that
     * after the rounds half = 1, 2, 4 ... row i holds column i. Row r (offset 0) keeps its lanes with bit half clear
     * and takes the other row's into the rest; row r + half the reverse.
     */
    private void selection(int half, int offset, int local) {
        species();
        push(lanes);
        code.visitIntInsn(NEWARRAY, bytes == 8 ? T_DOUBLE : T_FLOAT);
        for (int i = 0; i < lanes; i++) {
            boolean other = (i & half) != 0;
            int lane = offset == 0 ? (other ? lanes + (i & ~half) : i) : (other ? lanes + i : i | half);
            code.visitInsn(DUP);
            push(i);
            push(lane);
            code.visitInsn(bytes == 8 ? I2D : I2F);
            code.visitInsn(bytes == 8 ? DASTORE : FASTORE);
        }
        code.visitInsn(ICONST_0);
        fromArray();
        code.visitVarInsn(ASTORE, local);
    }

    /** {@code rows} sums of 32 lanes each: lane l of row r adds a[r, p] x[p] for the p with p % 32 = l. */
    private void dotsBody(int rows) {
        int a = 0, aOffset = 1, aStride = 2, x = 3, xOffset = 4, out = 5, k = 6, p = 7, aRow = 8;
        int vectors = GemmKernels.LANES / lanes, sum = aRow + rows, column = sum + rows * vectors, value = column + 1;
        species();
        code.visitMethodInsn(INVOKESTATIC, owner, "zero", "(" + SPECIES + ")" + vector, false);
        code.visitVarInsn(ASTORE, value);
        for (int i = 0; i < rows * vectors; i++) {
            code.visitVarInsn(ALOAD, value);
            code.visitVarInsn(ASTORE, sum + i);
        }
        for (int r = 0; r < rows; r++) { index(aOffset, aStride, r, 0); code.visitVarInsn(ISTORE, aRow + r); }
        Label top = new Label(), end = new Label();
        loopFrom(p, k, top, end);
        for (int v = 0; v < vectors; v++) {
            load(x, xOffset, p, v * lanes, column);
            for (int r = 0; r < rows; r++) {
                load(a, aRow + r, p, v * lanes, value);
                fma(value, column, sum + r * vectors + v);
            }
        }
        loopOn(p, GemmKernels.LANES, top, end);
        for (int i = 0; i < rows * vectors; i++) {
            code.visitVarInsn(ALOAD, sum + i);
            code.visitVarInsn(ALOAD, out);
            push(i * lanes);
            intoArray();
        }
    }
}
