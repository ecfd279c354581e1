package javelin.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import javelin.Tensors;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.optim.Minimize.Limits;
import javelin.optim.Minimize.Minimum;
import org.junit.jupiter.api.Test;

class MinimizeTest {
    /** Parameters as a record with a setting. */
    record Point(Tensor x, List<Tensor> y, String name) {}

    private static Tensor rosenbrock(Point p) {
        Tensor y = p.y().getFirst();
        return y.sub(p.x().square()).square().mul(100).add(p.x().neg().add(1).square()).sum();
    }

    private static final Point START = new Point(Array.scalar(-1.2), List.of(Array.scalar(1.0)), "valley");

    private static void checkValley(Minimum<Point> found, int iterations) {
        assertTrue(found.converged(), found.toString());
        assertEquals(1, found.at().x().item(), 1e-6);
        assertEquals(1, found.at().y().getFirst().item(), 1e-6);
        assertEquals("valley", found.at().name());
        assertEquals(0, found.value(), 1e-12);
        assertTrue(found.gradientNorm() <= 1e-8);
        assertTrue(found.iterations() <= iterations, found.toString());
    }

    /** As many iterations as scipy 1.14 needs for BFGS (32) and L-BFGS-B (36), and some more. */
    @Test void rosenbrocksValleyIsLeftByAll() {
        checkValley(Minimize.lbfgs(MinimizeTest::rosenbrock, START), 50);
        checkValley(Minimize.bfgs(MinimizeTest::rosenbrock, START), 45);
        checkValley(Minimize.newton(MinimizeTest::rosenbrock, START), 30);
        checkValley(Minimize.levenbergMarquardt((Point p) -> Tensors.stack(List.of(
                p.y().getFirst().sub(p.x().square()).mul(10), p.x().neg().add(1)), 0), START), 40);
    }

    @Test void quadraticsOfManyParametersTakeFewSteps() {
        Tensor scales = Tensors.linspace(1, 50, 40, DType.F64), target = Tensors.linspace(-3, 3, 40, DType.F64);
        Function<Tensor, Tensor> f = x -> x.sub(target).square().mul(scales).sum();
        Tensor start = Tensor.zeros(target.type());
        for (Minimum<Tensor> m : List.of(Minimize.lbfgs(f, start), Minimize.bfgs(f, start),
                Minimize.newton(f, start))) {
            assertTrue(m.converged(), m.toString());
            assertArrayEquals(target.array().toDoubles(), m.at().array().toDoubles(), 1e-8);
        }
        assertTrue(Minimize.newton(f, start).iterations() <= 10);
    }

    /** Misra1a of NIST's statistical reference datasets: certified parameters 2.3894212918E+02, 5.5015643181E-04. */
    @Test void aCurveIsFittedToNistsDigits() {
        record Curve(Tensor b1, Tensor b2) {}
        Tensor x = Array.f64(77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1,
                760.0);
        Tensor y = Array.f64(10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47,
                81.78);
        Function<Curve, Tensor> residuals = c -> c.b2().neg().mul(x).expm1().neg().mul(c.b1()).sub(y);
        for (double[] start : new double[][] {{500, 1e-4}, {250, 5e-4}}) {
            var fit = Minimize.levenbergMarquardt(residuals, new Curve(Array.scalar(start[0]), Array.scalar(start[1])),
                    new Limits(200, 1e-6));
            assertTrue(fit.converged(), fit.toString());
            assertEquals(2.3894212918E+02, fit.at().b1().item(), 1e-6);
            assertEquals(5.5015643181E-04, fit.at().b2().item(), 1e-11);
            assertEquals(1.2455138894E-01 / 2, fit.value(), 1e-10);
        }
    }

    @Test void whatHasNoMinimumIsSaidNotToHaveConverged() {
        Function<Tensor, Tensor> slope = x -> x.sum();
        assertFalse(Minimize.lbfgs(slope, Array.f64(1, 2), new Limits(20, 1e-8)).converged());
        Minimum<Tensor> there = Minimize.bfgs((Tensor x) -> x.square().sum(), Array.f64(0, 0));
        assertTrue(there.converged());
        assertEquals(0, there.iterations());
        assertFalse(Minimize.newton((Tensor x) -> x.square().square().sum(), Array.f64(5), new Limits(2, 1e-8))
                .converged());
    }

    @Test void singlePrecisionReachesItsOwnLimit() {
        Minimum<Tensor> m = Minimize.lbfgs((Tensor x) ->
                x.sub(3).square().sum(), Array.f32(1, 2), new Limits(50, 1e-4));
        assertTrue(m.converged());
        assertEquals(3, m.at().index(0).item(), 1e-4);
    }
}
