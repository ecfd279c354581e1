package javelin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javelin.check.Gradients;
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

class LinalgTest {
    private static Array random(int... sizes) {
        return Draws.range(-1, 1).array(TensorType.f64(sizes), Vectors.random(sizes.length + 31 * sizes[0]));
    }

    private static Tensor spd(int n) {
        Tensor a = random(n, n);
        return a.matmul(a.transpose()).add(Tensors.eye(n, DType.F64));
    }

    private static Tensor eye(int n) { return Tensors.eye(n, DType.F64); }

    private static void assertNear(Tensor expected, Tensor found) { assertNear(expected, found, 1e-12); }

    private static void assertNear(Tensor expected, Tensor found, double tolerance) {
        assertEquals(expected.type(), found.type());
        double scale = expected.type().elements() == 0 ? 1 : Math.max(1, expected.abs().max().item());
        for (int i = 0; i < expected.type().elements(); i++)
            assertEquals(expected.array().get(i).doubleValue(), found.array().get(i).doubleValue(), tolerance * scale,
                    "element " + i);
    }

    @ParameterizedTest @ValueSource(ints = {1, 2, 3, 4, 7, 30, 64})
    void factorsMultiplyToTheMatrix(int n) {
        Tensor s = spd(n), a = random(n, n), wide = random(n, n + 3), tall = random(2 * n + 1, n);
        Tensor l = Linalg.cholesky(s);
        assertNear(s, l.matmul(l.transpose()));
        for (Tensor x : List.of(a, wide, tall)) {
            var lu = Linalg.lu(x);
            assertNear(x, lu.p().matmul(lu.l()).matmul(lu.u()));
            for (boolean full : new boolean[] {false, true}) {
                var qr = Linalg.qr(x, full);
                assertNear(x, qr.q().matmul(qr.r()));
                assertNear(eye(qr.q().size(1)), qr.q().transpose().matmul(qr.q()));
                var svd = Linalg.svd(x, full);
                int k = Math.min(x.size(0), x.size(1));
                assertNear(x, svd.u().slice(1, 0, k).mul(svd.s()).matmul(svd.vt().slice(0, 0, k)));
                assertNear(eye(svd.u().size(1)), svd.u().transpose().matmul(svd.u()));
                assertNear(eye(svd.vt().size(0)), svd.vt().matmul(svd.vt().transpose()));
                assertTrue(svd.s().slice(0, 1, k).le(svd.s().slice(0, 0, k - 1)).all().itemAsLong() == 1 || k == 1);
                assertNear(svd.s(), Linalg.svdvals(x));
            }
            Tensor p = Linalg.pinv(x);
            assertNear(x, x.matmul(p).matmul(x), 1e-10);
        }
        var e = Linalg.eigh(s);
        assertNear(s, e.vectors().mul(e.values()).matmul(e.vectors().transpose()));
        assertNear(eye(n), e.vectors().transpose().matmul(e.vectors()));
    }

    @Test void equalAndZeroSingularValuesAreNoTrouble() {
        assertNear(Array.f64(2, 2, 2), Linalg.svdvals(eye(3).mul(2)));
        assertNear(Array.f64(0, 0, 0), Linalg.svdvals(Tensor.zeros(TensorType.f64(3, 5))));
        Tensor v = random(6), rankOne = v.outer(v);
        assertEquals(1, Linalg.matrixRank(rankOne).itemAsLong());
        assertNear(Tensors.concatenate(List.of(Tensor.zeros(TensorType.f64(5)), v.dot(v).expandDims(0)), 0),
                Linalg.eigvalsh(rankOne));
    }

    @Test void tinySingularValuesOfABidiagonalMatrixAreRelativelyAccurate() {
        // the determinant is the product of the diagonal, so the smallest is known from the others
        double[] a = new double[16];
        for (int i = 0; i < 4; i++) a[5 * i] = Math.pow(10, -5 * i);
        for (int i = 0; i < 3; i++) a[5 * i + 1] = Math.pow(10, -5 * i);
        Array s = Linalg.svdvals(Array.of(TensorType.f64(4, 4), a)).array();
        double product = 1;
        for (int i = 0; i < 4; i++) product *= s.get(i).doubleValue();
        assertEquals(1, product / 1e-30, 1e-13);
    }

    @Test void whatIsNotFiniteOrNotPositiveDefiniteGivesNaN() {
        Tensor bad = eye(2).mul(-1), nan = eye(2).mul(Double.NaN);
        assertTrue(Linalg.cholesky(bad).index(0, 1).isNaN().all().itemAsLong() == 1);
        assertTrue(Linalg.svd(nan).s().isNaN().all().itemAsLong() == 1);
        assertTrue(Linalg.eigh(nan).vectors().isNaN().all().itemAsLong() == 1);
    }

    @ParameterizedTest @ValueSource(ints = {1, 2, 3, 4, 9})
    void systemsAreSolvedForVectorsMatricesAndBatches(int n) {
        Tensor a = random(n, n).add(eye(n).mul(2)), x = random(n), many = random(3, n, 2);
        assertNear(x, Linalg.solve(a, a.matmul(x)));
        assertNear(many, Linalg.solve(a, a.matmul(many)));
        assertNear(x, Linalg.luSolve(Linalg.luFactor(a), a.matmul(x)));
        Tensor s = spd(n);
        assertNear(x, Linalg.choleskySolve(Linalg.cholesky(s), s.matmul(x)), 1e-11);
        assertNear(eye(n), a.matmul(Linalg.inv(a)));
        assertNear(Linalg.det(a), new javelin.core.ops.Det().apply(a));
        assertEquals(Math.log(Math.abs(Linalg.det(a).item())), Linalg.slogdet(a).logMagnitude().item(), 1e-12);
        Tensor tall = Tensors.concatenate(List.of(a, random(2, n)), 0), b = random(n + 2);
        var least = Linalg.lstsq(tall, b);
        assertNear(Tensor.zeros(TensorType.f64(n)), tall.transpose().matmul(tall.matmul(least.x()).sub(b)));
        assertEquals(n, least.rank().itemAsLong());
    }

    @Test void determinantsAndTheirDerivativesExistForSingularMatrices() {
        Tensor a = Array.of(TensorType.f64(4, 4), 1, 2, 3, 4, 2, 4, 6, 8, 0, 1, 0, 1, 1, 0, 0, 2);
        Tensor gradient = Transforms.grad(Linalg::det).apply(a);
        double h = 1e-3;
        for (int i = 0; i < 16; i++) {
            double[] step = new double[16];
            step[i] = h;
            Tensor d = Array.of(TensorType.f64(4, 4), step);
            double slope = Linalg.det(a.add(d)).sub(Linalg.det(a.sub(d))).item() / (2 * h);    // linear in an element
            assertEquals(slope, gradient.array().get(i).doubleValue(), 1e-9);
        }
        Tensor rankTwo = random(4, 2).matmul(random(2, 4));
        assertNear(Tensor.zeros(rankTwo.type()), Transforms.grad(Linalg::det).apply(rankTwo));
    }

    @Test void columnsAreTakenLongestFirst() {
        Tensor a = Array.of(TensorType.f64(4, 3), 1, 2, 3, 4, 5, 6.5, 7, 8, 10, 1, 0, 2);
        var f = Linalg.qrPivoted(a, false);                              // as JAX gives it
        assertNear(Array.f64(2, 1, 0), f.order().astype(DType.F64));
        assertNear(Array.f64(-12.45993579, -1.59709882, -0.98473193), Linalg.diagonal(f.r()), 1e-7);
        assertNear(a.take(f.order(), 1), f.q().matmul(f.r()));
        Tensor wide = random(2, 3, 5), rank2 = random(5, 2).matmul(random(2, 5));
        var batch = Linalg.qrPivoted(wide, true);
        assertNear(wide.takeAlongAxis(batch.order().expandDims(-2).broadcastTo(wide.shape()), -1),
                batch.q().matmul(batch.r()));
        assertNear(Tensor.zeros(TensorType.f64(3)), Linalg.diagonal(Linalg.qrPivoted(rank2, false).r()).slice(0, 2, 5));
        checkGradient(x -> Linalg.qrPivoted(x, false), a.array());
        for (Tensor x : List.of(random(3, 3), random(5, 3))) {
            var polar = Linalg.polar(x);
            assertNear(x, polar.u().matmul(polar.p()));
            assertNear(eye(3), polar.u().transpose().matmul(polar.u()));
            assertNear(polar.p().transpose(), polar.p());
        }
    }

    @Test void matrixFunctions() {
        Tensor a = random(3, 3);
        assertNear(a.matmul(a).matmul(a), Linalg.matrixPower(a, 3));
        assertNear(eye(3), Linalg.matrixPower(a, 0));
        assertNear(Linalg.inv(a).matmul(Linalg.inv(a)), Linalg.matrixPower(a, -2), 1e-10);
        Tensor turn = Array.of(TensorType.f64(2, 2), 0, -20, 20, 0);     // 20 radians
        assertNear(Array.of(TensorType.f64(2, 2), Math.cos(20), -Math.sin(20), Math.sin(20), Math.cos(20)),
                Linalg.expm(turn));
        Tensor both = Tensors.stack(List.of(turn, turn.mul(0.01)), 0);
        assertNear(Linalg.expm(turn.mul(0.01)), Linalg.expm(both).index(1), 1e-14);
        assertNear(Linalg.expm(turn), Linalg.expm(both).index(0), 1e-14);
    }

    @Test void norms() {
        Tensor x = Array.f64(3, -4, 0), a = Array.of(TensorType.f64(2, 2), 1, -2, 3, 4);
        double inf = Double.POSITIVE_INFINITY;
        assertNear(Array.f64(5, 7, 4, 0, 2, 5, Math.cbrt(91)),
                Tensors.stack(List.of(Linalg.norm(x), Linalg.norm(x, 1), Linalg.norm(x, inf),
                Linalg.norm(x, -inf), Linalg.norm(x, 0), Linalg.norm(x, 2), Linalg.norm(x, 3)), 0));
        assertNear(Array.f64(6, 4, 7, 3, Math.sqrt(30)),
                Tensors.stack(List.of(Linalg.norm(a, 1), Linalg.norm(a, -1), Linalg.norm(a, inf),
                Linalg.norm(a, -inf), Linalg.frobeniusNorm(a)), 0));
        assertNear(Linalg.svdvals(a), Tensors.stack(List.of(Linalg.norm(a, 2), Linalg.norm(a, -2)), 0));
        assertEquals(Linalg.svdvals(a).sum().item(), Linalg.nuclearNorm(a).item(), 1e-14);
        assertEquals(Linalg.norm(a, 2).item() / Linalg.norm(a, -2).item(), Linalg.cond(a).item(), 1e-12);
    }

    @Test void products() {
        Tensor a = random(2, 3), b = random(3, 4), c = random(4, 5), v = random(5);
        assertNear(a.matmul(b.matmul(c.matmul(v))), Products.multiDot(List.of(a, b, c, v)));
        Tensor k = Products.kron(a, b);
        assertEquals(a.index(0, 1).index(0, 2).item() * b.index(0, 2).index(0, 3).item(),
                k.index(0, 5).index(0, 11).item());
        assertNear(Array.f64(0, 0, 1), Products.cross(Array.f64(1, 0, 0), Array.f64(0, 1, 0)));
        assertNear(Array.of(TensorType.f64(3, 3), 1, 0, 0, 0, 2, 3, 0, 4, 5),
                Linalg.blockDiag(List.of(Array.of(TensorType.f64(1, 1), 1),
                        Array.of(TensorType.f64(2, 2), 2, 3, 4, 5))));
        Tensor m = Array.of(TensorType.f64(2, 3), 0, 1, 2, 3, 4, 5);
        assertNear(Array.f64(0, 4), Linalg.diagonal(m));
        assertNear(Array.f64(1, 5), Linalg.diagonal(m, 1));
        assertNear(Array.f64(3), Linalg.diagonal(m, -1));
        assertEquals(0, Linalg.diagonal(m, 3).size(0));
        assertEquals(4, Linalg.trace(m).item());
        Tensor t = random(2, 3, 6), x = Products.tensorsolve(t, random(2, 3));
        assertNear(random(2, 3), t.mul(x).sum(2));
        assertNear(eye(6), Products.tensorinv(t, 2).reshape(6, 6).matmul(t.reshape(6, 6)), 1e-10);
    }

    @Test void derivativesAgreeWithDifferences() {
        UnaryOperator<Tensor> symmetric = x -> x.add(x.transpose()).add(eye(3).mul(Tensors.arange(3,
                DType.F64).mul(2.5).add(4)));
        checkGradient(x -> Linalg.cholesky(symmetric.apply(x)), random(3, 3));
        checkGradient(x -> Linalg.eigh(symmetric.apply(x)), random(3, 3).mul(0.3).array());
        checkGradient(x -> Linalg.inv(symmetric.apply(x)), random(3, 3));
        checkGradient(x -> Linalg.solve(symmetric.apply(x), x.index(0, 1)), random(3, 3));
        checkGradient(x -> Linalg.det(x), random(4, 4));
        checkGradient(x -> Linalg.slogdet(symmetric.apply(x)), random(3, 3));
        checkGradient(x -> Linalg.lstsq(x.add(eye(2).mul(3).pad(0, 2, 0, 0)), x.index(1, 0)).x(), random(4, 2));
        checkGradient(x -> Linalg.expm(x.mul(2)), random(3, 3));
        checkGradient(x -> Linalg.matrixPower(x, 3), random(3, 3));
        checkGradient(x -> Linalg.luSolve(Linalg.luFactor(symmetric.apply(x)), x.index(0, 0)), random(3, 3));
    }

    private static void checkGradient(Function<Tensor, ?> f, Array at) {
        Gradients.check(Transforms.program(f, (Tensor) at), List.of(at), 2, 17);
    }

    @Test void errorsNameWhatWasCalledAndWhatIsWrong() {
        var solve = assertThrows(ShapeException.class, () -> Linalg.solve(random(2, 3), random(2)));
        assertTrue(solve.getMessage().contains("solve: the matrix is not square: it has 2 rows and 3 columns"),
                solve.getMessage());
        var right = assertThrows(ShapeException.class, () -> Linalg.solve(random(3, 3), random(2)));
        assertTrue(right.getMessage().contains("the matrix has 3 rows, and so must the right side"),
                right.getMessage());
        var integers = assertThrows(ShapeException.class, () -> Linalg.qr(Tensor.zeros(TensorType.i32(2, 2))));
        assertTrue(integers.getMessage().contains("the elements are i32"), integers.getMessage());
        var flat = assertThrows(ShapeException.class, () -> Linalg.svd(random(3)));
        assertTrue(flat.getMessage().contains("matrices need two axes"), flat.getMessage());
    }
}
