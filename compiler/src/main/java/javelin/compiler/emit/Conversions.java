package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import javelin.core.type.DType;
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;

/** One number from one type to another, as {@link DType#normalize} converts. */
final class Conversions {
    private static final String NUMBERS = "javelin/core/type/Numbers";

    private Conversions() {}

    static void convert(Frame frame, DType from, DType to) {
        if (from == to) return;
        if (to == DType.BOOL) {
            notZero(frame, from);
        } else if (to.isHalf()) {
            convert(frame, from, DType.F32);
            frame.call(NUMBERS, to == DType.BF16 ? "bfloat16" : "float16", "(F)F");
        } else if (from.isFloat()) {
            fromFloat(frame, from.computation(), to);
        } else if (from.bytes() == Long.BYTES) {
            fromLong(frame, from, to);
        } else if (from == DType.U32 && Frame.element(to) != Type.INT_TYPE) {
            frame.op(I2L);
            frame.constant(0xFFFFFFFFL, DType.I64);
            frame.op(LAND);
            fromLong(frame, DType.I64, to);
        } else {
            fromInt(frame, to);
        }
    }

    private static void fromInt(Frame frame, DType to) {
        switch (to) {
            case F32 -> frame.op(I2F);
            case F64 -> frame.op(I2D);
            case I64, U64 -> frame.op(I2L);
            default -> ScalarOps.wrap(frame, to);
        }
    }

    /** Java's casts saturate at the ends of int and long; those of the smaller types lie between. */
    private static void fromFloat(Frame frame, DType from, DType to) {
        boolean single = from == DType.F32;
        switch (to) {
            case F32 -> { if (!single) frame.op(D2F); }
            case F64 -> { if (single) frame.op(F2D); }
            case I32 -> frame.op(single ? F2I : D2I);
            case I64 -> frame.op(single ? F2L : D2L);
            case U64 -> {
                if (single) frame.op(F2D);
                frame.call(NUMBERS, "toUnsigned", "(D)J");
            }
            default -> {
                frame.op(single ? F2L : D2L);
                frame.constant(to.lowest(), DType.I64);
                frame.call("java/lang/Math", "max", "(JJ)J");
                frame.constant(to.highest(), DType.I64);
                frame.call("java/lang/Math", "min", "(JJ)J");
                frame.op(L2I);
            }
        }
    }

    private static void fromLong(Frame frame, DType from, DType to) {
        switch (to) {
            case F32, F64 -> {
                boolean single = to == DType.F32;
                if (from == DType.I64) frame.op(single ? L2F : L2D);
                else frame.call(NUMBERS, single ? "unsignedToFloat" : "unsignedToDouble", single ? "(J)F" : "(J)D");
            }
            case I64, U64 -> {}
            default -> {
                frame.op(L2I);
                ScalarOps.wrap(frame, to);
            }
        }
    }

    /** Whether a number is not 0, as 0 or 1; NaN is not. */
    private static void notZero(Frame frame, DType from) {
        Label zero = new Label(), end = new Label();
        frame.constant(from.isFloat() ? (Number) 0.0 : (Number) 0L, from);
        ScalarOps.jumpUnless(frame, javelin.core.lowering.Fn.NE, from, zero);
        frame.constant(1);
        frame.jump(GOTO, end);
        frame.mark(zero);
        frame.constant(0);
        frame.mark(end);
    }

    /** The same bits as a type of the same width. */
    static void bitcast(Frame frame, DType from, DType to) {
        if (from == to) return;
        toBits(frame, from);
        if (to == DType.F16) frame.op(I2S);
        ofBits(frame, to);
    }

    /** A number's bits, those of f16 a short -> the number. */
    static void ofBits(Frame frame, DType to) {
        switch (to) {
            case F32 -> frame.call("java/lang/Float", "intBitsToFloat", "(I)F");
            case F64 -> frame.call("java/lang/Double", "longBitsToDouble", "(J)D");
            case BF16 -> {
                frame.constant(16);
                frame.op(ISHL);
                frame.call("java/lang/Float", "intBitsToFloat", "(I)F");
            }
            case F16 -> frame.call("java/lang/Float", "float16ToFloat", "(S)F");
            default -> ScalarOps.wrap(frame, to);
        }
    }

    /** A number -> its bits. */
    static void toBits(Frame frame, DType from) {
        switch (from) {
            case F32 -> frame.call("java/lang/Float", "floatToRawIntBits", "(F)I");
            case F64 -> frame.call("java/lang/Double", "doubleToRawLongBits", "(D)J");
            case BF16 -> {
                frame.call("java/lang/Float", "floatToRawIntBits", "(F)I");
                frame.constant(16);
                frame.op(ISHR);
            }
            case F16 -> frame.call("java/lang/Float", "floatToFloat16", "(F)S");
            default -> {}
        }
    }
}
