package javelin.compiler.kernel;

import javelin.core.lowering.Fn;
import javelin.core.lowering.Reals;
import javelin.core.lowering.Scalar;

/**
 * sin and cos: x = q pi/2 + r, a polynomial of sin or cos in r, and a sign, both chosen by the low bits of q. Pi/2 is
 * taken out in three parts (Cody and Waite); beyond {@link #limit} that is not enough and the graph means nothing.
 * The polynomials are minimax fits of ours (Sollya's fpminimax).
 */
final class Trigonometry {
    private Trigonometry() {}

    private static final double[] HALF_PI_F32 = {1.57079637050628662, -4.371138828673793e-8, -1.7151245100058819e-15};
    private static final double[] HALF_PI_F64 = {1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33};

    // (sin(r) - r) / r^3 in r^2, on |r| <= 0.824 and 0.793, relative error of the sine 2^-30.7 and 2^-55.9
    private static final double[] SIN_F32 = {2.86862609755189624e-6, -1.98572786757722497e-4, 8.33339057862758636e-3,
        -0.16666667163372040};
    private static final double[] SIN_F64 = {1.5913849396105758e-10, -2.5051067538769175e-8, 2.7557315758145056e-6,
        -1.9841269835973172e-4, 8.3333333333302454e-3, -0.16666666666666663};
    // cos(r) in r^2, on the same intervals, relative error 2^-29 and 2^-60
    private static final double[] COS_F32 = {2.45235642069019377e-5, -1.38881895691156387e-3, 4.16666641831398010e-2,
        -0.5, 1};
    private static final double[] COS_F64 = {-1.1379952812213870e-11, 2.0876106006500504e-9, -2.7557317056106847e-7,
        2.4801587298274054e-5, -1.3888888888886957e-3, 4.1666666666666664e-2, -0.5, 1};

    /** The largest {@code |x|} for which the results are good. */
    static double limit(Reals reals) { return reals.choose(0x1p20, 0x1p40); }

    static Scalar sin(Reals reals, Scalar x) {
        // the polynomial loses the sign of zero
        return Scalar.select(reals.is(Fn.EQ, x, 0), x, quarterTurns(reals, x, 0));
    }

    static Scalar cos(Reals reals, Scalar x) { return quarterTurns(reals, x, 1); }

    /** In f64: sine by cosine of r, with what rounding took from r; every other quarter turn inverted. */
    static Scalar tan(Reals reals, Scalar x) {
        double shift = reals.roundingShift();
        double[] halfPi = HALF_PI_F64;
        Scalar shifted = reals.fma(x, 2 / Math.PI, shift);
        Scalar q = reals.minus(shifted, shift);
        Scalar first = reals.fma(q, -halfPi[0], x);
        Scalar second = q.times(halfPi[1]), secondLost = reals.fma(q, halfPi[1], reals.negate(second));
        Scalar r = first.minus(second), taken = r.minus(first);          // Knuth's exact difference
        Scalar rounding = first.minus(r.minus(taken)).minus(second.plus(taken));
        Scalar lost = reals.fma(q, -halfPi[2], rounding.minus(secondLost));
        Scalar square = r.times(r);
        Scalar bend = reals.fma(r.times(square), reals.polynomial(square, SIN_F64), lost);
        Scalar sin = r.plus(bend), cos = reals.polynomial(square, COS_F64);
        cos = reals.fma(reals.negate(r), lost, cos);
        Scalar odd = Scalar.apply(Fn.NE, reals.and(reals.bits(shifted), 1), reals.integer(0));
        Scalar tan = reals.over(Scalar.select(odd, reals.negate(cos), sin), Scalar.select(odd, sin, cos));
        return Scalar.select(reals.is(Fn.EQ, x, 0), x, tan);
    }

    /** sin(x + turns pi/2). */
    private static Scalar quarterTurns(Reals reals, Scalar x, int turns) {
        double shift = reals.roundingShift() + turns;
        double[] halfPi = reals.choose(HALF_PI_F32, HALF_PI_F64);
        Scalar shifted = reals.fma(x, 2 / Math.PI, shift);
        Scalar q = reals.minus(shifted, shift);
        Scalar r = x;
        for (double part : halfPi) { r = reals.fma(q, -part, r); }
        Scalar square = r.times(r);
        Scalar sin = reals.fma(r.times(square), reals.polynomial(square, reals.choose(SIN_F32, SIN_F64)), r);
        Scalar cos = reals.polynomial(square, reals.choose(COS_F32, COS_F64));
        Scalar turn = reals.bits(shifted);
        Scalar odd = Scalar.apply(Fn.NE, reals.and(turn, 1), reals.integer(0));
        Scalar value = Scalar.select(odd, cos, sin);
        Scalar sign = reals.shiftLeft(reals.and(turn, 2), reals.choose(30, 62));
        return reals.ofBits(Scalar.apply(Fn.XOR, reals.bits(value), sign));
    }
}
