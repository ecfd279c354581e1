package javelin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import javelin.check.Gradients;
import javelin.check.Vectors;
import javelin.core.Array;
import javelin.core.NoRuleException;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.Draws;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

class ImplicitTest {
    /** Newton's method, in a loop that has no reverse mode. */
    private static Tensor newton(Function<Tensor, Tensor> f, Tensor guess) {
        return Control.whileLoop(x -> f.apply(x).abs().gt(1e-13), (Tensor x) -> {
            var slope = Transforms.jvp(f).apply(x, x.like(1));
            return x.sub(slope.value().div(slope.tangent()));
        }, guess);
    }

    private static Tensor squareRoot(Tensor a) {
        return Implicit.root(x -> x.mul(x).sub(a), a.like(1), ImplicitTest::newton,
                (g, y) -> y.div(g.apply(y.like(1))));
    }

    @Test void rootsHaveDerivativesOfAllOrdersInBothModes() {
        Tensor four = Array.scalar(4.0);
        assertEquals(2, squareRoot(four).item(), 1e-14);
        Function<Tensor, Tensor> d = Transforms.grad(ImplicitTest::squareRoot), dd = Transforms.grad(d);
        assertEquals(0.25, d.apply(four).item(), 1e-14);
        assertEquals(-1 / 32.0, dd.apply(four).item(), 1e-14);
        assertEquals(3 / 256.0, Transforms.grad(dd).apply(four).item(), 1e-14);
        Tensor slopes = Transforms.vmap(d).apply(Array.f64(1, 4, 16));
        assertEquals(0.125, slopes.index(2).item(), 1e-14);
        assertEquals(0.25, Transforms.jit(d).apply(four).item(), 1e-14);
    }

    private static Tensor matrix(int n) {
        Tensor a = Draws.range(-1, 1).array(TensorType.f64(n, n), Vectors.random(n));
        return a.matmul(a.transpose()).add(Tensors.eye(n, DType.F64));
    }

    private record Both(Tensor a, Tensor b) {}

    private static final BiFunction<Function<Tensor, Tensor>, Tensor, Tensor> DENSE = (f, b) ->
            Linalg.solve(Transforms.jacfwd(f).apply(Tensor.zeros(b.type())), b);

    @Test void linearSystemsHaveTheDerivativesOfTheSystem() {
        Array a = matrix(3).array(), b = Array.f64(1, 2, -1);
        Function<Both, Tensor> implicit = in -> Implicit.linearSolve(x -> in.a().matmul(x), in.b(), DENSE, DENSE);
        Gradients.check(Transforms.program(implicit, new Both(a, b)), List.of(a, b), 2, 3);
        Both g = Transforms.grad((Both in) -> implicit.apply(in).sum()).apply(new Both(a, b));
        Both h = Transforms.grad((Both in) -> Linalg.solve(in.a(), in.b()).sum()).apply(new Both(a, b));
        assertEquals(0, g.a().sub(h.a()).abs().max().item(), 1e-12);
        assertEquals(0, g.b().sub(h.b()).abs().max().item(), 1e-12);
        Tensor many = Transforms.vmap((Tensor right) -> implicit.apply(new Both(a, right)))
                .apply(Tensors.eye(3, DType.F64));
        assertEquals(0, many.sub(Linalg.inv(a).transpose()).abs().max().item(), 1e-12);
    }

    @Test void conjugateGradientsSolveAndDifferentiate() {
        Tensor a = matrix(8), b = Tensors.arange(8, DType.F64);
        Function<Tensor, Tensor> x = right -> Implicit.conjugateGradients(v -> a.matmul(v), right, 1e-13, 50);
        assertEquals(0, a.matmul(x.apply(b)).sub(b).abs().max().item(), 1e-10);
        Tensor slope = Transforms.grad((Tensor right) -> x.apply(right).index(2)).apply(b);
        assertEquals(0, slope.sub(Linalg.inv(a).index(2)).abs().max().item(), 1e-10);
    }

    private record Two(Tensor x, Tensor y) {}

    @Test void unsymmetricSystemsAreSolvedOverTreesWithDerivatives() {
        Tensor a = Draws.range(-1, 1).array(TensorType.f64(12, 12), Vectors.random(3))
                .add(Tensors.eye(12, DType.F64).mul(4));
        Tensor c = Tensors.arange(12, DType.F64);
        Two right = new Two(c.slice(0, 0, 4).reshape(2, 2), c.slice(0, 4, 12));
        Function<Tensor, Function<Two, Two>> map = m -> v -> {
            Tensor image = m.matmul(Tensors.concatenate(List.of(v.x.reshape(-1), v.y), 0));
            return new Two(image.slice(0, 0, 4).reshape(2, 2), image.slice(0, 4, 12));
        };
        List<BiFunction<Function<Two, Two>, Two, Two>> solvers = List.of((f, b) -> Implicit.bicgstab(f, b, 1e-13, 100),
                (f, b) -> Implicit.gmres(f, b, 1e-13, 20, 5), (f, b) -> Implicit.gmres(f, b, 1e-13, 5, 50));
        for (var solver : solvers) {
            Tensor x = Linalg.solve(a, c);
            Two found = solver.apply(map.apply(a), right);
            assertEquals(0, found.y.sub(x.slice(0, 4, 12)).abs().max().item(), 1e-11);
            assertEquals(0, found.x.reshape(-1).sub(x.slice(0, 0, 4)).abs().max().item(), 1e-11);
            Tensor slope = Transforms.grad((Tensor m) -> solver.apply(map.apply(m), right).y.index(2)).apply(a);
            Tensor known = Transforms.grad((Tensor m) -> Linalg.solve(m, c).index(6)).apply(a);
            assertEquals(0, slope.sub(known).abs().max().item(), 1e-10);
            Two none = solver.apply(map.apply(a), new Two(right.x.mul(0), right.y.mul(0)));
            assertEquals(0, none.y.abs().max().item());
        }
    }

    @Test void fewDirectionsAreEnoughForFewEigenvalues() {
        Tensor a = Tensors.eye(6, DType.F64).mul(3), b = Tensors.arange(6, DType.F64);
        assertEquals(0, Implicit.gmres(a::matmul, b, 1e-13, 6, 1).sub(b.div(3)).abs().max().item(), 1e-14);
        assertEquals(0, Implicit.bicgstab(a::matmul, b, 1e-13, 9).sub(b.div(3)).abs().max().item(), 1e-14);
    }

    @Test void whatIsMissingIsSaid() {
        Tensor b = Array.f64(1, 2);
        var shape = assertThrows(ShapeException.class, () -> Implicit.linearSolve(x -> x.sum(), b, DENSE));
        assertTrue(shape.getMessage().contains("must give the types it takes"), shape.getMessage());
        var reverse = assertThrows(NoRuleException.class, () -> Transforms.grad((Tensor y) ->
                Implicit.linearSolve(x -> x.mul(2), y, DENSE).sum()).apply(b));
        assertTrue(reverse.getMessage().contains("transposeSolve"), reverse.getMessage());
    }
}
