package javelin.core.lowering;

/** The logarithm of the gamma function and its derivative, in f64. */
final class Gammas {
    private Gammas() {}

    // lgamma(2 + d) / (d (d + 1)) on |d| <= 1/2, relative error 2^-55.8; own fit with mpmath
    private static final double[] LGAMMA = {2.8331179755524595e-8, -5.9191034539430366e-8, 8.673205951095157e-8,
        -1.8231384052730353e-7, 4.0516857334255604e-7, -8.559853958872399e-7, 1.8078213148269973e-6,
        -3.846729097394708e-6, 8.222223538994353e-6, -1.7661749741053172e-5, 3.8168886839303915e-5,
        -8.309512065991473e-5, 0.00018255263918030617, -0.00040570739776849235, 0.0009153769222493582,
        -0.002108130833949211, 0.004998641164697329, -0.012384192193371354, 0.03296500062115582,
        -0.10031730167435392, 0.42278433509846713};
    /** B(2k) / (2k (2k - 1)), the highest power first: Stirling's series (DLMF 5.11.1). */
    private static final double[] STIRLING = {1.0 / 156, -691.0 / 360360, 1.0 / 1188, -1.0 / 1680, 1.0 / 1260,
        -1.0 / 360, 1.0 / 12};
    /** B(2k) / (2k), likewise (DLMF 5.11.2). */
    private static final double[] DIGAMMA = {1.0 / 12, -691.0 / 32760, 1.0 / 132, -1.0 / 240, 1.0 / 252, -1.0 / 120,
        1.0 / 12};
    private static final int SHIFTS = 6;

    /**
     * From 8.5 on Stirling's series; below it lgamma(2 + d) and the logarithm of the factors between; below -1/2
     * Euler's reflection.
     */
    static Scalar lgamma(Reals reals, Scalar x) {
        Scalar reflected = reals.is(Fn.LT, x, -0.5);
        Scalar w = Scalar.select(reflected, reals.negate(x), x);
        Scalar stirling = reals.is(Fn.GE, w, SHIFTS + 2.5), up = reals.is(Fn.LT, w, 1.5);
        Scalar one = reals.number(1), factors = one, d = reals.minus(w, 2);
        for (int k = 1; k <= SHIFTS; k++) {
            Scalar more = reals.is(Fn.GE, w, k + 1.5);
            factors = Scalar.select(more, factors.times(reals.minus(w, k)), factors);
            d = Scalar.select(more, reals.minus(w, k + 2), d);
        }
        Scalar tiny = reals.is(Fn.LT, w, 0.5);
        factors = Scalar.select(tiny, reals.abs(reals.fma(w, w, w)), Scalar.select(up, w, Scalar.select(
                reals.is(Fn.LT, w, 2.5), one, factors)));
        d = Scalar.select(tiny, w, Scalar.select(up, reals.minus(w, 1), Scalar.select(reals.is(Fn.LT, w, 2.5),
                reals.minus(w, 2), d)));
        Scalar log = Scalar.apply(Fn.LOG, Scalar.select(stirling, w, factors));
        Scalar near = reals.polynomial(d, LGAMMA).times(d.times(d.plus(1)));
        Scalar small = Scalar.select(up, near.minus(log), near.plus(log));
        Scalar inverse = reals.over(one, w);
        // ln(sqrt(2 pi)) - 1/2
        Scalar series = reals.fma(inverse, reals.polynomial(inverse.times(inverse), STIRLING), 0.4189385332046727);
        Scalar large = reals.fma(reals.minus(w, 0.5), reals.minus(log, 1), series);
        Scalar positive = Scalar.select(stirling, large, small);
        Scalar sine = reals.abs(Scalar.apply(Fn.SIN, fraction(reals, w).times(Math.PI)));
        Scalar reflection = Scalar.apply(Fn.LOG, reals.over(reals.number(Math.PI), w.times(sine))).minus(positive);
        Scalar value = Scalar.select(reflected, reflection, positive);
        Scalar infinite = reals.is(Fn.EQ, reals.abs(x), Double.POSITIVE_INFINITY);
        return Scalar.select(infinite, reals.abs(x), value);
    }

    /** What is left of w after its nearest whole number, exactly. */
    private static Scalar fraction(Reals reals, Scalar w) { return w.minus(Scalar.apply(Fn.ROUND, w)); }

    /** Ten steps of the recurrence as far as 10, then the asymptotic series; below -1/2 the reflection. */
    static Scalar digamma(Reals reals, Scalar x) {
        Scalar reflected = reals.is(Fn.LT, x, -0.5), one = reals.number(1);
        Scalar w = Scalar.select(reflected, reals.negate(x), x);
        Scalar sum = reals.number(0), v = w;
        for (int k = 0; k < 11; k++) {
            Scalar below = reals.is(Fn.LT, v, 10);
            sum = Scalar.select(below, sum.plus(reals.over(one, v)), sum);
            v = Scalar.select(below, v.plus(1), v);
        }
        Scalar inverse = reals.over(one, v), square = inverse.times(inverse);
        Scalar tail = reals.fma(inverse, 0.5, square.times(reals.polynomial(square, DIGAMMA)));
        Scalar positive = Scalar.apply(Fn.LOG, v).minus(tail).minus(sum);
        Scalar angle = fraction(reals, w).times(Math.PI);
        Scalar cotangent = reals.over(Scalar.apply(Fn.COS, angle), Scalar.apply(Fn.SIN, angle));
        Scalar reflection = reals.fma(cotangent, Math.PI, positive.plus(reals.over(one, w)));
        Scalar value = Scalar.select(reflected, reflection, positive);
        Scalar pole = Scalar.apply(Fn.AND, reals.is(Fn.LE, x, 0), Scalar.apply(Fn.EQ, x, Scalar.apply(Fn.FLOOR, x)));
        return Scalar.select(pole, reals.number(Double.NaN), value);
    }
}
