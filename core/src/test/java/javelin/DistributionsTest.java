package javelin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.DoubleStream;
import javelin.core.Array;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

/** Distributions with parameters: the numbers of JAX 0.10.2 for the same key, moments, and derivatives. */
class DistributionsTest {
    private static final Key KEY = Key.of(7);
    private static final Tensor A = Array.f32(0.3f, 1, 2.5f, 40);

    private static void gives(Tensor found, double... expected) {
        double[] y = found.array().toDoubles();
        assertEquals(expected.length, y.length);
        for (int i = 0; i < y.length; i++)
            assertEquals(expected[i], y[i], 2e-5 * Math.abs(expected[i]), "element " + i + " of " + found.array());
    }

    @Test void gammasAreThoseOfJax() {
        gives(KEY.gamma(A), 5.71588089e-07, 0.217916831, 1.31555784, 47.3113861);
        gives(KEY.logGamma(A), -14.3748474, -1.52364182, 0.274260789, 3.85675097);
        gives(KEY.beta(A, Array.scalar(2f)), 0.00125852658, 0.237789914, 0.427385986, 0.977803648);
        gives(KEY.dirichlet(A), 1.17021166e-08, 0.00446140626, 0.0269333906, 0.968605161);
        gives(KEY.chisquare(A), 4.40624669e-13, 0.604226828, 0.818988919, 50.3694572);
        gives(KEY.t(A), 1.13989174, 0.680285454, -0.504791141, -0.482290119);
        gives(KEY.f(A, Array.scalar(3f)), 2.8507123, 0.0616052859, 2.00068426, 2.4273324);
    }

    @Test void othersAreThoseOfJax() {
        Tensor two = Array.scalar(2f);
        gives(KEY.logNormal(A), 1.144961, 7.05298471, 0.275106043, 0.00356136332);
        gives(KEY.pareto(A), 41.9766083, 39.3962631, 1.1552285, 1.014781);
        gives(KEY.weibullMin(two, A), 2.9278903, 7.347342, 1.3301798, 1.9735327);
        gives(KEY.rayleigh(A), 0.266440481, 0.226763427, 3.86416054, 50.9752617);
        gives(KEY.maxwell(TensorType.f32(4)), 2.07028675, 0.714470327, 1.49997962, 1.70567298);
        gives(KEY.triangular(Array.scalar(-1f), Array.f32(-0.5f, 0, 1, 2), two), 0.436566114, 1.60974538, 0.347984195,
                0.998906374);
        Tensor covariance = Array.f32(2, 0.5f, 0.5f, 1).reshape(2, 2);
        gives(KEY.multivariateNormal(Array.f32(1, 2), covariance, Shape.of(2)).reshape(4), 1.63814282, 3.98682165,
                0.269927144, 1.68564415);
    }

    @Test void countsAreThoseOfJax() {
        gives(KEY.poisson(Array.f32(0, 0.5f, 4, 9.9f, 10, 300, 1e6f)), 0, 1, 1, 9, 9, 301, 1000950);
        gives(KEY.geometric(Array.f32(0.05f, 0.3f, 0.9f, 1)), 8, 1, 1, 1);
        double nan = Double.NaN;
        assertArrayEquals(new double[] {2, 17, 20, 469, 994, 0, nan, nan}, KEY.binomial(
                Array.f32(5, 20, 100, 1000, 1000, 50, -1, 3),
                Array.f32(0.5f, 0.9f, 0.3f, 0.5f, 0.99f, 0, 0.5f, Float.NaN)).array().toDoubles());
        gives(KEY.multinomial(Array.scalar(100f), Array.f32(0.1f, 0.2f, 0.3f, 0.4f)), 13, 17, 37, 33);
    }

    @Test void gammaHasItsImplicitDerivative() {
        var slopes = Transforms.vmap(Transforms.grad((Tensor a) -> KEY.gamma(a)));
        var slopesOfLog = Transforms.vmap(Transforms.grad((Tensor a) -> KEY.logGamma(a)));
        gives(slopes.apply(A), 2.70659584e-05, 1.13354027, 1.09505141, 1.02317619);
        gives(slopesOfLog.apply(A), 47.352211, 1.21313179, 0.417141765, 0.0246353932);
    }

    /** The mean and the variance of many, within five standard errors. */
    private static void hasMoments(Tensor numbers, double mean, double variance) {
        double[] x = numbers.astype(DType.F64).array().toDoubles();
        double found = DoubleStream.of(x).average().orElseThrow();
        double spread = DoubleStream.of(x).map(v -> (v - found) * (v - found)).average().orElseThrow();
        assertEquals(mean, found, 5 * Math.sqrt(variance / x.length));
        assertEquals(variance, spread, 0.1 * variance + 1e-12);
    }

    @Test void compiledNumbersHaveTheRightMoments() {
        int n = 20_000;
        Tensor one = Tensor.full(TensorType.of(DType.F64, n), 1L);
        hasMoments(Transforms.jit((Key k) -> k.gamma(one.mul(0.7))).apply(KEY), 0.7, 0.7);
        hasMoments(Transforms.jit((Key k) -> k.original().gamma(one.mul(3))).apply(KEY), 3, 3);
        hasMoments(Transforms.jit((Key k) -> k.poisson(one.mul(3))).apply(KEY), 3, 3);
        hasMoments(Transforms.jit((Key k) -> k.poisson(one.mul(30))).apply(KEY), 30, 30);
        hasMoments(Transforms.jit((Key k) -> k.binomial(one.mul(40), one.mul(0.4))).apply(KEY), 16, 9.6);
        hasMoments(Transforms.jit((Key k) -> k.geometric(one.mul(0.25))).apply(KEY), 4, 12);
        hasMoments(Transforms.jit((Key k) -> k.beta(one.mul(2), one.mul(3))).apply(KEY), 0.4, 0.04);
    }

    @Test void wrongParametersAreExplained() {
        var e = assertThrows(ShapeException.class, () -> KEY.gamma(Array.scalar(3)));
        assertTrue(e.getMessage().contains("floating-point"), e.getMessage());
    }
}
