package javelin;

import static javelin.Transforms.grad;
import static javelin.core.type.DType.F64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javelin.Arrange.Beyond;
import javelin.core.Array;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import org.junit.jupiter.api.Test;

/** NumPy's functions that are sentences in ops. Expected values are those of jax.numpy in f64. */
class VocabularyTest {
    private static final double NAN = Double.NaN, INF = Double.POSITIVE_INFINITY;
    private static final Tensor X = Array.f64(7, 1, 5, -3, 2.5, 8).reshape(2, 3), V = Array.f64(3, -1, 2, 5),
            N = Array.f64(NAN, 1, 5, -3, NAN, NAN, NAN, NAN, NAN).reshape(3, 3),
            W = Array.f64(INF, -INF, NAN, -0.0, 2.5), U = Array.f64(INF, 1, 2, -3, NAN),
            T = Tensors.arange(24, F64).reshape(2, 3, 4), I = Array.i32(7, -7, 8, -8), J = Array.i32(3, 3, -3, -3);

    private record Case(String shape, Tensor found, double[] expected) {}

    private static Case c(String shape, Tensor found, double... expected) { return new Case(shape, found, expected); }

    private static List<Case> cases() {
        return List.of(
            c("[4]", Arithmetic.floorDivide(I, J), 2, -3, -3, 2),
            c("[4]", Arithmetic.mod(I, J), 1, 2, -1, -2),
            c("[4]", Arithmetic.floorDivide(V, V.like(-2)), -2, -0.0, -1, -3),
            c("[4]", Arithmetic.mod(V, V.like(-2)), -1, -1, 0, -1),
            c("[4]", Arithmetic.power(I, J.abs()), 343, -343, 512, -512),
            c("[4]", Arithmetic.log2(V.abs()), 1.5849625007211563, 0, 1, 2.321928094887362),
            c("[4]", Arithmetic.log10(V.abs()), 0.4771212547196625, 0, 0.3010299956639812, 0.6989700043360187),
            c("[5]", Arithmetic.logAddExp(W, U), INF, 1, NAN, 0.04858735157374206, NAN),
            c("[4]", Arithmetic.logAddExp2(V, V.add(1)),
                    4.584962500721156, 0.5849625007211562, 3.584962500721156, 6.584962500721156),
            c("[5]", Arithmetic.logAddExp(W, W), INF, -INF, NAN, 0.6931471805599453, 3.1931471805599454),
            c("[4]", Arithmetic.hypot(V, V.mul(1e200)), 3e+200, 1e+200, 2e+200, 4.9999999999999995e+200),
            c("[5]", Arithmetic.hypot(W, W), INF, INF, NAN, 0, 3.5355339059327378),
            c("[4]", Arithmetic.deg2rad(V),
                    0.05235987755982989, -0.017453292519943295, 0.03490658503988659,
                    0.08726646259971647),
            c("[4]", Arithmetic.rad2deg(V),
                    171.88733853924697, -57.29577951308232, 114.59155902616465, 286.4788975654116),
            c("[5]", Arithmetic.signbit(W), 0, 1, 0, 1, 0),
            c("[5]", Arithmetic.copysign(U, W), INF, -1, 2, -3, NAN),
            c("[2,3]", Arithmetic.trunc(X.div(2)), 3, 0, 2, -1, 1, 4),
            c("[5]", Arithmetic.isInf(W), 1, 1, 0, 0, 0),
            c("[5]", Arithmetic.fmax(W, U), INF, 1, 2, -0.0, 2.5),
            c("[5]", Arithmetic.fmin(W, U), INF, -INF, 2, -3, 2.5),
            c("[5]", Arithmetic.nanToNum(W), Double.MAX_VALUE, -Double.MAX_VALUE, 0, -0.0, 2.5),
            c("[5]", Arithmetic.isClose(W, W.mul(1 + 1e-6)), 1, 1, 0, 1, 1),
            c("[]", Arithmetic.allClose(X, X.add(1e-3)), 0),
            c("[]", Arithmetic.allClose(I, I), 1),
            c("[]", Arithmetic.arrayEqual(X, V), 0),
            c("[]", Arithmetic.arrayEqual(X, X), 1),
            c("[4]", Arithmetic.logicalXor(V, V.sub(2)), 0, 0, 1, 0),
            c("[4]", Arithmetic.logicalAnd(V, V.sub(2)), 1, 1, 0, 1),
            c("[4]", Arithmetic.logicalOr(V, V.sub(2)), 1, 1, 1, 1),
            c("[4]", Arithmetic.logicalNot(V.sub(2)), 0, 0, 1, 0),
            c("[4]", Arithmetic.select(List.of(V.lt(0), V.lt(3)), List.of(V.neg(), V.mul(10)), V), 3, 1, 20, 5),
            c("[8]", Arrange.tile(V, 2), 3, -1, 2, 5, 3, -1, 2, 5),
            c("[2,2,6]", Arrange.tile(X, 2, 1, 2),
                    7, 1, 5, 7, 1, 5, -3, 2.5, 8, -3, 2.5, 8, 7, 1, 5, 7, 1, 5, -3, 2.5, 8, -3, 2.5,
                    8),
            c("[2,3,2]", Arrange.tile(T.slice(2, 0, 1), 2), 0, 0, 4, 4, 8, 8, 12, 12, 16, 16, 20, 20),
            c("[2,6]", Arrange.repeat(X, 2, -1), 7, 7, 1, 1, 5, 5, -3, -3, 2.5, 2.5, 8, 8),
            c("[4,3]", Arrange.repeat(X, 2, 0), 7, 1, 5, 7, 1, 5, -3, 2.5, 8, -3, 2.5, 8),
            c("[2,4]", Arrange.repeat(X, Array.i32(2, 0, 1), 1, 4), 7, 7, 5, 5, -3, -3, 8, 8),
            c("[4]", Arrange.roll(V, 1, 0), 5, 3, -1, 2),
            c("[2,3]", Arrange.roll(X, -4, -1), 1, 5, 7, 2.5, 8, -3),
            c("[3,2]", Arrange.rot90(X, 1, 0, 1), 5, 8, 1, 2.5, 7, -3),
            c("[2,3]", Arrange.rot90(X, 2, 0, 1), 8, 2.5, -3, 5, 1, 7),
            c("[3,2]", Arrange.rot90(X, -1, 0, 1), -3, 7, 2.5, 1, 8, 5),
            c("[10]", Arrange.append(X, V), 7, 1, 5, -3, 2.5, 8, 3, -1, 2, 5),
            c("[2]", Arrange.arraySplit(V, 3, 0).get(0), 3, -1),
            c("[1]", Arrange.arraySplit(V, 3, 0).get(2), 5),
            c("[2]", Arrange.splitAt(V, new int[] {1, 3}, 0).get(1), -1, 2),
            c("[7]", Arrange.pad(V, 0, 2, 1, Beyond.EDGE), 3, 3, 3, -1, 2, 5, 5),
            c("[13]", Arrange.pad(V, 0, 5, 4, Beyond.REFLECT), -1, 2, 5, 2, -1, 3, -1, 2, 5, 2, -1, 3, -1),
            c("[18]", Arrange.pad(V, 0, 5, 9, Beyond.SYMMETRIC),
                    5, 5, 2, -1, 3, 3, -1, 2, 5, 5, 2, -1, 3, 3, -1, 2, 5, 5),
            c("[2,8]", Arrange.pad(X, -1, 4, 1, Beyond.WRAP), 5, 7, 1, 5, 7, 1, 5, 7, 8, -3, 2.5, 8, -3, 2.5, 8, -3),
            c("[2,2]", Calculus.diff(X, 1, -1), -6, 4, 5.5, 5.5),
            c("[2]", Calculus.diff(V, 2, 0), 7, 0),
            c("[0]", Calculus.diff(V, 5, 0)),
            c("[4]", Calculus.gradient(V, 0.5, 0), -8, -1, 6, 6),
            c("[2]", Calculus.trapezoid(X, 0.5, -1), 3.5, 2.5),
            c("[]", Calculus.trapezoid(V, V.square(), 0), 67),
            c("[5]", Calculus.interp(Array.f64(0, 1, 1.5, 2.75, 9), Array.f64(1, 2, 3), Array.f64(5, 7, 4)),
                    5, 5, 6, 4.75, 4),
            c("[]", Statistics.countNonzero(V.sub(2)), 3),
            c("[2]", Statistics.ptp(X, -1), 6, 11),
            c("[2]", Statistics.average(X, Array.f64(1, 2, 0), 1), 3, 0.6666666666666666),
            c("[2]", Statistics.var(X, 1, 1), 9.333333333333334, 30.25),
            c("[3]", Statistics.nanSum(N, 1), 6, -3, 0),
            c("[3]", Statistics.nanProd(N, 0), -3, 1, 5),
            c("[3]", Statistics.nanMean(N, 1), 3, -3, NAN),
            c("[3]", Statistics.nanVar(N, 1), 4, 0, NAN),
            c("[]", Statistics.nanStd(N), 3.265986323710904),
            c("[3]", Statistics.nanMax(N, 1), 5, -3, NAN),
            c("[3]", Statistics.nanMin(N, 0), -3, 1, 5),
            c("[2,2]", Statistics.cov(X), 9.333333333333334, -5.5, -5.5, 30.25),
            c("[2,2]", Statistics.corrcoef(X), 0.9999999999999998, -0.32732683535398854, -0.32732683535398854, 1),
            c("[2,2]", Products.tensordot(X, X.transpose(), 1), 75, 21.5, 21.5, 79.25),
            c("[4]", Products.tensordot(X, T, List.of(0, -1), List.of(0, 1)), 208, 228.5, 249, 269.5),
            c("[2,2]", Products.inner(X, X), 75, 21.5, 21.5, 79.25),
            c("[]", Products.vdot(X, X), 154.25),
            c("[3]", Tensors.arange(5, -1, -2, F64), 5, 3, 1),
            c("[3]", Tensors.logspace(0, 2, 3, 10, F64), 1, 10, 100),
            c("[4]", Tensors.geomspace(-1, -8, 4, F64),
                    -1, -1.9999999999999998, -3.999999999999999, -7.999999999999999),
            c("[4,2]", Tensors.meshgrid(V, Array.f64(8, 9)).get(1), 8, 9, 8, 9, 8, 9, 8, 9),
            c("[4,2]", Tensors.meshgrid(V, Array.f64(8, 9)).get(0), 3, 3, -1, -1, 2, 2, 5, 5),
            c("[3,3]", Tensors.diag(Array.f64(1, 2), 1), 0, 1, 0, 0, 0, 2, 0, 0, 0),
            c("[3,3]", Tensors.diag(Array.f64(1, 2), -1), 0, 0, 0, 1, 0, 0, 0, 2, 0),
            c("[2]", Tensors.unstack(X, 1).get(2), 5, 8),
            c("[2,4]", Tensors.vstack(V, V), 3, -1, 2, 5, 3, -1, 2, 5),
            c("[8]", Tensors.hstack(V, V), 3, -1, 2, 5, 3, -1, 2, 5),
            c("[2,6]", Tensors.hstack(X, X), 7, 1, 5, 7, 1, 5, -3, 2.5, 8, -3, 2.5, 8),
            c("[1,4,2]", Tensors.dstack(V, V), 3, 3, -1, -1, 2, 2, 5, 5),
            c("[4,2]", Tensors.columnStack(V, V), 3, 3, -1, -1, 2, 2, 5, 5),
            c("[2,3,1]", Tensors.atLeast3d(X), 7, 1, 5, -3, 2.5, 8),
            c("[1,4]", Tensors.atLeast2d(V), 3, -1, 2, 5));
    }

    @Test void valuesAndShapesAreThoseOfJax() {
        List<Case> cases = cases();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            Case c = cases.get(i);
            assertEquals(c.shape, c.found.shape().toString(), "shape of case " + i);
            double[] found = c.found.array().toDoubles();
            assertEquals(c.expected.length, found.length);
            for (int k = 0; k < found.length; k++)
                if (!close(c.expected[k], found[k]))
                    wrong.add("case " + i + ": " + c.expected[k] + " and not " + found[k]);
        }
        assertEquals(List.of(), wrong);
    }

    private static boolean close(double expected, double found) {
        return Double.compare(expected, found) == 0
                || Math.abs(expected - found) <= 1e-14 * Math.max(1, Math.abs(expected));
    }

    private static void assertGradient(UnaryOperator<Tensor> f, double[] x, double... expected) {
        Tensor found = grad((Tensor t) -> f.apply(t).sum()).apply(Array.f64(x));
        assertArrayEquals(expected, found.array().toDoubles(), 1e-14);
    }

    @Test void gradientsAreFiniteWhereBranchesAreNot() {
        double[] x = {3, -INF, NAN};
        assertGradient(t -> Arithmetic.logAddExp(t, t), new double[] {3, -1}, 1, 1);
        assertGradient(t -> Arithmetic.logAddExp(t, Array.f64(3, 1)), new double[] {3, -INF}, 0.5, 0);
        assertGradient(t -> Arithmetic.fmax(t, t.like(2)), x, 1, 0, 0);
        assertGradient(Arithmetic::nanToNum, x, 1, 0, 0);
        assertGradient(t -> Statistics.nanMean(t), new double[] {3, NAN}, 1, 0);
        assertGradient(t -> Arrange.pad(t, 0, 1, 3, Beyond.REFLECT), new double[] {1, 2, 3}, 2, 4, 1);
        assertGradient(t -> Calculus.interp(t, Array.f64(1, 1, 2), Array.f64(0, 5, 7)),
                new double[] {0, 1.5, 1, 3}, 0, 2, 2, 0);
    }

    @Test void theLargestNumbersAreFinite() {
        assertEquals(Double.MAX_VALUE, F64.largest());
        assertEquals(Float.MAX_VALUE, DType.F32.largest());
        assertEquals(65504, DType.F16.largest());
        assertEquals(0x1.fep127, DType.BF16.largest());
    }

    @Test void mistakesAreExplained() {
        assertThrows(ShapeException.class, () -> Arrange.pad(V, 0, -1, 0, Beyond.EDGE));
        assertThrows(ShapeException.class, () -> Arrange.roll(V, 1, 1));
        assertThrows(ShapeException.class, () -> Statistics.cov(V));
        assertThrows(ShapeException.class, () -> Tensors.diag(X, 0));
        assertThrows(ShapeException.class, () -> Calculus.gradient(V.slice(0, 0, 1), 1, 0));
        assertThrows(ShapeException.class, () -> Arithmetic.select(List.of(), List.of(V), V));
    }
}
