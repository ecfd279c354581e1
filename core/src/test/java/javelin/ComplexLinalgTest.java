package javelin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Function;
import javelin.check.Vectors;
import javelin.core.Array;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.Draws;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComplexLinalgTest {
    private static Complex random(int seed, int... sizes) {
        TensorType t = TensorType.f64(sizes);
        return new Complex(Draws.range(-1, 1).array(t, Vectors.random(seed)),
                Draws.range(-1, 1).array(t, Vectors.random(seed + 1)));
    }

    private static Complex eye(int n) { return Complex.of(Tensors.eye(n, DType.F64)); }

    private static Complex positive(Complex a) {
        return a.matmul(ComplexLinalg.adjoint(a)).add(eye(a.size(-1)));
    }

    private static void near(Complex expected, Complex found) {
        assertEquals(expected.type(), found.type());
        double off = expected.sub(found).abs().max().item();
        assertTrue(off <= 1e-11 * (1 + expected.abs().max().item()), expected + " is not " + found);
    }

    private static void near(Tensor expected, Tensor found) { near(Complex.of(expected), Complex.of(found)); }

    @ParameterizedTest @ValueSource(ints = {1, 2, 3, 5, 16})
    void solutionsSolveAndFactorsMultiply(int n) {
        Complex a = random(n, 2, n, n), b = random(n + 7, 2, n, 3), s = positive(a);
        near(b, a.matmul(ComplexLinalg.solve(a, b)));
        near(b.index(0).index(1, 0), a.index(0).matmul(ComplexLinalg.solve(a.index(0), b.index(0).index(1, 0))));
        near(eye(n).broadcastTo(2, n, n), a.matmul(ComplexLinalg.inv(a)));
        near(ComplexLinalg.inv(a), ComplexLinalg.pinv(a));
        Complex l = ComplexLinalg.cholesky(s), lower = a.each(t -> Linalg.lower(t, 0)).add(eye(n).mul(2));
        near(s, l.matmul(ComplexLinalg.adjoint(l)));
        near(l, l.each(t -> Linalg.lower(t, 0)));
        near(b, lower.matmul(ComplexLinalg.solveTriangular(lower.add(a.each(t -> Linalg.upper(t, 1))), b, true)));
        Complex upper = lower.swapAxes(-1, -2), v = b.index(0).index(1, 0);
        near(v, upper.index(0).matmul(ComplexLinalg.solveTriangular(upper.index(0), v, false)));
        for (Complex x : new Complex[] {a, random(3, n, n + 2), random(4, n + 2, n)}) {
            var f = ComplexLinalg.qr(x);
            near(x, f.q().matmul(f.r()));
            near(eye(f.q().size(-1)).broadcastTo(f.r().slice(-1, 0, f.r().size(-2)).shape()),
                    ComplexLinalg.adjoint(f.q()).matmul(f.q()));
            near(f.r(), f.r().each(t -> Linalg.upper(t, 0)));
        }
        near(ComplexLinalg.eigvalsh(s).log().sum(-1), ComplexLinalg.slogdet(s).logMagnitude());
        near(ComplexLinalg.svdvals(a).square(), ComplexLinalg.eigvalsh(ComplexLinalg.adjoint(a).matmul(a)).flip(-1));
        near(ComplexLinalg.norm(a).square(), ComplexLinalg.vdot(a, a).re());
    }

    /** Values of numpy.linalg.det. */
    @Test void determinantsAreProductsOfPivots() {
        Complex a = new Complex(Array.f64(0, 1, 2, 0, 3, -1, 1, 1, 1).reshape(3, 3),
                Array.f64(0, -1, 1, 2, 0, 1, 0, 1, -2).reshape(3, 3));
        near(Complex.scalar(-18, 3, DType.F64), ComplexLinalg.det(a));
        var f = ComplexLinalg.slogdet(a);
        near(ComplexLinalg.det(a), f.sign().mul(f.logMagnitude().exp()));
        near(Complex.scalar(0, 0, DType.F64), ComplexLinalg.det(Complex.ones(TensorType.f64(3, 3))));
        near(Complex.scalar(1, 0, DType.F64), ComplexLinalg.det(Complex.ones(TensorType.f64(0, 0))));
        Complex x = random(1, 2, 4, 4), y = random(3, 2, 4, 4);
        near(ComplexLinalg.det(x).mul(ComplexLinalg.det(y)), ComplexLinalg.det(x.matmul(y)));
        near(ComplexLinalg.det(x), Transforms.vmap(ComplexLinalg::det).apply(x));
        near(ComplexLinalg.det(x), Transforms.jit(ComplexLinalg::det).apply(x));
    }

    @Test void exponentialsOfTurnsAreTurns() {
        Complex a = Complex.of(Tensors.zeros(TensorType.f64(2, 2)), Tensors.eye(2, DType.F64).mul(Math.PI));
        near(eye(2).neg(), ComplexLinalg.expm(a));
    }

    private static void checkGrads(Function<Complex, ?> f, Complex at) { Debug.checkGrads(f, at, 2); }

    @Test void derivativesAreSlopes() {
        Complex a = random(11, 3, 3).add(eye(3).mul(2)), b = random(13, 3, 2);
        checkGrads(x -> ComplexLinalg.solve(x, b), a);
        checkGrads(x -> ComplexLinalg.solveTriangular(x, b, true), a);
        checkGrads(x -> ComplexLinalg.cholesky(positive(x)), a);
        checkGrads(x -> ComplexLinalg.qr(x).r(), a);
        checkGrads(ComplexLinalg::det, a);
        checkGrads(x -> ComplexLinalg.slogdet(x).logMagnitude(), a);
        Debug.checkGrads(ComplexLinalg::svdvals, a, 1);
    }

    @Test void whatIsNoSquareMatrixIsRefused() {
        Complex a = random(1, 3, 2);
        String message = assertThrows(ShapeException.class, () -> ComplexLinalg.inv(a)).getMessage();
        assertTrue(message.contains("3 rows and 2 columns"), message);
        assertThrows(ShapeException.class, () -> ComplexLinalg.solve(random(1, 2, 2), a));
        assertThrows(ShapeException.class, () -> ComplexLinalg.adjoint(a.index(0)));
    }
}
