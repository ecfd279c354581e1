package javelin.core.lowering;

/**
 * erfc in f64: {@code exp(-a^2) p(t) / (1 + 2a)} with {@code a = |x|} and {@code t = (a - 4) / (a + 4)}, next
 * to 0 {@code 1 - erf(x)}. The form is
 * M. Shepherd and J. Laframboise's (Mathematics of Computation 36, 1981), the coefficients are a fit of ours (mpmath).
 */
final class ErrorComplement {
    private ErrorComplement() {}

    // (1 + 2a) exp(a^2) erfc(a) on 0 <= a <= 28, relative error 2^-54; what the last coefficient's rounding left over
    private static final double[] ERFC = {1.263782858042137e-9, 1.868487385473519e-9, -1.4091982822555755e-8,
        -1.799947545903142e-8, 1.1005996198640057e-7, 7.471952780500971e-8, -8.254699744871162e-7,
        2.9377854943443786e-7, 5.709784760966506e-6, -1.1222046316669005e-5, -2.439924428312988e-5,
        0.00015062169704678355, -0.00019925668432389153, -0.0007577732973669146, 0.005031969975753176,
        -0.01619773405599449, 0.03716751553777026, -0.0663303658124095, 0.09373283499833023, -0.10103906603629459,
        0.06809705425469323, 0.015379652102619558, -0.13962111684056253, 1.2329951186255526};
    private static final double LEFT_OVER = -4.49701e-17;

    static Scalar erfc(Reals reals, Scalar x) {
        Scalar a = reals.atMost(reals.abs(x), 28);
        Scalar t = reals.over(reals.minus(a, 4), a.plus(4));
        double[] others = java.util.Arrays.copyOf(ERFC, ERFC.length - 1);
        double last = ERFC[others.length];
        Scalar u = t.times(reals.polynomial(t, others));
        Scalar p = u.plus(last), pLost = reals.number(last).minus(p).plus(u).plus(LEFT_OVER);
        Scalar d = a.times(2).plus(1), dLost = reals.number(1).minus(d).plus(a.times(2));
        Scalar dRest = Scalar.select(reals.is(Fn.GT, a, 0.5), a.times(2).minus(d).plus(1), dLost);
        Scalar q = reals.over(p, d);
        Scalar qLost = reals.over(reals.fma(reals.negate(q), d, p).plus(pLost).minus(q.times(dRest)), d);
        Scalar square = a.times(a), squareLost = reals.fma(a, a, reals.negate(square));
        Scalar e = Scalar.apply(Fn.EXP, reals.negate(square));
        Scalar tail = reals.fma(e, q, e.times(qLost.minus(q.times(squareLost))));
        Scalar far = Scalar.select(reals.is(Fn.LT, x, 0), reals.number(2).minus(tail), tail);
        Scalar near = reals.number(1).minus(Scalar.apply(Fn.ERF, x));
        return Scalar.select(reals.is(Fn.LT, a, 0.25), near, far);
    }
}
