package javelin.core.lowering;

/**
 * The inverse trigonometric functions. Coefficients are near-minimax fits of ours (mpmath, at Chebyshev's points).
 */
final class Arcs {
    private Arcs() {}

    // (atan(t) - t) / t^3 in t^2 <= 1, relative error of the arc 2^-25.2 and 2^-55.5
    private static final double[] ATAN_F32 = {-0.0023869973, 0.013507771, -0.03587154, 0.06250169, -0.0865688,
        0.1103376412, -0.14278569, 0.1999974, -0.3333333};
    private static final double[] ATAN_F64 = {7.767624330222636e-6, -9.371186344980018e-5, 0.0005376839297359795,
        -0.001961255427157231, 0.005140912856722705, -0.010412153260321116, 0.017183981722067778,
        -0.02419134581009845, 0.030330719265759684, -0.03527133106685351, 0.03938687540797818,
        -0.043306538430667715, 0.04758080083637737, -0.052624922290256566, 0.058822644167764455,
        -0.06666657934573768, 0.07692307078827029, -0.0909090906193528, 0.11111111110268297, -0.14285714285701234,
        0.1999999999999992, -0.3333333333333333};
    // (asin(s) - s) / s^3 in s^2 <= 1/4, relative error of the arc 2^-25.8 and 2^-57.4
    private static final double[] ASIN_F32 = {0.038085024, 0.026554542, 0.04500138, 0.07498855, 0.166666724};
    private static final double[] ASIN_F64 = {0.028757851367602328, -0.014851887071528912, 0.01740087944288715,
        0.005457506718563782, 0.0103228143502052, 0.011479177415181617, 0.013971212973553311, 0.017352392720869945,
        0.02237217294214989, 0.030381944138531247, 0.04464285714635543, 0.07499999999998433, 0.16666666666666669};

    /** Half of pi as two numbers of the type, the second what the first leaves over. */
    private static double[] halfPi(Reals reals) {
        return reals.choose(new double[] {1.5707963705062866, -4.371139000186241e-8},
                new double[] {Math.PI / 2, 6.123233995736766e-17});
    }

    static Scalar atan(Reals reals, Scalar x) {
        return reals.withSign(arc(reals, reals.abs(x), reals.number(1)), x);
    }

    /** The angle of (x, y), in (-pi, pi]; zeros and infinities as C has them. */
    static Scalar atan2(Reals reals, Scalar y, Scalar x) {
        double[] halfPi = halfPi(reals);
        Scalar acute = arc(reals, reals.abs(y), reals.abs(x));
        Scalar obtuse = reals.number(2 * halfPi[0]).minus(reals.minus(acute, 2 * halfPi[1]));
        Scalar left = Scalar.apply(Fn.LT, reals.bits(x), reals.integer(0));              // -0 too
        Scalar anyNaN = Scalar.apply(Fn.NE, x.plus(y), x.plus(y));
        Scalar angle = reals.withSign(Scalar.select(left, obtuse, acute), y);
        Scalar bothInfinite = Scalar.apply(Fn.EQ, reals.abs(x), reals.abs(y));
        return Scalar.select(anyNaN, Scalar.select(bothInfinite, angle, x.plus(y)), angle);
    }

    /** The angle of a point of the first quadrant: that of the smaller coordinate to the larger, or what it lacks. */
    private static Scalar arc(Reals reals, Scalar y, Scalar x) {
        double[] halfPi = halfPi(reals);
        Scalar steep = Scalar.apply(Fn.GT, y, x);
        Scalar small = Scalar.select(steep, x, y), large = Scalar.select(steep, y, x);
        Scalar quotient = Scalar.select(reals.is(Fn.EQ, large, 0), large, reals.over(small, large));
        Scalar infinite = reals.is(Fn.EQ, small, Double.POSITIVE_INFINITY);
        Scalar t = Scalar.select(infinite, reals.number(1), quotient);
        Scalar square = t.times(t);
        Scalar flat = reals.fma(t.times(square), reals.polynomial(square, reals.choose(ATAN_F32, ATAN_F64)), t);
        return Scalar.select(steep, reals.number(halfPi[0]).minus(reals.minus(flat, halfPi[1])), flat);
    }

    /** {@code asin(s)} is s + s z p; beyond 1/2 it is {@code pi/2 - 2 asin(sqrt((1 - |x|) / 2))}. */
    private record Halved(Scalar large, Scalar s, Scalar below, Scalar rest) {
        static Halved of(Reals reals, Scalar magnitude) {
            Scalar large = reals.is(Fn.GT, magnitude, 0.5);
            Scalar z = Scalar.select(large, reals.fma(magnitude, -0.5, 0.5), magnitude.times(magnitude));
            Scalar root = Scalar.apply(Fn.SQRT, z);
            Scalar s = Scalar.select(large, root, magnitude);
            // what rounding took from the root
            Scalar lost = reals.over(reals.fma(reals.negate(root), root, z), root.plus(root));
            Scalar below = Scalar.select(Scalar.apply(Fn.AND, large, reals.is(Fn.GT, z, 0)), lost, reals.number(0));
            return new Halved(large, s, below,
                    s.times(z).times(reals.polynomial(z, reals.choose(ASIN_F32, ASIN_F64))));
        }
    }

    static Scalar asin(Reals reals, Scalar x) {
        double[] halfPi = halfPi(reals);
        Halved h = Halved.of(reals, reals.abs(x));
        // pi/4 - (2s - pi/4) halves the error of the first difference
        Scalar near = reals.number(halfPi[0] / 2).minus(h.s().times(2));
        Scalar tail = reals.minus(h.rest().plus(h.below()).times(2), halfPi[1]);
        Scalar large = reals.number(halfPi[0] / 2).plus(near.minus(tail));
        return reals.withSign(Scalar.select(h.large(), large, h.s().plus(h.rest())), x);
    }

    static Scalar acos(Reals reals, Scalar x) {
        double[] halfPi = halfPi(reals);
        Halved h = Halved.of(reals, reals.abs(x));
        Scalar negative = reals.is(Fn.LT, x, 0);
        Scalar rest = h.rest().plus(h.below());
        Scalar above = h.s().plus(rest).times(2);
        Scalar below = reals.number(2 * halfPi[0]).minus(reals.minus(h.s().plus(rest).times(2), 2 * halfPi[1]));
        Scalar signed = Scalar.select(negative, reals.negate(h.rest()), h.rest());
        Scalar middle = reals.number(halfPi[0]).minus(x.minus(reals.number(halfPi[1]).minus(signed)));
        return Scalar.select(h.large(), Scalar.select(negative, below, above), middle);
    }
}
