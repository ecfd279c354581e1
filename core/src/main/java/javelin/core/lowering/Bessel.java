package javelin.core.lowering;

/**
 * The modified Bessel functions of the first kind times {@code exp(-|x|)}, in f64: up to 8 by their power series, whose
 * terms are all positive (DLMF 10.25.2); beyond by a Chebyshev series in 8/x of their product with sqrt(x), as in
 * Cephes, the coefficients ours (mpmath), the highest first.
 */
final class Bessel {
    private Bessel() {}

    private static final int TERMS = 26;
    private static final double[] I0_FAR = {-7.233180487874754e-18, -4.830504485944182e-18, 4.46562142029676e-17,
        3.461222867697461e-17, -2.8276239805165836e-16, -3.425485619677219e-16, 1.7725601330565263e-15,
        3.8116806693526224e-15, -9.554846698828307e-15, -4.150569347287222e-14, 1.54008621752141e-14,
        3.8527783827421426e-13, 7.180124451383666e-13, -1.7941785315068062e-12, -1.3215811840447713e-11,
        -3.1499165279632416e-11, 1.1889147107846439e-11, 4.94060238822497e-10, 3.3962320257083865e-9,
        2.266668990498178e-8, 2.0489185894690638e-7, 2.8913705208347567e-6, 6.889758346916825e-5,
        0.0033691164782556943, 0.8044904110141088};
    private static final double[] I1_FAR = {7.517296310842105e-18, 4.414348323071708e-18, -4.6503053684893586e-17,
        -3.209525921993424e-17, 2.96262899764595e-16, 3.3082023109209285e-16, -1.8803547755107825e-15,
        -3.8144030724370075e-15, 1.0420276984128802e-14, 4.272440016711951e-14, -2.1015418427726643e-14,
        -4.0835511110921974e-13, -7.198551776245908e-13, 2.0356285441470896e-12, 1.4125807436613782e-11,
        3.2526035830154884e-11, -1.8974958123505413e-11, -5.589743462196584e-10, -3.835380385964237e-9,
        -2.6314688468895196e-8, -2.512236237870209e-7, -3.882564808877691e-6, -0.00011058893876262371,
        -0.009761097491361469, 0.7785762350182801};

    static Scalar i0e(Reals reals, Scalar x) {
        Scalar a = reals.abs(x);
        return Scalar.select(reals.is(Fn.LE, a, 8), series(reals, a, 0), chebyshev(reals, a, I0_FAR));
    }

    static Scalar i1e(Reals reals, Scalar x) {
        Scalar a = reals.abs(x), near = series(reals, a, 1).times(a.times(0.5));
        return reals.withSign(Scalar.select(reals.is(Fn.LE, a, 8), near, chebyshev(reals, a, I1_FAR)), x);
    }

    /** {@code exp(-a)} times the sum over k of {@code z^k / (k! (k + order)!)} with {@code z = a^2 / 4}. */
    private static Scalar series(Reals reals, Scalar a, int order) {
        double[] coefficients = new double[TERMS];
        double c = 1;
        for (int k = 0; k < TERMS; k++, c /= k * (k + (double) order)) coefficients[TERMS - 1 - k] = c;
        Scalar half = a.times(0.5), z = half.times(half), lost = reals.fma(half, half, reals.negate(z));
        Scalar sum = reals.polynomial(z, coefficients);
        // the logarithmic derivative is about 1 / sqrt((order + 1)^2 + z): enough for what rounding took from z
        Scalar slope = reals.over(lost, Scalar.apply(Fn.SQRT, z.plus((order + 1.0) * (order + 1))));
        return reals.fma(sum, slope, sum).times(Scalar.apply(Fn.EXP, reals.negate(a)));
    }

    /** By Clenshaw's recurrence, in which the constant counts half. */
    private static Scalar chebyshev(Reals reals, Scalar a, double[] coefficients) {
        Scalar t = reals.minus(reals.over(reals.number(16), a), 1);
        Scalar twice = t.plus(t), b = reals.number(0), before = b;
        for (double c : coefficients) {
            Scalar last = b;
            b = reals.fma(twice, last, reals.number(c).minus(before));
            before = last;
        }
        // the recurrence in t itself for the constant
        Scalar sum = b.minus(reals.fma(t, before, reals.number(coefficients[coefficients.length - 1] / 2)));
        return reals.over(sum, Scalar.apply(Fn.SQRT, a));
    }
}
