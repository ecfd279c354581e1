package javelin.core.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TypesTest {
    @Test void typesPrintAsInProgramsAndPapers() {
        assertEquals("f32[64,128]", TensorType.f32(64, 128).toString());
        assertEquals("bool[]", TensorType.of(DType.BOOL).toString());
    }

    @Test void numbersAreHeldExactlyOrWrappedOrRounded() {
        assertEquals(Long.MAX_VALUE, DType.I64.normalize(Long.MAX_VALUE));
        assertEquals(-1L, DType.I32.normalize(0xFFFFFFFFL));
        assertEquals(0xFFFFFFFFL, DType.U32.normalize(-1));
        assertEquals(255L, DType.U8.normalize(-1));
        assertEquals((double) 0.1f, DType.F32.normalize(0.1));
        assertEquals(0.1, DType.F64.normalize(0.1));
        assertEquals(1L, DType.BOOL.normalize(7));
        assertEquals(9007199254740993.0, DType.F64.normalize(9007199254740993L));
    }

    @Test void fractionsGoToIntegersByTruncationAndSaturate() {
        assertEquals(-2L, DType.I32.normalize(-2.9));
        assertEquals((long) Integer.MAX_VALUE, DType.I32.normalize(1e12));
        assertEquals(0L, DType.I64.normalize(Double.NaN));
        assertEquals(0L, DType.U8.normalize(-3.5));
        assertEquals(0xFFFFFFFFL, DType.U32.normalize(1e12));
        assertEquals(1L, DType.BOOL.normalize(0.25));
    }

    @Test void halvesAreRoundedToEvenByWayOfF32() {
        assertEquals(1.0, DType.BF16.normalize(1 + 0x1p-8));
        assertEquals(1 + 0x1p-6, DType.BF16.normalize(1 + 3 * 0x1p-8));
        assertEquals(Double.POSITIVE_INFINITY, DType.BF16.normalize((double) Float.MAX_VALUE));
        assertEquals(Double.NaN, DType.BF16.normalize((double) Float.intBitsToFloat(0x7FFFFFFF)));
        assertEquals(1.0, DType.F16.normalize(1 + 0x1p-11));
        assertEquals(65504.0, DType.F16.normalize(65519));
        assertEquals(Double.POSITIVE_INFINITY, DType.F16.normalize(65520));
        assertEquals(0x1p-24, DType.F16.normalize(0x1.8p-25));
        for (DType half : List.of(DType.BF16, DType.F16))
            for (int bits = 0; bits < 1 << 16; bits++) {
                Number x = half.ofBits(bits);
                assertEquals(x, half.normalize(x));
                if (!Double.isNaN(x.doubleValue())) assertEquals(bits, half.bits(x) & 0xFFFF);
            }
    }

    @Test void unsignedLongsAreTheLongsOfTheSameBits() {
        assertEquals(-1L, DType.U64.normalize(1e30));
        assertEquals(0L, DType.U64.normalize(-1e30));
        assertEquals(Long.MIN_VALUE, DType.U64.normalize(0x1p63));
        assertEquals(0x1p64, DType.U64.toDouble(-1L));
        assertEquals(0x1p63 + 0x1p11, DType.U64.toDouble(Long.MIN_VALUE + 1025));
        assertEquals(-1L, DType.U64.highest());
        assertEquals(0x1p63f + 0x1p40f, Numbers.unsignedToFloat(Long.MIN_VALUE + (1L << 39) + 1));
    }

    @Test void smallIntegersWrapAndSaturate() {
        assertEquals(-56L, DType.I8.normalize(200));
        assertEquals(127L, DType.I8.normalize(200.0));
        assertEquals(-32768L, DType.I16.normalize(Double.NEGATIVE_INFINITY));
        assertEquals(0xFFFFL, DType.U16.normalize(-1));
    }

    @Test void shapesKnowElementsStridesAndTheirParts() {
        Shape s = Shape.of(2, 3, 4);
        assertEquals(24, s.elements());
        assertEquals(1, Shape.of().elements());
        assertEquals(0, Shape.of(3, 0).elements());
        assertEquals(List.of(12, 4, 1), java.util.Arrays.stream(s.strides()).boxed().toList());
        assertEquals(Shape.of(2, 4), s.without(List.of(1)));
        assertEquals(Shape.of(4, 2), s.select(List.of(2, 0)));
        assertEquals(Shape.of(2, 3, 4, 7), s.insert(3, 7));
    }

    @Test void shapesThatNoArrayCanHoldAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Shape.of(2, -1));
        assertThrows(IllegalArgumentException.class, () -> Shape.of(1 << 16, 1 << 16));
    }
}
