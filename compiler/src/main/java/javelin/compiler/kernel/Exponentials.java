package javelin.compiler.kernel;

import javelin.core.lowering.Fn;
import javelin.core.lowering.Reals;
import javelin.core.lowering.Scalar;

/**
 * exp, expm1, tanh and logistic: x = n ln 2 + r with |r| at most half of ln 2, a polynomial in r, and 2^n put
 * together from bits. The polynomials are minimax fits of ours (Sollya's fpminimax, coefficients of the type itself),
 * on |r| up to 0.3473.
 */
final class Exponentials {
    private Exponentials() {}

    static final double LOG2_E = 1.4426950408889634;
    /** ln 2 as the sum of two numbers of the type; with an FMA the first may have all its bits. */
    static final double[] LN2_F32 = {0.6931471824645996, -1.9046542121259336e-9};
    static final double[] LN2_F64 = {0.6931471805599453, 2.3190468138462996e-17};

    // exp(r), relative error 2^-28 and 2^-57.9
    private static final double[] EXP_F32 = {1.38226640410721302e-3, 8.36884044110774994e-3, 4.16682474315166473e-2,
        0.16666519641876221, 0.49999994039535522, 1, 1};
    private static final double[] EXP_F64 = {2.500282689911468e-8, 2.7630636991975859e-7, 2.7557578899893328e-6,
        2.4801492031315483e-5, 1.9841269513594742e-4, 1.3888888944645597e-3, 8.333333333491795e-3,
        4.1666666666526297e-2, 0.16666666666666416, 0.50000000000000111, 1, 1};
    // (exp(r) - 1 - r) / r^2; the relative error of exp(r) - 1 is 2^-25.2 and 2^-60.6
    private static final double[] EXPM1_F32 = {1.39353540726006031e-3, 8.36329720914363861e-3, 4.16664630174636841e-2,
        0.16666576266288757, 0.5};
    private static final double[] EXPM1_F64 = {2.0920425826088024e-9, 2.5105565571915634e-8, 2.75572568161951e-7,
        2.7557254482606296e-6, 2.480158734257206e-5, 1.9841269875642606e-4, 1.3888888888876948e-3, 8.33333333332585e-3,
        4.166666666666668e-2, 0.1666666666666667, 0.5};

    /**
     * {@code factor * x = n ln 2 + factor * r}.
     *
     * @param shifted n plus the rounding shift plus the offset asked for: its low bits hold n + offset
     */
    record Reduced(Scalar shifted, Scalar r) {}

    /** Takes n ln 2 out of {@code factor * x}; {@code factor} is a power of two or minus one. */
    static Reduced reduce(Reals reals, Scalar x, double factor, int offset, boolean exactly) {
        double shift = reals.roundingShift() + offset;
        double[] ln2 = reals.choose(LN2_F32, LN2_F64);
        Scalar shifted = reals.fma(x, factor * LOG2_E, shift);
        Scalar n = reals.minus(shifted, shift);
        Scalar r = reals.fma(n, -ln2[0] / factor, x);   // exact: a multiple of the last bit of ln2[0], below 1/2
        return new Reduced(shifted, exactly ? reals.fma(n, -ln2[1] / factor, r) : r);
    }

    /** The polynomial of exp(factor * r). */
    static Scalar ofRemainder(Reals reals, Scalar r, double factor) {
        return reals.polynomial(r, Reals.stretched(reals.choose(EXP_F32, EXP_F64), factor));
    }

    /** exp(factor * x) for an {@code x} clamped to where neither half of the exponent over- or underflows. */
    private static Scalar exp(Reals reals, Scalar x, double factor) {
        Reduced reduced = reduce(reals, x, factor, 2 * reals.bias(), true);
        Scalar p = ofRemainder(reals, reduced.r(), factor);
        // 2^n in two factors: the first product is exact, so a subnormal result is rounded once
        Scalar both = reals.bits(reduced.shifted());
        Scalar half = reals.shiftRight(both, 1);
        return p.times(reals.powerOfTwo(half)).times(reals.powerOfTwo(both.minus(half)));
    }

    static Scalar exp(Reals reals, Scalar x) {
        Scalar clamped = reals.atMost(reals.atLeast(x, reals.choose(-104.0, -746.0)), reals.choose(89.0, 710.0));
        return exp(reals, clamped, 1);
    }

    /** 1 / (1 + exp(-x)), from exp(-|x|): that cannot overflow, and gives the subnormal results. */
    static Scalar logistic(Reals reals, Scalar x) {
        Scalar e = exp(reals, reals.atMost(reals.abs(x), reals.choose(104.0, 746.0)), -1);
        Scalar numerator = Scalar.select(reals.is(Fn.LT, x, 0), e, reals.number(1));
        return lessItsPart(reals, numerator, reals.over(e, e.plus(1)));
    }

    /** 2^n (exp(r) - 1) + (2^n - 1), computed at half its size so that 2^n does not overflow before the result does. */
    static Scalar expm1(Reals reals, Scalar x) {
        Scalar clamped = reals.atMost(reals.atLeast(x, reals.choose(-40.0, -80.0)), reals.choose(89.0, 710.0));
        Reduced reduced = reduce(reals, clamped, 1, reals.bias() - 1, true);
        Scalar r = reduced.r();
        Scalar square = r.times(r);
        Scalar p = reals.fma(square, reals.polynomial(r, reals.choose(EXPM1_F32, EXPM1_F64)), r);
        Scalar scale = reals.powerOfTwo(reals.bits(reduced.shifted()));
        Scalar half = reals.fma(scale, p, reals.minus(scale, 0.5));
        // the square vanishes for tiny x alone: halves would lose the last bit of subnormals, and the sign of 0
        return Scalar.select(reals.is(Fn.EQ, square, 0), x, half.plus(half));
    }

    /** h / (h + 1) with h = (exp(2|x|) - 1) / 2, and the sign of x: accurate near 0 without a branch. */
    static Scalar tanh(Reals reals, Scalar x) {
        Scalar clamped = reals.atMost(reals.abs(x), reals.choose(10.0, 20.0));
        Reduced reduced = reduce(reals, clamped, 2, reals.bias(), true);
        Scalar r = reduced.r();
        double[] halves = Reals.stretched(reals.choose(EXPM1_F32, EXPM1_F64), 2);
        for (int i = 0; i < halves.length; i++) { halves[i] *= 2; }
        Scalar p = reals.fma(r.times(r), reals.polynomial(r, halves), r);
        Scalar scale = reals.powerOfTwo(reals.bits(reduced.shifted()));
        Scalar h = reals.fma(p, scale, reals.fma(scale, 0.5, -0.5));
        Scalar numerator = reals.atMost(h, 1);
        return reals.withSign(lessItsPart(reals, numerator, reals.over(numerator, h.plus(1))), x);
    }

    /** {@code a - a q}, which for a small {@code q} forgets most of its error; {@code a (1 - q)} would round twice. */
    private static Scalar lessItsPart(Reals reals, Scalar a, Scalar q) { return reals.fma(reals.negate(a), q, a); }
}
