package javelin;

import static javelin.Transforms.grad;
import static javelin.Transforms.jit;
import static javelin.Transforms.jvp;
import static javelin.Transforms.vmap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javelin.Control.Scanned;
import javelin.Control.Step;
import javelin.check.Vectors;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.tree.TreeException;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

class ControlTest {
    // tensors, not arrays: loops take the type of their state from the initial value
    private static Tensor scalar(double x) { return Array.scalar(x); }

    private static Tensor scalar(float x) { return Array.scalar(x); }

    private static Tensor scalar(int x) { return Array.scalar(x); }

    private static void assertNumbers(Tensor found, double... expected) {
        Vectors.assertClose("numbers", expected, found.array().toDoubles(), 1e-12);
    }

    private static Scanned<Tensor, Tensor> runningSum(Tensor start, Tensor xs, boolean reverse) {
        return Control.scan((Tensor sum, Tensor x) -> new Step<>(sum.add(x), sum), start, xs, reverse);
    }

    @Test void scanCarriesStateAndStacksOutputs() {
        var all = runningSum(scalar(10.0), Array.f64(1, 2, 3), false);
        assertNumbers(all.carry(), 16);
        assertNumbers(all.outputs(), 10, 11, 13);
    }

    @Test void aReverseScanRunsFromTheLastWithOutputsInTheirPlaces() {
        var all = runningSum(scalar(10.0), Array.f64(1, 2, 3), true);
        assertNumbers(all.carry(), 16);
        assertNumbers(all.outputs(), 15, 13, 10);
    }

    @Test void aScanOfNoStepsKeepsItsStateAndHasEmptyOutputs() {
        Tensor none = Tensor.zeros(TensorType.f64(0));
        var all = runningSum(scalar(10.0), none, false);
        assertNumbers(all.carry(), 10);
        assertEquals(TensorType.f64(0), all.outputs().type());
        assertNumbers(grad((Tensor s) -> runningSum(s.mul(s), none, false).carry()).apply(scalar(3.0)), 6);
        assertNumbers(jit((Tensor s) -> runningSum(s, none, false).carry()).apply(scalar(3.0)), 3);
    }

    @Test void scanTakesTreesAndClosesOverTensors() {
        Tensor w = Array.f64(2, 3);
        record State(Tensor x, Map<String, Tensor> more) {}
        var start = new State(Array.f64(1, 1), Map.of("n", scalar(0)));
        var end = Control.scan((State s) -> new Step<>(new State(s.x().mul(w), Map.of("n", s.more().get("n").add(1))),
                List.of(s.x().sum())), start, 3);
        assertNumbers(end.carry().x(), 8, 27);
        assertEquals(3, end.carry().more().get("n").itemAsLong());
        assertNumbers(end.outputs().getFirst(), 2, 5, 13);
        assertNumbers(grad((Tensor v) -> Control.scan((Tensor s) -> new Step<>(s.mul(v), List.of()), Array.f64(1, 1), 3)
                .carry().sum()).apply(w), 12, 27);
    }

    @Test void scanCarriesGradientThroughAnOverwrittenState() {
        // the state is the last x, whatever it was before; its gradient reaches that x alone
        Function<Tensor, Tensor> last = xs -> Control.scan((Tensor s, Tensor x) -> new Step<>(x.mul(x), s),
                scalar(5.0), xs).carry();
        assertNumbers(grad(last).apply(Array.f64(1, 2, 3)), 0, 0, 6);
        Function<Tensor, Tensor> forgotten = s -> Control.scan((Tensor c, Tensor x) -> new Step<>(x, c), s,
                Array.f64(1, 2)).carry();
        assertNumbers(grad(forgotten).apply(scalar(7.0)), 0);
    }

    @Test void gradientsOfScansAreThoseOfTheUnrolledLoops() {
        Tensor xs = Array.f64(0.3, -0.7, 1.1), s = scalar(0.4);
        for (boolean reverse : new boolean[] {false, true}) {
            Function<List<Tensor>, Tensor> looped = in -> {
                var all = Control.scan((Tensor c, Tensor x) -> new Step<>(c.mul(x).sin().add(c), c.mul(c)), in.get(0),
                        in.get(1), reverse);
                return all.carry().add(all.outputs().mul(Array.f64(1, 2, 3)).sum());
            };
            Function<List<Tensor>, Tensor> unrolled = in -> {
                Tensor c = in.get(0), sum = scalar(0.0);
                for (int n = 0; n < 3; n++) {
                    int t = reverse ? 2 - n : n;
                    sum = sum.add(c.mul(c).mul(t + 1));
                    c = c.mul(in.get(1).index(t)).sin().add(c);
                }
                return c.add(sum);
            };
            assertEquals(unrolled.apply(List.of(s, xs)).item(), looped.apply(List.of(s, xs)).item(), 1e-14);
            var expected = grad(unrolled).apply(List.of(s, xs));
            var found = grad(looped).apply(List.of(s, xs));
            assertNumbers(found.get(0), expected.get(0).array().toDoubles());
            assertNumbers(found.get(1), expected.get(1).array().toDoubles());
        }
    }

    @Test void scansNest() {
        Function<Tensor, Tensor> f = x ->
                Control.scan((Tensor a) -> new Step<>(Control.scan((Tensor b) -> new Step<>(b.mul(x), List.of()), a, 2)
                .carry(), List.of()), x, 3).carry();
        assertNumbers(f.apply(scalar(2.0)), 128);
        assertNumbers(grad(f).apply(scalar(2.0)), 7 * 64);
        assertNumbers(grad(grad(f)).apply(scalar(2.0)), 42 * 32);
        assertNumbers(vmap(grad(f)).apply(Array.f64(1, 2)), 7, 448);
    }

    @Test void countedLoopsHaveFixedOrDynamicBounds() {
        assertNumbers(Control.foriLoop(2, 5, (i, s) -> s.add(i.astype(DType.F64)), scalar(0.0)), 9);
        assertNumbers(Control.foriLoop(5, 2, (i, s) -> s.add(1), scalar(0.0)), 0);
        assertNumbers(Control.foriLoop(scalar(2), scalar(5), (i, s) -> s.add(i.astype(DType.F64)), scalar(0.0)), 9);
        assertNumbers(grad((Tensor x) -> Control.foriLoop(0, 3, (i, s) -> s.mul(x), x)).apply(scalar(2.0)), 32);
    }

    @Test void whileLoopsRunAsOftenAsTheirStateSays() {
        Function<Tensor, Tensor> halved = x -> Control.whileLoop(s -> s.abs().gt(1), s -> s.mul(0.5), x);
        assertNumbers(halved.apply(scalar(20.0)), 0.625);
        assertNumbers(halved.apply(scalar(0.5)), 0.5);
        assertNumbers(jvp(halved).apply(scalar(20.0), scalar(1.0)).tangent(), 1.0 / 32);
    }

    @Test void everyLaneOfAMappedWhileLoopStopsByItself() {
        Function<Tensor, Tensor> halved = x -> Control.whileLoop(s -> s.abs().gt(1), s -> s.mul(0.5), x);
        assertNumbers(vmap(halved).apply(Array.f64(20, 0.5, -3)), 0.625, 0.5, -0.75);
        assertNumbers(vmap((Tensor x) -> jvp(halved).apply(x, scalar(1.0)).tangent()).apply(Array.f64(20, 0.5)),
                1.0 / 32, 1);
    }

    /**
     * Lanes are asked in blocks of 256 whether they still run; here whole blocks stop before others, and some never
     * start.
     */
    @Test void anyNumberOfLanesStopsByItself() {
        Function<Tensor, Tensor> halved = x -> Control.whileLoop(s -> s.abs().gt(1), s -> s.mul(0.5), x);
        for (int lanes : new int[] {0, 1, 255, 256, 257, 513, 700}) {
            double[] x = new double[lanes], expected = new double[lanes];
            for (int i = 0; i < lanes; i++) {
                x[i] = expected[i] = i < 300 ? 0.25 : i < 520 ? 1000 - i : i < 600 ? 3 : 0.5;
                while (expected[i] > 1) expected[i] /= 2;
            }
            assertNumbers(vmap(halved).apply(Array.f64(x)), expected);
            assertNumbers(jit(vmap(halved)).apply(Array.f64(x)), expected);
        }
    }

    @Test void aWhileLoopIsNoObstacleToGradientsThatDoNotPassThroughIt() {
        Function<Tensor, Tensor> f = x -> x.mul(Control.whileLoop(s -> s.lt(10), s -> s.mul(2), scalar(3.0)));
        assertNumbers(grad(f).apply(scalar(1.0)), 12);
        Function<Tensor, Tensor> stopped = x ->
                x.mul(Control.whileLoop(s -> s.lt(10), s -> s.mul(2), x.stopGradient()));
        assertNumbers(grad(stopped).apply(scalar(3.0)), 12);
    }

    @Test void aBranchIsTakenAndTheOtherIsNotRun() {
        Function<Tensor, Tensor> f = x -> Control.cond(x.gt(0), y -> y.mul(y), y -> y.neg(), x);
        assertNumbers(f.apply(scalar(3.0)), 9);
        assertNumbers(f.apply(scalar(-3.0)), 3);
        assertNumbers(grad(f).apply(scalar(3.0)), 6);
        assertNumbers(grad(f).apply(scalar(-3.0)), -1);
        assertNumbers(vmap(grad(f)).apply(Array.f64(3, -3)), 6, -1);
    }

    @Test void branchesMayCloseOverDifferentTensors() {
        Tensor a = scalar(2.0), b = scalar(5.0);
        Function<Tensor, Tensor> f = x -> Control.switchCase(x.astype(DType.I32),
                List.of(y -> y.mul(a), y -> y.mul(b), y -> y), x);
        assertNumbers(f.apply(scalar(1.0)), 5);
        assertNumbers(f.apply(scalar(-7.0)), -14);
        assertNumbers(f.apply(scalar(9.0)), 9);
        assertNumbers(grad((Tensor x) -> grad((Tensor y) -> Control.cond(y.gt(0), z -> z.mul(x).mul(z), z -> z, y))
                .apply(x)).apply(scalar(3.0)), 4 * 3);
    }

    @Test void aBranchThatIsNotDifferentiableAtTheArgumentDoesNoHarm() {
        Function<Tensor, Tensor> root = x -> Control.cond(x.gt(0), Tensor::sqrt, y -> Tensor.zeros(y.type()), x);
        assertNumbers(grad(root).apply(scalar(0.0)), 0);
    }

    @Test void mapsRunOneAfterTheOther() {
        assertNumbers(Control.map((Tensor x) -> x.mul(x), Array.f64(1, 2, 3)), 1, 4, 9);
    }

    @Test void mapsRunInBatchesToo() {
        record Pairs(Tensor x, Tensor y) {}
        var xs = new Pairs(Array.f64(1, 2, 3, 4, 5), Array.f64(2, 2, 2, 3, 3));
        for (int size : new int[] {1, 2, 3, 5, 9}) {
            List<Tensor> out = Control.map((Pairs p) -> List.of(p.x().mul(p.y()), p.x().expandDims(0)), xs, size);
            assertNumbers(out.get(0), 2, 4, 6, 12, 15);
            assertEquals(TensorType.f64(5, 1), out.get(1).type());
            assertNumbers(grad((Tensor x) -> Control.map((Tensor a) -> a.mul(a), x, size).sum()).apply(xs.x()), 2, 4,
                    6, 8, 10);
        }
        assertEquals(TensorType.f64(0), Control.map((Tensor x) -> x.mul(x), Tensor.zeros(TensorType.f64(0)), 4).type());
        assertThrows(JavelinException.class, () -> Control.map((Tensor x) -> x, xs.x(), 0));
    }

    @Test void unrolledScansAreTheSameScans() {
        Tensor xs = Array.f64(1, 2, 3, 4, 5, 6, 7);
        for (boolean reverse : new boolean[] {false, true})
            for (int unroll : new int[] {1, 2, 3, 7, 10}) {
                Function<Tensor, Tensor> f = x -> {
                    var all = Control.scan((Tensor c, Tensor y) ->
                            new Step<>(c.mul(0.5).add(y), c.mul(y)), scalar(1.0), x, reverse, unroll);
                    return Tensors.concatenate(List.of(all.outputs(), all.carry().expandDims(0)), 0);
                };
                Function<Tensor, Tensor> plain = x -> {
                    var all = Control.scan((Tensor c, Tensor y) ->
                            new Step<>(c.mul(0.5).add(y), c.mul(y)), scalar(1.0), x, reverse);
                    return Tensors.concatenate(List.of(all.outputs(), all.carry().expandDims(0)), 0);
                };
                assertNumbers(f.apply(xs), plain.apply(xs).array().toDoubles());
                assertNumbers(jit(f).apply(xs), plain.apply(xs).array().toDoubles());
                assertNumbers(grad((Tensor x) -> f.apply(x).square().sum()).apply(xs),
                        grad((Tensor x) -> plain.apply(x).square().sum()).apply(xs).array().toDoubles());
            }
        assertThrows(JavelinException.class, () ->
                Control.scan((Tensor c, Tensor y) -> new Step<>(c, y), scalar(1.0), xs, false, 0));
    }

    @Test void loopsRefuseStatesThatChange() {
        assertThrows(ShapeException.class, () -> Control.foriLoop(0, 3, (i, s) -> s.astype(DType.F64), scalar(1f)));
        assertThrows(TreeException.class, () -> Control.<Object>foriLoop(0, 3, (i, s) -> List.of(s), scalar(1f)));
        assertThrows(ShapeException.class, () -> Control.whileLoop(s -> s.lt(3), s -> s.reshape(1), scalar(1f)));
        assertThrows(ShapeException.class, () -> Control.whileLoop(s -> s, s -> s, scalar(1f)));
        assertThrows(ShapeException.class,
                () -> Control.cond(Array.bool(true).reshape(), x -> x, x -> x.reshape(1), scalar(1f)));
        assertThrows(ShapeException.class, () -> Control.cond(scalar(1f), x -> x, x -> x, scalar(1f)));
        assertThrows(ShapeException.class,
                () -> Control.switchCase(scalar(1f), List.<Function<Tensor, Tensor>>of(x -> x), scalar(1f)));
        assertThrows(JavelinException.class,
                () -> Control.scan((Tensor c, List<Tensor> x) -> new Step<>(c, x), scalar(1f), List.of()));
        assertThrows(ShapeException.class,
                () -> Control.scan((Tensor c, List<Tensor> x) -> new Step<>(c, x), scalar(1f),
                List.of(Array.f32(1), Array.f32(1, 2))));
    }
}
