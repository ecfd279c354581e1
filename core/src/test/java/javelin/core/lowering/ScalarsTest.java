package javelin.core.lowering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import javelin.core.type.DType;
import org.junit.jupiter.api.Test;

/** The corners of what the reference evaluator computes; its ordinary values are in the table of ops. */
class ScalarsTest {
    private static Number of(Fn fn, DType type, Number... x) {
        return Scalars.apply(fn, type, fn.isComparison() ? DType.BOOL : type, List.of(x));
    }

    private static double floating(Fn fn, double... x) {
        return of(fn, DType.F64, java.util.Arrays.stream(x).boxed().toArray(Number[]::new)).doubleValue();
    }

    @Test void integersWrap() {
        assertEquals((long) Integer.MIN_VALUE, of(Fn.ADD, DType.I32, (long) Integer.MAX_VALUE, 1L));
        assertEquals(Long.MIN_VALUE, of(Fn.ADD, DType.I64, Long.MAX_VALUE, 1L));
        assertEquals(0xFFFFFFFFL, of(Fn.SUB, DType.U32, 0L, 1L));
        assertEquals(1L, of(Fn.MUL, DType.U8, 255L, 255L));
        assertEquals(-128L, of(Fn.DIV, DType.I8, -128L, -1L));
        assertEquals(-32768L, of(Fn.ABS, DType.I16, -32768L));
        assertEquals(0xFFFEL, of(Fn.NOT, DType.U16, 1L));
        assertEquals(0x7FL, of(Fn.SHIFT_RIGHT_LOGICAL, DType.I8, -1L, 1L));
        assertEquals((long) Integer.MIN_VALUE, of(Fn.NEG, DType.I32, (long) Integer.MIN_VALUE));
    }

    @Test void dividingByZeroGivesWhatXlaGives() {
        assertEquals(-1L, of(Fn.DIV, DType.I32, 7L, 0L));
        assertEquals(0xFFFFFFFFL, of(Fn.DIV, DType.U32, 7L, 0L));
        assertEquals(7L, of(Fn.REM, DType.I32, 7L, 0L));
        assertEquals(Double.POSITIVE_INFINITY, floating(Fn.DIV, 1, 0));
        assertEquals((long) Integer.MIN_VALUE, of(Fn.DIV, DType.I32, (long) Integer.MIN_VALUE, -1L));
    }

    @Test void unsignedNumbersCompareAndDivideAsUnsigned() {
        assertEquals(1L, of(Fn.GT, DType.U32, 0xFFFFFFFFL, 1L));
        assertEquals(0x7FFFFFFFL, of(Fn.DIV, DType.U32, 0xFFFFFFFFL, 2L));
        assertEquals(1L, of(Fn.GT, DType.U64, -1L, 1L));
        assertEquals(-1L, of(Fn.MAX, DType.U64, -1L, 1L));
        assertEquals(Long.MAX_VALUE, of(Fn.DIV, DType.U64, -1L, 2L));
        assertEquals(5L, of(Fn.REM, DType.U64, -1L, 10L));
        assertEquals(-1L, of(Fn.DIV, DType.U64, 7L, 0L));
        assertEquals(1L, of(Fn.SIGN, DType.U64, -1L));
        assertEquals(1L, of(Fn.SHIFT_RIGHT_ARITHMETIC, DType.U64, -1L, 63L));
        assertEquals(0x1p64, Scalars.apply(Fn.CONVERT, DType.U64, DType.F32, List.of(-1L)));
    }

    @Test void shiftsByTheWidthOrMoreLeaveNothingOrTheSign() {
        assertEquals(0L, of(Fn.SHIFT_LEFT, DType.I32, 1L, 32L));
        assertEquals((long) Integer.MIN_VALUE, of(Fn.SHIFT_LEFT, DType.I32, 1L, 31L));
        assertEquals(-1L, of(Fn.SHIFT_RIGHT_ARITHMETIC, DType.I32, -5L, 40L));
        assertEquals(0L, of(Fn.SHIFT_RIGHT_LOGICAL, DType.I64, -5L, 64L));
        assertEquals(1L, of(Fn.SHIFT_RIGHT_LOGICAL, DType.I32, -5L, 31L));
    }

    @Test void nanSpreadsThroughMaximaAndComparesFalse() {
        assertEquals(Double.NaN, floating(Fn.MAX, Double.NaN, 1));
        assertEquals(Double.NaN, floating(Fn.MIN, 1, Double.NaN));
        assertEquals(0L, of(Fn.EQ, DType.F64, Double.NaN, Double.NaN));
        assertEquals(1L, of(Fn.NE, DType.F64, Double.NaN, Double.NaN));
        assertEquals(0L, of(Fn.GE, DType.F64, Double.NaN, Double.NaN));
    }

    @Test void functionsAreRightAtTheEndsOfTheirRange() {
        assertEquals(1.0, floating(Fn.TANH, Double.POSITIVE_INFINITY));
        assertEquals(-1.0, floating(Fn.ERF, Double.NEGATIVE_INFINITY));
        assertEquals(0.0, floating(Fn.LOGISTIC, -1000));
        assertEquals(1.0, floating(Fn.LOGISTIC, 1000));
        assertEquals(Double.NEGATIVE_INFINITY, floating(Fn.LOG, 0));
        assertEquals(Double.NaN, floating(Fn.LOG1P, -2));
        assertEquals(Double.POSITIVE_INFINITY, floating(Fn.RSQRT, 0));
        assertEquals(1.0, floating(Fn.POW, Double.NaN, 0));
        assertEquals(1.0, floating(Fn.POW, 1, Double.NaN));
        assertEquals(1e-20, floating(Fn.EXPM1, 1e-20));
        assertEquals(-0.0, floating(Fn.SIGN, -0.0));
        assertEquals(2.0, floating(Fn.ROUND, 2.5));
        assertEquals(4.0, floating(Fn.ROUND, 3.5));
    }

    /** The three known answers of Random123, file kat_vectors, threefry2x32 with 20 rounds. */
    @Test void threefryGivesTheKnownAnswers() {
        assertThreefry(0x6b200159L, 0x99ba4efeL, 0, 0, 0, 0);
        assertThreefry(0x1cb996fcL, 0xbb002be7L, 0xFFFFFFFFL, 0xFFFFFFFFL, 0xFFFFFFFFL, 0xFFFFFFFFL);
        assertThreefry(0xc4923a9cL, 0x483df7a0L, 0x13198a2eL, 0x03707344L, 0x243f6a88L, 0x85a308d3L);
    }

    private static void assertThreefry(long first, long second, long... x) {
        Number[] in = java.util.Arrays.stream(x).boxed().toArray(Number[]::new);
        assertEquals(first, of(Fn.THREEFRY_0, DType.U32, in));
        assertEquals(second, of(Fn.THREEFRY_1, DType.U32, in));
    }
}
