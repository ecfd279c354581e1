package javelin.compiler.kernel;

import javelin.core.lowering.Fn;
import javelin.core.lowering.Reals;
import javelin.core.lowering.Scalar;

/**
 * log and log1p: the argument is 2^k (1 + f) with 1 + f around 1, and the result k ln 2 + log(1 + f). Everything holds
 * -k rather than k: it comes from the bits as easily, and keeps the sign of log1p(-0).
 */
final class Logarithms {
    private Logarithms() {}

    // (log(1 + f) - f) / f^2 on |f| <= 1/3, relative error of the log 2^-26.7; own fit with Sollya's fpminimax
    private static final double[] LOG_F32 = {-0.12928365170955658, 0.13763451576232910, -0.12180526554584503,
        0.14053322374820709, -0.16680307686328888, 0.20007342100143433, -0.24999815225601196,
        0.33333271741867065, -0.5};
    // (log((1 + s) / (1 - s)) - 2s) / s^3 in s^2 <= 0.0295, relative error 2^-57.6; own fit with Sollya's fpminimax
    private static final double[] LOG_F64 = {0.14619938123139445, 0.15331439797603078, 0.18182897509271670,
        0.22222211023505756, 0.28571428626594947, 0.39999999999898567, 0.66666666666666696};

    /**
     * The exponent of a number.
     *
     * @param places -k in the place of a float's exponent: added to bits, it multiplies by 2^-k
     * @param number -k as a float, but {@code zero} more, and in units of {@link #unit}
     */
    private record Exponent(Scalar places, Scalar number, double zero) {
        static Exponent of(Reals reals, Scalar bits) {
            int fraction = reals.fractionBits();
            // the bits of the least 1 + f: 2/3 in f32, nearly the root of 1/2 in f64
            long least = reals.choose(0x3F2AAAABL, 0x3FE6A09E00000000L);
            Scalar gap = reals.integer(least + (1L << fraction) - 1).minus(bits);
            Scalar places = reals.and(gap, -1L << fraction);
            if (reals.isSingle()) { return new Exponent(places, Scalar.convert(places, reals.type()), 0); }
            // few machines convert i64 to f64
            double shift = reals.roundingShift();
            Scalar shifted = reals.shiftRightSigned(gap, fraction).plus(Double.doubleToLongBits(shift));
            return new Exponent(places, reals.ofBits(shifted), shift);
        }

        static double unit(Reals reals) { return reals.choose(0x1p23, 1.0); }
    }

    static Scalar log(Reals reals, Scalar x) {
        Scalar subnormal = reals.is(Fn.LT, x, reals.leastNormal());
        int raised = reals.choose(23, 54);
        Scalar bits = reals.bits(Scalar.select(subnormal, x.times(Math.scalb(1.0, raised)), x));
        Exponent k = Exponent.of(reals, bits);
        Scalar f = reals.minus(reals.ofBits(bits.plus(k.places())), 1);
        double zero = k.zero();
        Scalar raisedZero = reals.number(zero - raised * Exponent.unit(reals));
        Scalar offset = Scalar.select(subnormal, raisedZero, reals.number(zero));
        return bounded(reals, x, 0, sum(reals, k.number().minus(offset), f));
    }

    /** k is taken from 1 + x, rounded, but f from x itself: 2^-k x - (1 - 2^-k). */
    static Scalar log1p(Reals reals, Scalar x) {
        Exponent k = Exponent.of(reals, reals.bits(x.plus(1)));
        Scalar scaled = reals.ofBits(reals.bits(x).plus(k.places()));
        // 4 * 2^-k: unlike 2^-k normal for the largest k
        Scalar scale = reals.ofBits(k.places().plus((reals.bias() + 2L) << reals.fractionBits()));
        Scalar f = scaled.minus(reals.fma(scale, -0.25, 1));
        return bounded(reals, x, -1, sum(reals, k.zero() == 0 ? k.number() : reals.minus(k.number(), k.zero()), f));
    }

    /** {@code log(1 + f) + k ln 2}, given -k. */
    private static Scalar sum(Reals reals, Scalar minusK, Scalar f) {
        Scalar square = f.times(f);
        if (reals.isSingle()) {
            Scalar log = reals.fma(reals.polynomial(f, LOG_F32), square, f);
            return reals.fma(minusK, -Exponentials.LN2_F32[0] / Exponent.unit(reals), log);
        }
        // as in fdlibm's e_log.c: log(1 + f) = f - (h - s (h + R(s^2))), h = f^2 / 2, s = f / (2 + f)
        Scalar half = square.times(0.5);
        Scalar s = reals.over(f, f.plus(2));
        Scalar z = s.times(s);
        Scalar correction = reals.fma(z, reals.polynomial(z, LOG_F64), half);
        Scalar tail = reals.fma(s, correction, minusK.times(-Exponentials.LN2_F64[1]));
        return reals.fma(minusK, -Exponentials.LN2_F64[0], f.minus(half.minus(tail)));
    }

    /** {@code y} for {@code x} between {@code zero}, where the logarithm is -inf, and infinity. */
    private static Scalar bounded(Reals reals, Scalar x, double zero, Scalar y) {
        Scalar above = Scalar.select(reals.is(Fn.LT, x, Double.POSITIVE_INFINITY), y, x);
        Scalar pole = reals.number(Double.NEGATIVE_INFINITY);
        Scalar outside = Scalar.select(reals.is(Fn.EQ, x, zero), pole, reals.number(Double.NaN));
        return Scalar.select(reals.is(Fn.GT, x, zero), above, outside);
    }
}
