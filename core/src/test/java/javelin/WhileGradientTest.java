package javelin;

import static javelin.Transforms.checkpoint;
import static javelin.Transforms.grad;
import static javelin.Transforms.jacfwd;
import static javelin.Transforms.jacrev;
import static javelin.Transforms.jit;
import static javelin.Transforms.program;
import static javelin.Transforms.vmap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javelin.Control.Step;
import javelin.check.Vectors;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.ops.While;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reverse mode through loops whose number of steps is known only when they run. */
class WhileGradientTest {
    private static final Tensor X = Array.f64(0.7, -0.4), W = Array.f64(1.3, 0.8);

    private static Tensor scalar(double x) { return Array.scalar(x); }

    private static Tensor scalar(int x) { return Array.scalar(x); }

    /** A step that is neither linear nor contracting, with a matrix's worth of derivatives. */
    private static Tensor step(Tensor x, Tensor w) { return x.mul(w).sin().add(x.flip(0).mul(0.5)); }

    private record State(Tensor n, Tensor x, Tensor even, Tensor sum) {}

    /** {@code sum x[n]^2} over the states, those before an even step twice. */
    private static Tensor looped(Tensor steps, Tensor x, Tensor w, int limit) {
        var start = new State(scalar(0), x, Array.bool(true).reshape(), scalar(0.0));
        return Control.whileLoop(s -> s.n().lt(steps), s -> new State(s.n().add(1), step(s.x(), w), s.even().not(),
                s.sum().add(s.x().square().sum().mul(s.even().where(scalar(2.0), scalar(1.0))))), start, limit).sum();
    }

    private static Tensor counted(int steps, Tensor x, Tensor w) {
        List<Tensor> end = Control.foriLoop(0, steps,
                (i, s) -> List.of(step(s.get(0), w), s.get(1).add(s.get(0).square()
                .sum().mul(i.rem(2).eq(0).where(scalar(2.0), scalar(1.0))))), List.of(x, scalar(0.0)));
        return end.get(1);
    }

    private static void assertSame(List<Tensor> expected, List<Tensor> found) {
        for (int i = 0; i < expected.size(); i++)
            Vectors.assertClose("gradient " + i, expected.get(i).array().toDoubles(), found.get(i).array().toDoubles(),
                    1e-11);
    }

    private static void assertNumbers(Tensor found, double... expected) {
        Vectors.assertClose("numbers", expected, found.array().toDoubles(), 1e-12);
    }

    @ParameterizedTest @ValueSource(ints = {0, 1, 2, 63, 64, 65, 66})
    void gradientsAreThoseOfTheCountedLoop(int steps) { assertGradient(steps, Integer.MAX_VALUE); }

    @ParameterizedTest @ValueSource(ints = {0, 1, 2, 3, 4, 5, 24, 25})
    void loopsWithALimitKeepItsRoot(int steps) { assertGradient(steps, 25); }

    private static void assertGradient(int steps, int limit) {
        assertSame(grad((List<Tensor> in) -> counted(steps, in.get(0), in.get(1))).apply(List.of(X, W)),
                grad((List<Tensor> in) -> looped(scalar(steps), in.get(0), in.get(1), limit)).apply(List.of(X, W)));
    }

    @Test void aLimitEndsALoop() {
        assertNumbers(Control.whileLoop(s -> s.gt(0), s -> s.add(1), scalar(1.0), 7), 8);
        assertNumbers(grad((Tensor x) -> Control.whileLoop(s -> s.gt(0), s -> s.mul(x), x, 7)).apply(scalar(1.0)), 8);
    }

    /** Three rows of tape and of stack, whatever the number of steps. */
    @ParameterizedTest @ValueSource(ints = {2, 3, 4, 5, 6, 7, 12, 30})
    void aTapeThatIsFarTooShortIsRightAllTheSame(int steps) {
        Function<List<Tensor>, Tensor> f = in -> {
            var goOn = Recorder.trace(List.of(TensorType.i32(), TensorType.f64(2)), v -> List.of(v.get(0).lt(steps)));
            var body = Recorder.trace(List.of(TensorType.f64(2), TensorType.i32(), TensorType.f64(2)),
                    v -> List.of(v.get(1).add(1), step(v.get(2), v.get(0))));
            return Op.apply(new While(goOn.program(), body.program(), 0, 1, 3),
                    List.of(in.get(1), scalar(0), in.get(0))).get(1).sum();
        };
        Function<List<Tensor>, Tensor> fixed = in ->
                Control.foriLoop(0, steps, (_, x) -> step(x, in.get(1)), in.get(0)).sum();
        assertSame(grad(fixed).apply(List.of(X, W)), grad(f).apply(List.of(X, W)));
    }

    @Test void gradientsAgreeWithDifferencesToSecondOrder() {
        Debug.checkGrads((List<Tensor> in) -> looped(scalar(5), in.get(0), in.get(1), 9), List.of(X, W), 2);
        Debug.checkGrads((Tensor x) -> Control.whileLoop(s -> s.gt(1), s -> s.sqrt().mul(x), x.add(20)), scalar(0.9),
                2);
    }

    @Test void boundsMayBeTensors() {
        Function<Tensor, Tensor> f = x -> Control.foriLoop(scalar(2), scalar(5),
                (i, s) -> s.mul(x).add(i.astype(DType.F64)), x);
        assertNumbers(grad(f).apply(scalar(2.0)), 4 * 8 + 2 * 2 * 2 + 3);
    }

    private static Tensor powers(Tensor x, UnaryOperator<Tensor> inner) {
        return Control.whileLoop(s -> s.abs().lt(100), s -> inner.apply(s.mul(x)), x);
    }

    @Test void loopsNestInAnyWay() {
        Function<Tensor, Tensor> whileInScan = x ->
                Control.scan((Tensor c) -> new Step<>(powers(x, s -> s).add(c.mul(x)), List.of()), x, 3).carry();
        Function<Tensor, Tensor> scanInWhile = x -> powers(x, s -> Control.foriLoop(0, 2, (_, t) -> t.mul(x), s));
        Function<Tensor, Tensor> whileInWhile = x ->
                powers(x, s -> Control.whileLoop(t -> t.lt(6), t -> t.mul(x).add(1), s));
        // at 3: x^5 + x (x^5 + x (x^5 + x^2)), x (x^3)^2 and, since 3 3 > 6, x^5
        assertNumbers(grad(whileInScan).apply(scalar(3.0)), 5 * 81 + 6 * 243 + 7 * 729 + 4 * 27);
        assertNumbers(grad(scanInWhile).apply(scalar(3.0)), 7 * 729);
        assertNumbers(grad(whileInWhile).apply(scalar(3.0)), 5 * 81);
        for (var f : List.of(whileInScan, scanInWhile, whileInWhile))
            for (double at : new double[] {1.7, 2.3}) {
                Debug.checkGrads(f, scalar(at), 1);
                assertEquals(grad(f).apply(scalar(at)).item(), grad(checkpoint(f)).apply(scalar(at)).item());
            }
    }

    @Test void lanesOfAMappedLoopHaveGradientsOfTheirOwn() {
        Function<Tensor, Tensor> f = x -> powers(x, s -> s);
        Tensor xs = Array.f64(1.5, 3, 101, -4);
        double[] each = Lists.map(List.of(1.5, 3.0, 101.0, -4.0), x -> grad(f).apply(scalar(x)).item()).stream()
                .mapToDouble(d -> d).toArray();
        assertNumbers(vmap(grad(f)).apply(xs), each);
        assertNumbers(grad((Tensor x) -> vmap(f).apply(x).sum()).apply(xs), each);
        assertNumbers(vmap(grad(grad(f))).apply(Array.f64(3, 101)), 20 * 27, 0);
        assertNumbers(grad((Tensor x) -> vmap(grad(f)).apply(x).sum()).apply(Array.f64(3, 101)), 20 * 27, 0);
    }

    @Test void jacobiansOfBothModesAgree() {
        Function<Tensor, Tensor> f = x -> Control.whileLoop(s -> s.abs().sum().lt(20), s -> s.add(s.flip(0).mul(x)), x);
        assertNumbers(jacrev(f).apply(W), jacfwd(f).apply(W).array().toDoubles());
        assertNumbers(jit(jacrev(f)).apply(W), jacfwd(f).apply(W).array().toDoubles());
    }

    @Test void theWayBackDoesNotAskTheCondition() {
        Function<Tensor, Tensor> f = x -> Control.whileLoop(s -> s.exp().lt(100), s -> s.mul(x), x);
        assertFalse(program(grad(f), scalar(1.2)).toString().contains("exp"));
        assertNumbers(grad(f).apply(scalar(2.0)), 12);
    }
}
