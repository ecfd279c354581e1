package javelin.compiler.kernel;

import javelin.core.lowering.Fn;
import javelin.core.lowering.Reals;
import javelin.core.lowering.Scalar;

/**
 * erf: x + x p(x^2) near 0, else 1 - exp(q(|x|)) with the sign of x. The form in two pieces is N. Juffa's; the
 * polynomials are minimax fits of ours (Sollya).
 */
final class ErrorFunction {
    private ErrorFunction() {}

    // (erf(x) - x) / x in x^2, on |x| <= 0.92 and 1, relative error of erf 2^-25.8 and 2^-56; fpminimax
    private static final double[] NEAR_F32 = {-6.02066982537508011e-4, 4.99933864921331406e-3, -2.67710592597723007e-2,
        0.11281946301460266, -0.37612506747245789, 0.12837915122509003};
    private static final double[] NEAR_F64 = {-7.7871402635065580e-10, 1.3714890690931441e-8, -1.6207152295406923e-7,
        1.6447228937059656e-6, -1.4924718787983076e-5, 1.2055293808155598e-4, -8.5483259317277037e-4,
        5.2239776059953731e-3, -2.6866170643060991e-2, 0.11283791670943447, -0.37612638903183477, 0.12837916709551256};
    // log(1 - erf(x)), on 0.92 to 4 and 1 to 6, absolute error of erf 2^-27.3 and 2^-54.8; remez with weight 1 - erf
    private static final double[] FAR_F32 = {2.13531980989500890e-4, -3.21131059899925599e-3, 2.28785891085863113e-2,
        -0.10524462908506393, -0.63573098182678223, -1.12851071357727051};
    private static final double[] FAR_F64 = {1.7403880363553495e-11, -6.4109151098941969e-10, 1.0726610608215803e-8,
        -1.0643617901991777e-7, 6.7539294670448848e-7, -2.6107674445807810e-6, 3.3754847089949860e-6,
        2.8681239598846689e-5, -2.3218447622140774e-4, 9.2263342852210665e-4, -2.1024311403868541e-3,
        5.878811452087542e-4, 1.8862382986623408e-2, -0.10263593178770133, -0.63666825396580440, -1.1283685494013729,
        -1.0817386697594920e-6};

    static Scalar erf(Reals reals, Scalar x) {
        Scalar magnitude = reals.abs(x);
        Scalar near = reals.fma(x, reals.polynomial(x.times(x), reals.choose(NEAR_F32, NEAR_F64)), x);
        Scalar bounded = reals.atMost(magnitude, reals.choose(4.0, 6.0));
        Scalar exponent = reals.isSingle()
            ? bounded.times(reals.polynomial(bounded, FAR_F32)) : reals.polynomial(bounded, FAR_F64);
        // the exponential is at most 0.2, so it needs no second part of ln 2; one more bit makes the power -2^n
        Exponentials.Reduced reduced =
            Exponentials.reduce(reals, exponent, 1, reals.bias() + 2 * (reals.bias() + 1), false);
        Scalar power = reals.powerOfTwo(reals.bits(reduced.shifted()));
        Scalar far = reals.fma(power, Exponentials.ofRemainder(reals, reduced.r(), 1), 1);
        Scalar signed = Scalar.select(reals.is(Fn.LT, x, 0), reals.negate(far), far);
        return Scalar.select(reals.is(Fn.GT, magnitude, reals.choose(0.92, 1.0)), signed, near);
    }
}
