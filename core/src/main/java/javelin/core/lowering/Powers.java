package javelin.core.lowering;

/** Two to the x, and the cube root. */
final class Powers {
    private Powers() {}

    /** {@code 2^n e^(f ln 2)} with n whole and |f| at most a half. */
    static Scalar exp2(Reals reals, Scalar x) {
        Scalar clamped = reals.atMost(reals.atLeast(x, reals.choose(-151.0, -1076.0)), reals.choose(129.0, 1025.0));
        // twice the bias, so that either half of the exponent is that of a number
        double shift = reals.roundingShift() + 2 * reals.bias();
        Scalar shifted = clamped.plus(shift), n = reals.minus(shifted, shift);
        Scalar power = Scalar.apply(Fn.EXP, clamped.minus(n).times(Math.log(2)));
        Scalar both = reals.bits(shifted), half = reals.shiftRight(both, 1);
        return power.times(reals.powerOfTwo(half)).times(reals.powerOfTwo(both.minus(half)));
    }

    // cube root of 1..8, relative error 2^-9; own fit with mpmath
    private static final double[] CBRT = {5.6552549e-5, -0.00159688734, 0.018251657, -0.11212011, 0.48881234,
        0.6084349};

    /** In f64: the root of the fraction by a polynomial and two steps, the last one with the exact residue. */
    static Scalar cbrt(Reals reals, Scalar x) {
        Scalar a = reals.abs(x);
        Scalar subnormal = reals.is(Fn.LT, a, reals.leastNormal());
        Scalar bits = reals.bits(Scalar.select(subnormal, a.times(0x1p54), a));
        Scalar exponent = reals.shiftRight(bits, 52);
        Scalar third = reals.shiftRight(exponent.times(21846), 16);       // exponent / 3 up to 2^15
        // bias = 3 * 341: the fraction, in 1..8, has the exponent's remainder for its own
        Scalar m = reals.ofBits(bits.minus(reals.shiftLeft(third.times(3).plus(-1023), 52)));
        Scalar t = reals.polynomial(m, CBRT);
        Scalar cube = t.times(t).times(t);
        t = t.times(reals.over(cube.plus(m.times(2)), cube.times(2).plus(m)));          // Halley's
        Scalar square = t.times(t), squareLost = reals.fma(t, t, reals.negate(square));
        Scalar residue = reals.fma(square, t, reals.negate(m)).plus(squareLost.times(t));
        t = t.minus(reals.over(residue, square.times(3)));                              // Newton's
        Scalar offset = Scalar.select(subnormal, reals.integer(1023 - 341 - 18), reals.integer(1023 - 341));
        Scalar root = t.times(reals.powerOfTwo(third.plus(offset)));
        Scalar ordinary = Scalar.apply(Fn.AND, reals.is(Fn.GT, a, 0), reals.is(Fn.LT, a, Double.POSITIVE_INFINITY));
        return reals.withSign(Scalar.select(ordinary, root, a), x);
    }
}
