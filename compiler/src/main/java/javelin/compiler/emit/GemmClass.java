package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import javelin.core.type.DType;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/**
 * A class under construction that implements an interface of {@link GemmKernels} by one static method with one loop,
 * and the words such loops are written in: indices, addresses, vectors. The Vector API is called directly and never
 * through a method of ours, which C2 might not inline.
 */
class GemmClass {
    private static final String PACKAGE = "jdk/incubator/vector/";
    static final String VECTOR = "L" + PACKAGE + "Vector;", SPECIES = "L" + PACKAGE + "VectorSpecies;";
    static final String SEGMENT = "Ljava/lang/foreign/MemorySegment;", ORDER = "Ljava/nio/ByteOrder;";
    private static final String MEMORY = "javelin/compiler/emit/PanelMemory";
    private static final String NAME = "javelin/compiler/emit/Gemm";

    final String owner, vector, array, scalar;
    final int bits, bytes, lanes, loadScalar;
    private final ClassWriter writer;
    MethodVisitor code;

    GemmClass(DType type, int bits) {
        boolean wide = type == DType.F64;
        this.owner = PACKAGE + (wide ? "DoubleVector" : "FloatVector");
        this.vector = "L" + owner + ";";
        this.array = wide ? "[D" : "[F";
        this.scalar = wide ? "D" : "F";
        this.loadScalar = wide ? DALOAD : FALOAD;
        this.bits = bits;
        this.bytes = type.bytes();
        this.lanes = bits / 8 / bytes;
        this.writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            // reference types meet only as themselves or as unused locals: nothing needs to be loaded to find out
            @Override protected String getCommonSuperClass(String a, String b) {
                return a.equals(b) ? a : "java/lang/Object";
            }
        };
    }

    /**
     * Class, constructor and the method {@code run} of the interface, which casts the arrays and calls the static
     * method whose body follows. {@code arguments}: A array, I int, J long.
     */
    final void start(String kind, String arguments) {
        String name = NAME + kind + scalar + bits;
        writer.visit(V21, ACC_PUBLIC | ACC_FINAL, name, null, "java/lang/Object", new String[] {
            "javelin/compiler/emit/GemmKernels$" + (kind.equals("Tile") || kind.equals("Dots") ? kind : "Panel") });
        code = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        code.visitCode();
        code.visitVarInsn(ALOAD, 0);
        code.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        finish();
        String typed = "(" + arguments.replace("A", array) + ")V";
        String untyped = "(" + arguments.replace("A", "Ljava/lang/Object;") + ")V";
        code = writer.visitMethod(ACC_PUBLIC, "run", untyped, null, null);
        code.visitCode();
        int local = 1;
        for (char kindOfArgument : arguments.toCharArray()) switch (kindOfArgument) {
            case 'A' -> { code.visitVarInsn(ALOAD, local++); code.visitTypeInsn(CHECKCAST, array); }
            case 'I' -> code.visitVarInsn(ILOAD, local++);
            default -> { code.visitVarInsn(LLOAD, local); local += 2; }
        }
        code.visitMethodInsn(INVOKESTATIC, name, "loop", typed, false);
        finish();
        code = writer.visitMethod(ACC_PRIVATE | ACC_STATIC, "loop", typed, null, null);
        code.visitCode();
    }

    final byte[] end() {
        finish();
        writer.visitEnd();
        return writer.toByteArray();
    }

    private void finish() {
        code.visitInsn(RETURN);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }

    final void load(int array, int offset, int p, int plus, int local) {
        species();
        code.visitVarInsn(ALOAD, array);
        code.visitVarInsn(ILOAD, offset);
        code.visitVarInsn(ILOAD, p);
        code.visitInsn(IADD);
        push(plus);
        code.visitInsn(IADD);
        fromArray();
        code.visitVarInsn(ASTORE, local);
    }

    final void loopFrom(int p, int k, Label top, Label end) {
        code.visitInsn(ICONST_0);
        loopFromTop(p, k, top, end);
    }

    /** A loop over p from the number on top of the stack. */
    final void loopFromTop(int p, int k, Label top, Label end) {
        code.visitVarInsn(ISTORE, p);
        code.visitLabel(top);
        code.visitVarInsn(ILOAD, p);
        code.visitVarInsn(ILOAD, k);
        code.visitJumpInsn(IF_ICMPGE, end);
    }

    final void loopOn(int p, int step, Label top, Label end) {
        code.visitIincInsn(p, step);
        code.visitJumpInsn(GOTO, top);
        code.visitLabel(end);
    }

    /** Pushes {@code offset + row * stride + plus} with a constant row. */
    final void index(int offset, int stride, int row, int plus) {
        code.visitVarInsn(ILOAD, offset);
        if (row > 0) {
            code.visitVarInsn(ILOAD, stride);
            push(row);
            code.visitInsn(IMUL);
            code.visitInsn(IADD);
        }
        if (plus > 0) { push(plus); code.visitInsn(IADD); }
    }

    /** Pushes {@code offset + p * stride + plus}. */
    final void indexByVariable(int offset, int p, int stride, int plus) {
        code.visitVarInsn(ILOAD, offset);
        code.visitVarInsn(ILOAD, p);
        code.visitVarInsn(ILOAD, stride);
        code.visitInsn(IMUL);
        code.visitInsn(IADD);
        push(plus);
        code.visitInsn(IADD);
    }

    /** Pushes the memory, the address {@code base + p * width} and {@code plus} elements, and the byte order. */
    final void address(int base, int p, int width, int plus) {
        code.visitFieldInsn(GETSTATIC, MEMORY, "ALL", SEGMENT);
        code.visitVarInsn(LLOAD, base);
        distance(p, width);
        code.visitInsn(LADD);
        code.visitLdcInsn((long) plus * bytes);
        code.visitInsn(LADD);
        code.visitFieldInsn(GETSTATIC, MEMORY, "ORDER", ORDER);
    }

    /** Pushes {@code p * width}, a long. */
    final void distance(int p, int width) {
        code.visitVarInsn(ILOAD, p);
        code.visitInsn(I2L);
        code.visitLdcInsn((long) width);
        code.visitInsn(LMUL);
    }

    final void species() { code.visitFieldInsn(GETSTATIC, owner, "SPECIES_" + bits, SPECIES); }

    final void fma(int x, int y, int sum) {
        code.visitVarInsn(ALOAD, x);
        code.visitVarInsn(ALOAD, y);
        code.visitVarInsn(ALOAD, sum);
        code.visitMethodInsn(INVOKEVIRTUAL, owner, "fma", "(" + VECTOR + VECTOR + ")" + vector, false);
        code.visitVarInsn(ASTORE, sum);
    }

    final void fromArray() {
        code.visitMethodInsn(INVOKESTATIC, owner, "fromArray", "(" + SPECIES + array + "I)" + vector, false);
    }

    final void intoArray() { code.visitMethodInsn(INVOKEVIRTUAL, owner, "intoArray", "(" + array + "I)V", false); }

    final void intoMemory() {
        code.visitMethodInsn(INVOKEVIRTUAL, owner, "intoMemorySegment", "(" + SEGMENT + "J" + ORDER + ")V", false);
    }

    final void push(int value) {
        if (value >= -1 && value <= 5) code.visitInsn(ICONST_0 + value);
        else if (value >= -128 && value < 128) code.visitIntInsn(BIPUSH, value);
        else if (value >= -32768 && value < 32768) code.visitIntInsn(SIPUSH, value);
        else code.visitLdcInsn(value);
    }
}
