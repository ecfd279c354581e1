package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.HashMap;
import java.util.Map;
import javelin.core.type.DType;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/** One method being written: its instructions, and which local variable holds what. */
final class Frame {
    /** A local variable; {@code type} as the JVM sees it. */
    record Slot(int index, Type type) {}

    final MethodVisitor out;
    private final Map<Object, Slot> slots = new HashMap<>();
    private int next;

    Frame(MethodVisitor out) {
        this.out = out;
        out.visitCode();
    }

    /** The JVM's type of one element in a local variable: small integers are ints, halves floats. */
    static Type element(DType type) {
        return switch (type) {
            case F32, BF16, F16 -> Type.FLOAT_TYPE;
            case F64 -> Type.DOUBLE_TYPE;
            case I64, U64 -> Type.LONG_TYPE;
            case I8, I16, I32, U8, U16, U32, BOOL -> Type.INT_TYPE;
        };
    }

    static Type array(DType type) { return Type.getType(type.storage()); }

    // local variables

    boolean has(Object name) { return slots.containsKey(name); }

    Slot slot(Object name) {
        Slot slot = slots.get(name);
        if (slot == null) throw new IllegalStateException("no local variable holds " + name);
        return slot;
    }

    /** A variable for {@code name}, new unless it has one here. */
    Slot claim(Object name, Type type) {
        Slot known = slots.get(name);
        if (known != null && known.type().equals(type)) return known;
        Slot slot = new Slot(next, type);
        next += type.getSize();
        slots.put(name, slot);
        return slot;
    }

    /** Variables claimed within go when {@code body} ends. */
    void scope(Runnable body) {
        Map<Object, Slot> outside = new HashMap<>(slots);
        int mark = next;
        body.run();
        slots.clear();
        slots.putAll(outside);
        next = mark;
    }

    void load(Object name) {
        Slot slot = slot(name);
        out.visitVarInsn(slot.type().getOpcode(ILOAD), slot.index());
    }

    /** Pops into the variable of {@code name}. */
    void store(Object name, Type type) {
        Slot slot = claim(name, type);
        out.visitVarInsn(type.getOpcode(ISTORE), slot.index());
    }

    void increment(Object name, int by) { out.visitIincInsn(slot(name).index(), by); }

    // instructions

    void op(int opcode) { out.visitInsn(opcode); }

    /** The opcode for {@code type} of an instruction known by its int form. */
    void op(int intOpcode, DType type) { out.visitInsn(element(type).getOpcode(intOpcode)); }

    void jump(int opcode, Label to) { out.visitJumpInsn(opcode, to); }

    void mark(Label label) { out.visitLabel(label); }

    void call(String owner, String name, String descriptor) {
        out.visitMethodInsn(INVOKESTATIC, owner, name, descriptor, false);
    }

    void send(String owner, String name, String descriptor) {
        out.visitMethodInsn(INVOKEVIRTUAL, owner, name, descriptor, false);
    }

    void constant(int value) {
        if (value >= -1 && value <= 5) out.visitInsn(ICONST_0 + value);
        else if (value == (byte) value) out.visitIntInsn(BIPUSH, value);
        else if (value == (short) value) out.visitIntInsn(SIPUSH, value);
        else out.visitLdcInsn(value);
    }

    /** Pushes a number as elements of {@code type} are held: u32 as the int of its bits. */
    void constant(Number value, DType type) {
        switch (type) {
            case F32, BF16, F16 -> {
                float f = value.floatValue();
                if (f == 1 || f == 2 || Float.floatToRawIntBits(f) == 0) out.visitInsn(FCONST_0 + (int) f);
                else out.visitLdcInsn(f);
            }
            case F64 -> {
                double d = value.doubleValue();
                if (d == 1 || Double.doubleToRawLongBits(d) == 0) out.visitInsn(DCONST_0 + (int) d);
                else out.visitLdcInsn(d);
            }
            case I64, U64 -> {
                long l = value.longValue();
                if (l == 0 || l == 1) out.visitInsn(LCONST_0 + (int) l);
                else out.visitLdcInsn(l);
            }
            case I8, I16, I32, U8, U16, U32, BOOL -> constant((int) value.longValue());
        }
    }

    void end() {
        out.visitMaxs(0, 0);
        out.visitEnd();
    }
}
