package javelin.compiler.kernel;

import javelin.core.lowering.Fn;
import javelin.core.lowering.Reals;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/**
 * bf16 and f16 as f32 numbers, and as the u16 of their bits in memory, written out as graphs. Vectors compute these;
 * one number at a time is done by the JVM's own conversions, with the same results but for the bits of NaN.
 */
public final class Halves {
    private static final Reals REALS = new Reals(DType.F32);
    /**
     * The ratio of f32's and f16's scales: an f16's exponent and fraction, read as those of an f32, are too small by
     * it.
     */
    private static final double SCALE = 0x1p112;
    private static final long SIGN = 0xFFFFFFFF80000000L, INFINITY = 0x7F800000;

    private Halves() {}

    /** The number whose bits in memory are {@code bits}, u16. */
    public static Scalar widened(Scalar bits, DType half) {
        Scalar wide = Scalar.convert(bits, DType.I32);
        if (half == DType.BF16) return REALS.ofBits(REALS.shiftLeft(wide, 16));
        Scalar magnitude = REALS.shiftLeft(REALS.and(wide, 0x7FFF), 13),
                sign = REALS.and(REALS.shiftLeft(wide, 16), SIGN);
        Scalar scaled = REALS.bits(REALS.ofBits(magnitude).times(SCALE));
        Scalar outside = Scalar.apply(Fn.GE, magnitude, REALS.integer(0x7C00 << 13));
        return REALS.ofBits(or(sign, Scalar.select(outside, or(magnitude, REALS.integer(INFINITY)), scaled)));
    }

    /** The bits in memory, u16, of a number of type {@code half}. */
    public static Scalar narrowed(Scalar x, DType half) {
        Scalar high = REALS.shiftRight(REALS.bits(x), 16);
        if (half == DType.BF16) return Scalar.convert(high, DType.U16);
        Scalar scaled = REALS.bits(REALS.abs(x).times(1 / SCALE));       // infinity and NaN have too long an exponent
        return Scalar.convert(or(REALS.and(REALS.shiftRight(scaled, 13), 0x7FFF), REALS.and(high, 0x8000)), DType.U16);
    }

    /** The number of type {@code half} nearest to an f32, halfway cases to even. */
    public static Scalar rounded(Scalar x, DType half) {
        int lost = DType.F32.fractionBits() - half.fractionBits();
        Scalar isNumber = Scalar.apply(Fn.EQ, x, x), bits = REALS.bits(x);
        Scalar even = REALS.and(REALS.shiftRight(bits, lost), 1);
        Scalar cut = REALS.and(bits.plus((1L << lost - 1) - 1).plus(even), -1L << lost);
        if (half == DType.BF16) return Scalar.select(isNumber, REALS.ofBits(cut), x);
        // below the least normal number f16 is a multiple of 2^-24, as are the f32 numbers from 1/2 to 1
        Scalar size = REALS.abs(x), multiple = REALS.minus(size.plus(0.5), 0.5);
        Scalar rounded = REALS.abs(REALS.ofBits(cut));
        Scalar finite = Scalar.select(REALS.is(Fn.GE, rounded, 0x1p16), REALS.number(Double.POSITIVE_INFINITY),
                rounded);
        return Scalar.select(isNumber, REALS.withSign(
                Scalar.select(REALS.is(Fn.LT, size, half.leastNormal()), multiple, finite), x), x);
    }

    private static Scalar or(Scalar x, Scalar y) { return Scalar.apply(Fn.OR, x, y); }
}
