package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import javelin.core.type.DType;
import org.objectweb.asm.Label;

/** One number from one type to another, as {@link DType#normalize} converts. */
final class Conversions {
    private Conversions() {}

    static void convert(Frame frame, DType from, DType to) {
        if (from == to) return;
        if (to == DType.BOOL) {
            notZero(frame, from);
            return;
        }
        switch (from) {
            case F32, F64 -> fromFloat(frame, from, to);
            case I64 -> fromLong(frame, to);
            case U32 -> {
                switch (to) {
                    case I32 -> {}
                    case U8 -> wrapByte(frame);
                    default -> {
                        frame.op(I2L);
                        frame.constant(0xFFFFFFFFL, DType.I64);
                        frame.op(LAND);
                        fromLong(frame, to);
                    }
                }
            }
            case I32, U8, BOOL -> {
                switch (to) {
                    case F32 -> frame.op(I2F);
                    case F64 -> frame.op(I2D);
                    case I64 -> frame.op(I2L);
                    case U8 -> wrapByte(frame);
                    case I32, U32, BOOL -> {}
                }
            }
        }
    }

    private static void wrapByte(Frame frame) {
        frame.constant(0xFF);
        frame.op(IAND);
    }

    /** Java's casts saturate at the ends of int and long; those of u32 and u8 lie between. */
    private static void fromFloat(Frame frame, DType from, DType to) {
        boolean single = from == DType.F32;
        switch (to) {
            case F32 -> frame.op(D2F);
            case F64 -> frame.op(F2D);
            case I32 -> frame.op(single ? F2I : D2I);
            case I64 -> frame.op(single ? F2L : D2L);
            case U32, U8 -> {
                frame.op(single ? F2L : D2L);
                frame.op(LCONST_0);
                frame.call("java/lang/Math", "max", "(JJ)J");
                frame.constant(to == DType.U8 ? 0xFFL : 0xFFFFFFFFL, DType.I64);
                frame.call("java/lang/Math", "min", "(JJ)J");
                frame.op(L2I);
            }
            case BOOL -> throw new IllegalStateException("bool is compared with 0");
        }
    }

    private static void fromLong(Frame frame, DType to) {
        switch (to) {
            case F32 -> frame.op(L2F);
            case F64 -> frame.op(L2D);
            case I64 -> {}
            case I32, U32 -> frame.op(L2I);
            case U8 -> {
                frame.op(L2I);
                wrapByte(frame);
            }
            case BOOL -> throw new IllegalStateException("bool is compared with 0");
        }
    }

    /** Whether a number is not 0, as 0 or 1; NaN is not. */
    private static void notZero(Frame frame, DType from) {
        Label zero = new Label(), end = new Label();
        switch (from) {
            case F32 -> {
                frame.op(FCONST_0);
                frame.op(FCMPL);
            }
            case F64 -> {
                frame.op(DCONST_0);
                frame.op(DCMPL);
            }
            case I64 -> {
                frame.op(LCONST_0);
                frame.op(LCMP);
            }
            case I32, U32, U8, BOOL -> {}
        }
        frame.jump(IFEQ, zero);
        frame.constant(1);
        frame.jump(GOTO, end);
        frame.mark(zero);
        frame.constant(0);
        frame.mark(end);
    }

    static void bitcast(Frame frame, DType from, DType to) {
        if (from == to) return;
        if (from == DType.F32) frame.call("java/lang/Float", "floatToRawIntBits", "(F)I");
        else if (from == DType.F64) frame.call("java/lang/Double", "doubleToRawLongBits", "(D)J");
        else if (to == DType.F32) frame.call("java/lang/Float", "intBitsToFloat", "(I)F");
        else if (to == DType.F64) frame.call("java/lang/Double", "longBitsToDouble", "(J)D");
        else convert(frame, from, to);
    }
}
