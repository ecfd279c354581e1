package javelin.core.lowering;

/**
 * sinh and cosh of either type; their inverses in f64, from which f32 is rounded, by log1p and what the rounding of its
 * argument took.
 */
final class Hyperbolics {
    private Hyperbolics() {}

    // (sinh(x) - x) / x^3 in x^2 <= 1, relative error of the sine 2^-27.9 and 2^-56.8; own fit with mpmath
    private static final double[] SINH_F32 = {2.8062803e-6, 0.00019838102, 0.0083333397, 0.16666667};
    private static final double[] SINH_F64 = {2.8445264169895616e-15, 7.646625361656656e-13, 1.6059048396350562e-10,
        2.505210836405804e-8, 2.755731922404034e-6, 0.00019841269841269773, 0.008333333333333333,
        0.16666666666666666};

    static Scalar sinh(Reals reals, Scalar x) {
        Scalar a = reals.abs(x), square = x.times(x);
        Scalar near = reals.fma(x.times(square), reals.polynomial(square, reals.choose(SINH_F32, SINH_F64)), x);
        Scalar e = Scalar.apply(Fn.EXP, a);
        Scalar far = reals.fma(e, 0.5, reals.over(reals.number(-0.5), e));
        return Scalar.select(reals.is(Fn.LT, a, 1), near, reals.withSign(unlessHuge(reals, a, far), x));
    }

    static Scalar cosh(Reals reals, Scalar x) {
        Scalar a = reals.abs(x), e = Scalar.apply(Fn.EXP, a);
        return unlessHuge(reals, a, reals.fma(e, 0.5, reals.over(reals.number(0.5), e)));
    }

    /** {@code e^a / 2} where {@code e^a} may overflow before that does. */
    private static Scalar unlessHuge(Reals reals, Scalar a, Scalar value) {
        double shift = 1;                                                // subtracted exactly
        Scalar huge = Scalar.apply(Fn.EXP, reals.minus(a, shift)).times(Math.exp(shift) / 2);
        return Scalar.select(reals.is(Fn.GT, a, reals.choose(88.0, 709.0)), huge, value);
    }

    private static final double HUGE = 0x1p60;

    /** {@code log1p(a + a^2 / (1 + sqrt(1 + a^2)))} with the sign of x (Abramowitz and Stegun 4.6.20). */
    static Scalar asinh(Reals reals, Scalar x) {
        Scalar a = reals.abs(x), square = a.times(a);
        Scalar t = reals.over(square, Scalar.apply(Fn.SQRT, square.plus(1)).plus(1));
        return reals.withSign(ofSum(reals, a, a, t), x);
    }

    /** {@code log1p(t + sqrt(t (t + 2)))} with t = x - 1 (Abramowitz and Stegun 4.6.21). */
    static Scalar acosh(Reals reals, Scalar x) {
        Scalar t = reals.minus(x, 1), twice = t.times(2);
        Scalar m = reals.fma(t, t, twice), left = reals.fma(t, t, twice.minus(m));
        Scalar root = Scalar.apply(Fn.SQRT, m);
        Scalar lost = reals.over(reals.fma(reals.negate(root), root, m).plus(left), root.plus(root));
        Scalar s = Scalar.select(reals.is(Fn.EQ, m, 0), m, root.plus(0));
        Scalar corrected = ofSum(reals, x, s, t.plus(Scalar.select(reals.is(Fn.EQ, m, 0), m, lost)));
        return Scalar.select(reals.is(Fn.LT, x, 1), reals.number(Double.NaN), corrected);
    }

    /** {@code log1p(large + small)}; where {@code a} is huge, so that they may overflow, {@code log(2 a)}. */
    private static Scalar ofSum(Reals reals, Scalar a, Scalar large, Scalar small) {
        Scalar w = large.plus(small), lost = large.minus(w).plus(small);
        Scalar isHuge = reals.is(Fn.GT, a, HUGE);
        Scalar argument = Scalar.select(isHuge, a, w);
        Scalar rest = Scalar.select(isHuge, reals.number(Math.log(2)), reals.over(lost, w.plus(1)));
        return Scalar.apply(Fn.LOG1P, argument).plus(rest);
    }

    /** {@code log1p(2a / (1 - a)) / 2} with the sign of x (Abramowitz and Stegun 4.6.22). */
    static Scalar atanh(Reals reals, Scalar x) {
        Scalar a = reals.abs(x), twice = a.plus(a);
        Scalar d = reals.number(1).minus(a), dLost = reals.number(1).minus(d).minus(a);
        Scalar q = reals.over(twice, d);
        Scalar lost = reals.over(reals.fma(reals.negate(q), d, twice).minus(q.times(dLost)), d);
        Scalar value = Scalar.apply(Fn.LOG1P, q);
        Scalar corrected = value.plus(reals.over(lost, q.plus(1))).times(0.5);
        Scalar inside = Scalar.select(reals.is(Fn.LT, a, 1), corrected, value);       // infinite at 1, NaN beyond
        return reals.withSign(Scalar.select(reals.is(Fn.EQ, a, 0), a, inside), x);
    }
}
