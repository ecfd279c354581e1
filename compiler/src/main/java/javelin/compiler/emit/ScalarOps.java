package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import javelin.core.lowering.Fn;
import javelin.core.type.DType;
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;

/**
 * Functions of numbers on the JVM's stack: operands in order -> the value. Unsigned numbers are ints and longs of the
 * same bits, those of 8 and 16 bits ints of the same value, booleans 0 and 1, halves floats.
 */
final class ScalarOps {
    private static final String MATH = "java/lang/Math", INTEGERS = "javelin/compiler/run/Integers";

    private final Frame frame;

    private ScalarOps(Frame frame) { this.frame = frame; }

    /** @param to the type of the value, {@code from} of the first operand (of SELECT the condition, which is bool) */
    static void apply(Frame frame, KernelLoader loader, Fn fn, DType to, DType from) {
        var ops = new ScalarOps(frame);
        if (fn.isComparison()) ops.truth(fn, from);
        else if (fn == Fn.SELECT) ops.select(to);
        else if (fn == Fn.CONVERT) Conversions.convert(frame, from, to);
        else if (fn == Fn.BITCAST) Conversions.bitcast(frame, from, to);
        else if (Functions.handles(fn, to)) new Functions(loader).call(frame, fn, to);
        else ops.plain(fn, to);
    }

    /** A function of operands that all have the type of the value. */
    static void plain(Frame frame, Fn fn, DType type) { new ScalarOps(frame).plain(fn, type); }

    /** Array, index -> the element. */
    static void load(Frame frame, DType type) {
        switch (type) {
            case BF16, F16 -> {
                frame.op(SALOAD);
                Conversions.ofBits(frame, type);
            }
            case I16 -> frame.op(SALOAD);
            case I8, BOOL -> frame.op(BALOAD);
            case U8, U16 -> {
                frame.op(type == DType.U8 ? BALOAD : SALOAD);
                wrap(frame, type);
            }
            default -> frame.op(IALOAD, type);
        }
    }

    /** Array, index, element -> nothing. */
    static void store(Frame frame, DType type) {
        switch (type) {
            case BF16, F16 -> {
                Conversions.toBits(frame, type);
                frame.op(SASTORE);
            }
            case I16, U16 -> frame.op(SASTORE);
            case I8, U8, BOOL -> frame.op(BASTORE);
            default -> frame.op(IASTORE, type);
        }
    }

    /** An int -> one that a small integer type has, by its lowest bits. */
    static void wrap(Frame frame, DType type) {
        switch (type) {
            case I8 -> frame.op(I2B);
            case I16 -> frame.op(I2S);
            case U16 -> frame.op(I2C);
            case U8 -> {
                frame.constant(0xFF);
                frame.op(IAND);
            }
            default -> {}                       // has all ints, or is none of ints
        }
    }

    private void plain(Fn fn, DType type) {
        switch (type) {
            case F32, F64 -> floating(fn, type);
            case BF16, F16 -> {
                floating(fn, DType.F32);
                Conversions.convert(frame, DType.F32, type);
            }
            case BOOL -> bool(fn);
            case I8, I16, I32, I64, U8, U16, U32, U64 -> integral(fn, type);
        }
    }

    private void floating(Fn fn, DType type) {
        String t = Frame.element(type).getDescriptor();
        switch (fn) {
            case NEG -> frame.op(INEG, type);
            case ADD -> frame.op(IADD, type);
            case SUB -> frame.op(ISUB, type);
            case MUL -> frame.op(IMUL, type);
            case DIV -> frame.op(IDIV, type);
            case REM -> frame.op(IREM, type);
            case ABS -> frame.call(MATH, "abs", "(" + t + ")" + t);
            case SIGN -> frame.call(MATH, "signum", "(" + t + ")" + t);
            case MAX -> frame.call(MATH, "max", "(" + t + t + ")" + t);
            case MIN -> frame.call(MATH, "min", "(" + t + t + ")" + t);
            case FMA -> frame.call(MATH, "fma", "(" + t + t + t + ")" + t);
            case POW -> frame.call("javelin/compiler/run/Libm", "pow", "(" + t + t + ")" + t);
            case FLOOR -> viaDouble("floor", type);
            case CEIL -> viaDouble("ceil", type);
            case ROUND -> viaDouble("rint", type);
            case SQRT -> viaDouble("sqrt", type);   // an f64 root rounded to f32 is the f32 root
            default -> throw new IllegalStateException(fn + " is not a function of " + type);
        }
    }

    private void viaDouble(String function, DType type) {
        if (type == DType.F32) frame.op(F2D);
        frame.call(MATH, function, "(D)D");
        if (type == DType.F32) frame.op(D2F);
    }

    private void bool(Fn fn) {
        switch (fn) {
            case ADD, MAX, OR -> frame.op(IOR);
            case MUL, MIN, AND -> frame.op(IAND);
            case SUB, XOR -> frame.op(IXOR);
            case NEG, ABS, SIGN -> {}
            case NOT -> not();
            case DIV -> {                       // x, or y = 0
                not();
                frame.op(IOR);
            }
            case REM, SHIFT_LEFT, SHIFT_RIGHT_LOGICAL, SHIFT_RIGHT_ARITHMETIC -> {  // x, if y = 0
                not();
                frame.op(IAND);
            }
            default -> throw new IllegalStateException(fn + " is not a function of bool");
        }
    }

    private void not() {
        frame.constant(1);
        frame.op(IXOR);
    }

    private void integral(Fn fn, DType type) {
        String t = Frame.element(type).getDescriptor();
        boolean signed = type.kind() == DType.Kind.SIGNED;
        String unsigned = type == DType.U32 || type == DType.U64 ? "Unsigned" : "";
        switch (fn) {
            case NEG -> frame.op(INEG, type);
            case ABS -> { if (signed) frame.call(MATH, "abs", "(" + t + ")" + t); }
            case SIGN -> sign(type);
            case ADD -> frame.op(IADD, type);
            case SUB -> frame.op(ISUB, type);
            case MUL -> frame.op(IMUL, type);
            case AND -> frame.op(IAND, type);
            case OR -> frame.op(IOR, type);
            case XOR -> frame.op(IXOR, type);
            case NOT -> {
                frame.constant(-1L, type);
                frame.op(IXOR, type);
            }
            case DIV -> frame.call(INTEGERS, "divide" + unsigned, "(" + t + t + ")" + t);
            case REM -> frame.call(INTEGERS, "remainder" + unsigned, "(" + t + t + ")" + t);
            case SHIFT_LEFT -> frame.call(INTEGERS, "shiftLeft", "(" + t + t + ")" + t);
            case SHIFT_RIGHT_LOGICAL -> {
                if (signed && type.bits() < Integer.SIZE) {
                    frame.op(SWAP);
                    wrap(frame, type.unsigned());
                    frame.op(SWAP);
                }
                frame.call(INTEGERS, "shiftRightLogical", "(" + t + t + ")" + t);
            }
            case SHIFT_RIGHT_ARITHMETIC ->
                frame.call(INTEGERS, signed ? "shiftRight" : "shiftRightLogical", "(" + t + t + ")" + t);
            case MAX, MIN -> {
                String name = fn == Fn.MAX ? "max" : "min";
                if (type == DType.U32) unsignedExtreme(name);
                else if (type == DType.U64) frame.call(INTEGERS, name + unsigned, "(JJ)J");
                else frame.call(MATH, name, "(" + t + t + ")" + t);
            }
            default -> throw new IllegalStateException(fn + " is not a function of " + type);
        }
        wrap(frame, type);
    }

    /** Unsigned ints have the order of signed ones once their highest bits are flipped. */
    static void flip(Frame frame) {
        frame.constant(Integer.MIN_VALUE);
        frame.op(IXOR);
    }

    private void unsignedExtreme(String name) {
        flip(frame);
        frame.op(SWAP);
        flip(frame);
        frame.call(MATH, name, "(II)I");
        flip(frame);
    }

    private void sign(DType type) {
        switch (type) {
            case I8, I16, I32 -> frame.call("java/lang/Integer", "signum", "(I)I");
            case I64 -> {
                frame.call("java/lang/Long", "signum", "(J)I");
                frame.op(I2L);
            }
            default -> {
                Conversions.convert(frame, type, DType.BOOL);
                Conversions.convert(frame, DType.BOOL, type);
            }
        }
    }

    private void truth(Fn fn, DType from) {
        Label no = new Label(), end = new Label();
        if (from == DType.U32) {
            flip(frame);
            frame.op(SWAP);
            flip(frame);
            frame.op(SWAP);
        }
        jumpUnless(frame, fn, from, no);
        frame.constant(1);
        frame.jump(GOTO, end);
        frame.mark(no);
        frame.constant(0);
        frame.mark(end);
    }

    private void select(DType type) {
        Type element = Frame.element(type);
        Object yes = new Object(), no = new Object();
        Label otherwise = new Label(), end = new Label();
        frame.scope(() -> {
            frame.store(no, element);
            frame.store(yes, element);
            frame.jump(IFEQ, otherwise);
            frame.load(yes);
            frame.jump(GOTO, end);
            frame.mark(otherwise);
            frame.load(no);
            frame.mark(end);
        });
    }

    /** Two operands -> jumps unless {@code fn} holds of them; of NaN only NE does. U32 operands come flipped. */
    static void jumpUnless(Frame frame, Fn fn, DType from, Label no) {
        boolean below = fn == Fn.LT || fn == Fn.LE;
        switch (from) {
            case F32, BF16, F16 -> frame.op(below ? FCMPG : FCMPL);
            case F64 -> frame.op(below ? DCMPG : DCMPL);
            case I64 -> frame.op(LCMP);
            case U64 -> frame.call("java/lang/Long", "compareUnsigned", "(JJ)I");
            case I8, I16, I32, U8, U16, U32, BOOL -> {
                frame.jump(inverse(fn) - IFEQ + IF_ICMPEQ, no);
                return;
            }
        }
        frame.jump(inverse(fn), no);
    }

    private static int inverse(Fn fn) {
        return switch (fn) {
            case EQ -> IFNE;
            case NE -> IFEQ;
            case LT -> IFGE;
            case LE -> IFGT;
            case GT -> IFLE;
            case GE -> IFLT;
            default -> throw new IllegalStateException(fn + " is not a comparison");
        };
    }
}
