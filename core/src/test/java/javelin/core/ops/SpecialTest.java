package javelin.core.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Function;
import javelin.Special;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.NoRuleException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import org.junit.jupiter.api.Test;

/** Ends of domains, and the derivatives that exist for some of the inputs only. Values are those of jax.lax. */
class SpecialTest {
    private static final double INF = Double.POSITIVE_INFINITY, NAN = Double.NaN;

    private static void gives(Function<Tensor, Tensor> f, double[] x, double... y) {
        for (DType type : new DType[] {DType.F64, DType.F32}) {
            double[] found = f.apply(Array.f64(x).astype(type)).array().toDoubles();
            assertArrayEquals(y, found, 0, () -> type + " of " + java.util.Arrays.toString(x));
        }
    }

    private static double[] of(double... x) { return x; }

    @Test void endsZerosAndNaN() {
        gives(Tensor::tan, of(0, -0.0, INF, NAN), 0, -0.0, NAN, NAN);
        gives(Tensor::asin, of(0, -0.0, 2, -2, NAN), 0, -0.0, NAN, NAN, NAN);
        gives(Tensor::acos, of(1, 2, -INF, NAN), 0, NAN, NAN, NAN);
        gives(Tensor::atan, of(0, -0.0, NAN), 0, -0.0, NAN);
        gives(Tensor::sinh, of(0, -0.0, INF, -INF, 1e4, NAN), 0, -0.0, INF, -INF, INF, NAN);
        gives(Tensor::cosh, of(0, INF, -INF, -1e4, NAN), 1, INF, INF, INF, NAN);
        gives(Tensor::asinh, of(0, -0.0, INF, -INF, NAN), 0, -0.0, INF, -INF, NAN);
        gives(Tensor::acosh, of(1, 0.5, -INF, -3, INF, NAN), 0, NAN, NAN, NAN, INF, NAN);
        gives(Tensor::atanh, of(0, -0.0, 1, -1, 1.5, INF, NAN), 0, -0.0, INF, -INF, NAN, NAN, NAN);
        gives(Tensor::cbrt, of(0, -0.0, 27, -8, INF, -INF, NAN), 0, -0.0, 3, -2, INF, -INF, NAN);
        gives(Tensor::exp2, of(0, 10, -3, INF, -INF, 1e6, -1e6, NAN), 1, 1024, 0.125, INF, 0, INF, 0, NAN);
        gives(Tensor::erfc, of(0, INF, -INF, 100, -100, NAN), 1, 0, 2, 0, 2, NAN);
        gives(Tensor::lgamma, of(0, -1, -2, 1, 2, INF, -INF, NAN), INF, INF, INF, 0, 0, INF, INF, NAN);
        gives(Tensor::digamma, of(0, -1, -7, INF, -INF, NAN), NAN, NAN, NAN, INF, NAN, NAN);
        gives(Special::i0e, of(0, INF, -INF, NAN), 1, 0, 0, NAN);
        gives(Special::i1e, of(0, -0.0, INF, NAN), 0, -0.0, 0, NAN);
        gives(x -> Special.zeta(x, x.like(-1)), of(1, 2, 3, NAN), INF, INF, NAN, NAN);
        gives(x -> Special.igamma(x, x.like(2)), of(-1, 0, INF, NAN), NAN, 1, 0, NAN);
        gives(x -> Special.igammac(x.like(0.5), x), of(0, -1, INF, NAN), 1, NAN, 0, NAN);
        gives(x -> Special.betainc(x.like(2), x.like(3), x), of(0, 1, -0.1, 1.1, NAN), 0, 1, NAN, NAN, NAN);
    }

    @Test void atan2FollowsC() {
        double pi = Math.PI;
        double[][] points = {{0, 0, 0}, {0, -0.0, pi}, {-0.0, -0.0, -pi}, {-0.0, 2, -0.0}, {1, 0, pi / 2},
            {1, INF, 0}, {1, -INF, pi}, {INF, INF, pi / 4}, {INF, -INF, 3 * pi / 4}, {-INF, 1, -pi / 2},
            {NAN, 1, NAN}, {INF, NAN, NAN}};
        for (double[] p : points) {
            double found = Array.scalar(p[0]).atan2(Array.scalar(p[1])).item();
            assertEquals(p[2], found, "atan2(" + p[0] + ", " + p[1] + ")");
        }
    }

    @Test void nextAfterPassesZeroAndStops() {
        assertEquals(Double.MIN_VALUE, Array.scalar(0.0).nextAfter(Array.scalar(1.0)).item());
        assertEquals(-Float.MIN_VALUE, Array.scalar(-0f).nextAfter(Array.scalar(-1f)).item());
        assertEquals(INF, Array.scalar(Double.MAX_VALUE).nextAfter(Array.scalar(INF)).item());
        assertTrue(Double.isNaN(Array.scalar(1.0).nextAfter(Array.scalar(NAN)).item()));
    }

    private static double slope(Function<Tensor, Tensor> f, double x) {
        return Transforms.grad(f).apply(Array.scalar(x)).item();
    }

    @Test void derivativesOfTheIteratedFunctions() {
        assertEquals(-0.22082542621185935, slope(a -> Special.igamma(a, a.like(2)), 1), 1e-15);
        assertEquals(0.2706705664732254, slope(x -> Special.igamma(x.like(2), x), 2), 1e-15);
        assertEquals(-0.2706705664732254, slope(x -> Special.igammac(x.like(2), x), 2), 1e-15);
        assertEquals(1, slope(x -> Special.betainc(x.like(1), x.like(2), x), 0.5), 1e-14);
        assertEquals(0.4939394022668296, slope(x -> Special.polygamma(2, x), 2), 1e-14);
        assertEquals(-2 * 0.20205690315959426, slope(q -> Special.zeta(q.like(2), q), 2), 1e-15);
        assertEquals(0.5, slope(Special::i1e, 0), 0);
        var second = Transforms.grad((Tensor t) -> Transforms.grad((Tensor x) -> x.lgamma()).apply(t));
        assertEquals(0.6449340668482265, second.apply(Array.scalar(2.0)).item(), 1e-15);
    }

    @Test void whatHasNoDerivativeSaysSo() {
        assertThrows(NoRuleException.class, () -> slope(a -> Special.betainc(a, a.like(2), a.like(0.5)), 1));
        assertThrows(NoRuleException.class, () -> slope(s -> Special.zeta(s, s.like(2)), 2));
        assertThrows(NoRuleException.class, () -> slope(x -> x.nextAfter(x.like(2)), 1));
    }

    /** mpmath's, where the Euler-Maclaurin formula of JAX has no right to be used. */
    @Test void polygammaOfLargeNegativeNumbers() {
        double[] x = {-5.3, -9.5, -20.6}, y = {14.9074226713804, 9.76968744503023, 10.8641817605172};
        for (int i = 0; i < x.length; i++) assertEquals(y[i], Special.polygamma(1, Array.scalar(x[i])).item(), 1e-12);
    }
}
