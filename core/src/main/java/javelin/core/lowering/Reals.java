package javelin.core.lowering;

import javelin.core.type.DType;

/**
 * The arithmetic of one floating-point type, f32 or f64, for writing formulas as graphs. Selections compute both
 * sides, so a formula may not count on the side it does not take being harmless to compute, only on it being dropped.
 */
public record Reals(DType type) {
    /** The integer type of the same width, to which {@link #bits} casts. */
    public DType integers() { return isSingle() ? DType.I32 : DType.I64; }

    public boolean isSingle() { return type == DType.F32; }

    /** Bits of the stored fraction. */
    public int fractionBits() { return isSingle() ? 23 : 52; }

    /** What the exponent field of 1 holds. */
    public int bias() { return isSingle() ? 127 : 1023; }

    public double leastNormal() { return isSingle() ? Float.MIN_NORMAL : Double.MIN_NORMAL; }

    /**
     * 1.5 * 2^fractionBits: adding it rounds a number of less than a quarter of its size to an integer (ties to even),
     * which then sits in the low bits of the sum; taking it away again gives that integer as a float.
     */
    public double roundingShift() { return isSingle() ? 0x1.8p23 : 0x1.8p52; }

    /** The value for this type: {@code single} in f32, {@code full} in f64. */
    public <T> T choose(T single, T full) { return isSingle() ? single : full; }

    public Scalar number(double value) { return Scalar.of(value, type); }

    public Scalar integer(long value) { return Scalar.of(value, integers()); }

    /** {@code a * b + c}, rounded once. */
    public Scalar fma(Scalar a, Scalar b, Scalar c) { return Scalar.apply(Fn.FMA, a, b, c); }

    public Scalar fma(Scalar a, double b, Scalar c) { return fma(a, number(b), c); }

    public Scalar fma(Scalar a, Scalar b, double c) { return fma(a, b, number(c)); }

    public Scalar fma(Scalar a, double b, double c) { return fma(a, number(b), number(c)); }

    /** Horner's scheme; the coefficient of the highest power comes first. */
    public Scalar polynomial(Scalar x, double... coefficients) {
        Scalar sum = number(coefficients[0]);
        for (int i = 1; i < coefficients.length; i++) { sum = fma(sum, x, coefficients[i]); }
        return sum;
    }

    public Scalar minus(Scalar x, double y) { return x.minus(number(y)); }

    public Scalar over(Scalar x, Scalar y) { return Scalar.apply(Fn.DIV, x, y); }

    public Scalar abs(Scalar x) { return Scalar.apply(Fn.ABS, x); }

    public Scalar negate(Scalar x) { return Scalar.apply(Fn.NEG, x); }

    public Scalar is(Fn comparison, Scalar x, double y) { return Scalar.apply(comparison, x, number(y)); }

    /** {@code x} or, where it is below it, {@code floor}; NaN stays. */
    public Scalar atLeast(Scalar x, double floor) { return Scalar.select(is(Fn.LT, x, floor), number(floor), x); }

    /** {@code x} or, where it is above it, {@code ceiling}; NaN stays. */
    public Scalar atMost(Scalar x, double ceiling) { return Scalar.select(is(Fn.GT, x, ceiling), number(ceiling), x); }

    public Scalar bits(Scalar x) { return Scalar.bitcast(x, integers()); }

    public Scalar ofBits(Scalar bits) { return Scalar.bitcast(bits, type); }

    public Scalar and(Scalar x, long mask) { return Scalar.apply(Fn.AND, x, integer(mask)); }

    public Scalar shiftLeft(Scalar x, int places) { return Scalar.apply(Fn.SHIFT_LEFT, x, integer(places)); }

    public Scalar shiftRight(Scalar x, int places) { return Scalar.apply(Fn.SHIFT_RIGHT_LOGICAL, x, integer(places)); }

    public Scalar shiftRightSigned(Scalar x, int places) {
        return Scalar.apply(Fn.SHIFT_RIGHT_ARITHMETIC, x, integer(places));
    }

    /** The float with the low bits of {@code x} as sign and exponent: 2^n for n + bias, -2^n with one more bit set. */
    public Scalar powerOfTwo(Scalar x) { return ofBits(shiftLeft(x, fractionBits())); }

    /** {@code magnitude}, which is not negative, with the sign of {@code x}: zeros and NaN too. */
    public Scalar withSign(Scalar magnitude, Scalar x) {
        Scalar sign = and(bits(x), isSingle() ? Integer.MIN_VALUE : Long.MIN_VALUE);
        return ofBits(Scalar.apply(Fn.OR, bits(magnitude), sign));
    }

    /** {@code coefficients} of p(x), highest power first, become those of p(factor * x): exact for powers of two. */
    public static double[] stretched(double[] coefficients, double factor) {
        double[] stretched = coefficients.clone();
        for (int i = 0; i < stretched.length; i++) { stretched[i] *= Math.pow(factor, stretched.length - 1 - i); }
        return stretched;
    }
}
