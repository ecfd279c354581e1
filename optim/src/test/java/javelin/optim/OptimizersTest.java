package javelin.optim;

import static javelin.optim.Optimizers.adam;
import static javelin.optim.Optimizers.adamw;
import static javelin.optim.Optimizers.applyUpdates;
import static javelin.optim.Optimizers.chain;
import static javelin.optim.Optimizers.clipByGlobalNorm;
import static javelin.optim.Optimizers.globalNorm;
import static javelin.optim.Optimizers.scaleByLearningRate;
import static javelin.optim.Optimizers.sgd;
import static javelin.optim.Transformations.addDecayedWeights;
import static javelin.optim.Transformations.scale;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.tree.TreeException;
import javelin.core.type.DType;
import org.junit.jupiter.api.Test;

class OptimizersTest {
    /** Parameters as a user's own record, with a tensor that is no number to be trained and a setting. */
    record Model(Tensor w, List<Tensor> more, Tensor step, String name) {}

    private static final Tensor X0 = Array.f32(1, 2, 3);

    /** f = sum(x^2) from (1, 2, 3), after each of five steps. */
    private static List<String> losses(Optimizer<Tensor> tx) {
        List<String> printed = new ArrayList<>();
        Tensor x = X0;
        OptState state = tx.init(x);
        for (int i = 0; i < 5; i++) {
            var step = tx.update(Transforms.grad((Tensor t) -> t.square().sum()).apply(x), state, x);
            x = applyUpdates(x, step.updates());
            state = step.state();
            printed.add(String.format(Locale.ROOT, "%.2E", x.square().sum().item()));
        }
        return printed;
    }

    /** The values printed in the docstrings of optax 0.2.8, _src/alias.py. */
    @Test void quadraticsFallAsInOptaxsDocumentation() {
        assertEquals(List.of("1.38E+01", "1.37E+01", "1.35E+01", "1.33E+01", "1.32E+01"), losses(sgd(0.003)));
        assertEquals(List.of("1.40E+01", "1.39E+01", "1.39E+01", "1.39E+01", "1.38E+01"), losses(adam(0.003)));
        assertEquals(List.of("1.40E+01", "1.39E+01", "1.39E+01", "1.39E+01", "1.38E+01"), losses(adamw(0.003, 1e-4)));
        assertEquals(List.of("1.39E+01", "1.39E+01", "1.39E+01", "1.38E+01", "1.38E+01"),
                losses(adam(0.003, Decays.DEFAULT.withNesterov(true))));
    }

    private static double[] numbers(Tensor x) { return x.array().toDoubles(); }

    @Test void adamIsAlgorithm1() {
        double b1 = 0.8, b2 = 0.95, eps = 1e-3, root = 1e-2, rate = 0.1, m = 0, v = 0, p = 2;
        Optimizer<Tensor> tx = adam(rate, Decays.DEFAULT.withB1(b1).withB2(b2).withEps(eps).withEpsRoot(root));
        Tensor x = Array.scalar(p);
        OptState state = tx.init(x);
        for (int t = 1; t <= 6; t++) {
            double g = Math.sin(t);
            m = b1 * m + (1 - b1) * g;
            v = b2 * v + (1 - b2) * g * g;
            p -= rate * (m / (1 - Math.pow(b1, t))) / (Math.sqrt(v / (1 - Math.pow(b2, t)) + root) + eps);
            var step = tx.update(Array.scalar(g), state, x);
            x = applyUpdates(x, step.updates());
            state = step.state();
            assertEquals(p, x.item(), 1e-15);
            assertEquals(t, state.count().itemAsLong());
        }
        assertEquals(m, ((Tensor) state.find(ScaleByAdam.State.class).mu()).item(), 1e-15);
    }

    /** The first step: the correction 1 - 0.999 is computed in f32, as Optax does, and is not 0.001. */
    @Test void adamsFirstStepRoundsAsOptax() {
        Optimizer<Tensor> tx = adam(1);
        Tensor x = Array.scalar(0f);
        float m = (float) (1 - 0.9), v = (float) (1 - 0.999), corrected = v / (1 - 0.999f);
        float expected = -(m / (1 - 0.9f)) / ((float) Math.sqrt(corrected) + 1e-8f);
        assertEquals(expected, tx.update(Array.scalar(1f), tx.init(x), x).updates().item());
        assertEquals(0.9999933, -expected, 1e-6);
    }

    @Test void nesterovsAdamLooksAhead() {
        Optimizer<Tensor> tx = adam(1, Decays.DEFAULT.withNesterov(true));
        double g = 0.7, m = 0.1 * g, v = 0.001 * g * g;
        double direction = 0.9 * m / (1 - Math.pow(0.9, 2)) + 0.1 * g / (1 - 0.9);
        Tensor x = Array.scalar(0.0);
        assertEquals(-direction / (Math.sqrt(v / 0.001) + 1e-8), tx.update(Array.scalar(g), tx.init(x), x).updates()
                .item(), 1e-12);
    }

    @Test void momentumAccumulates() {
        Tensor x = Array.f64(1, -1), g = Array.f64(0.5, 2);
        Optimizer<Tensor> heavy = sgd(0.1, 0.9, false), nesterov = sgd(0.1, 0.9, true);
        var first = heavy.update(g, heavy.init(x), x);
        assertArrayEquals(new double[] {-0.05, -0.2}, numbers(first.updates()), 1e-16);
        assertArrayEquals(new double[] {-0.095, -0.38}, numbers(heavy.update(g, first.state(), x).updates()), 1e-16);
        assertArrayEquals(new double[] {-0.095, -0.38}, numbers(nesterov.update(g, nesterov.init(x), x).updates()),
                1e-16);
    }

    @Test void decayIsMultipliedByTheRateAndTakesParametersBeforeTheStep() {
        Tensor p = Array.f64(3), g = Array.f64(0.5);
        Optimizer<Tensor> tx = chain(addDecayedWeights(0.1), scaleByLearningRate(0.2));
        assertEquals(-0.2 * (0.5 + 0.1 * 3), tx.update(g, tx.init(p), p).updates().index(0).item(), 1e-16);
        Optimizer<Tensor> plain = adam(0.2), decayed = adamw(0.2, 0.1);
        double a = plain.update(g, plain.init(p), p).updates().index(0).item(),
                b = decayed.update(g, decayed.init(p), p)
                .updates().index(0).item();
        assertEquals(-0.2 * 0.1 * 3, b - a, 1e-15);
    }

    @Test void clippingScalesAllTensorsTogether() {
        List<Tensor> g = List.of(Array.f32(3, 0), Array.f64(4));
        Optimizer<List<Tensor>> tx = chain(clipByGlobalNorm(2.5));
        assertEquals(5, globalNorm(g).item());
        List<Tensor> half = tx.update(g, tx.init(g), g).updates();
        assertArrayEquals(new double[] {1.5, 0}, numbers(half.get(0)));
        assertArrayEquals(new double[] {2}, numbers(half.get(1)));
        Optimizer<List<Tensor>> wide = chain(clipByGlobalNorm(5.5));
        assertArrayEquals(new double[] {3, 0}, numbers(wide.update(g, wide.init(g), g).updates().get(0)));
        List<Tensor> zero = List.of(Array.f32(0, 0));
        assertArrayEquals(new double[2], numbers(wide.update(zero, wide.init(zero), zero).updates().get(0)));
        OptState narrower = wide.init(g).with("maxNorm", 0.5);
        assertEquals(0.3, wide.update(g, narrower, g).updates().get(0).index(0).item(), 1e-7);
    }

    @Test void anyRecordIsATreeOfParameters() {
        Model model = new Model(Array.f32(1, 2), List.of(Array.f64(3)), Array.scalar(7), "m");
        Optimizer<Model> tx = adamw(0.1, 0.01);
        var loss = Transforms.jit((Model m) -> Transforms
                .grad((Model q) -> q.w().square().sum().add(q.more().getFirst().sum().astype(DType.F32))).apply(m));
        var step = tx.update(loss.apply(model), tx.init(model), model);
        Model next = applyUpdates(model, step.updates());
        assertEquals(0.9, next.w().index(0).item(), 2e-3);
        assertEquals(DType.F64, next.more().getFirst().dtype());
        assertEquals(7, next.step().itemAsLong());                       // integers are not trained
        assertEquals("m", next.name());
    }

    @Test void aLearningRateIsReadAndSetWithoutCompiling() {
        Optimizer<Tensor> tx = chain(clipByGlobalNorm(10), adam(0.05));
        record Args(Tensor x, OptState state) {}
        var step = Transforms.jit((Args a) -> {
            var s = tx.update(a.x(), a.state(), a.x());
            return new Args(applyUpdates(a.x(), s.updates()), s.state());
        });
        Args a = step.apply(new Args(X0, tx.init(X0)));
        assertEquals(0.95, a.x().index(0).item(), 1e-6);
        assertEquals(0.05, a.state().learningRate());                    // exactly: it is kept in f64
        Args still = step.apply(new Args(a.x(), a.state().withLearningRate(0)));
        assertTrue(still.x().array().sameBits(a.x().array()));
        assertEquals(2, still.state().count().itemAsLong());
        assertEquals(1, step.stats().compilations());
        assertEquals(Map.of("learningRate", 0.05, "maxNorm", 10.0), values(a.state()));
    }

    private static Map<String, Double> values(OptState state) {
        Map<String, Double> all = new java.util.TreeMap<>();
        state.hyperparameters().forEach((name, value) -> all.put(name, value.item()));
        return all;
    }

    @Test void aScheduleIsTakenAtTheCountBeforeTheUpdate() {
        Optimizer<Tensor> tx = sgd(Schedules.linear(1, 0, 4));
        Tensor x = Array.scalar(0.0), g = Array.scalar(1.0);
        OptState state = tx.init(x);
        for (double rate : new double[] {1, 0.75, 0.5, 0.25, 0, 0}) {
            var step = tx.update(g, state, x);
            assertEquals(-rate, step.updates().item());
            state = step.state();
            assertEquals(rate, state.learningRate());
        }
        OptState scheduled = state;
        assertTrue(message(() -> scheduled.withLearningRate(1)).startsWith("'learningRate' follows a schedule"));
    }

    @Test void scalesAndChainsNest() {
        Optimizer<Tensor> tx = chain(scale(3), chain(scale(-2), sgd(1.0)));
        assertArrayEquals(new double[] {6, 12, 18}, numbers(tx.update(X0, tx.init(X0), X0).updates()));
        Optimizer<Tensor> two = chain(adam(0.1), sgd(0.5));
        assertEquals(Map.of(".parts[0].parts[1].learningRate", 0.1, ".parts[1].parts[0].learningRate", 0.5),
                values(two.init(X0)));
        OptState changed = two.init(X0).with(".parts[1].parts[0].learningRate", 2);
        assertEquals(2, changed.hyperparameter(".parts[1].parts[0].learningRate").item());
    }

    @Test void theCountStopsAtTheLargestInteger() {
        assertEquals(Integer.MAX_VALUE, Counted.next(Array.scalar(Integer.MAX_VALUE)).itemAsLong());
        assertEquals(6, Counted.next(Array.scalar(5)).itemAsLong());
    }

    @Test void optimizersAreDifferentiableAndMappable() {
        Optimizer<Tensor> tx = sgd(0.1, 0.5, false);
        Tensor slope = Transforms.grad((Tensor x) -> {
            var step = tx.update(x.square(), tx.init(x), x);
            return applyUpdates(x, step.updates());
        }).apply(Array.scalar(3.0));
        assertEquals(1 - 0.1 * 2 * 3, slope.item(), 1e-15);
        Tensor each = Transforms.vmap((Tensor x) -> tx.update(x, tx.init(x), x).updates()).apply(X0);
        assertArrayEquals(new double[] {-0.1, -0.2, -0.3}, numbers(each), 1e-7);
    }

    private static String message(Runnable f) { return assertThrows(JavelinException.class, f::run).getMessage(); }

    @Test void mistakesAreExplained() {
        Optimizer<Tensor> tx = adam(0.1), other = sgd(0.1);
        OptState state = tx.init(X0);
        assertTrue(message(() -> other.update(X0, state, X0))
                .startsWith("a chain of 1 transformations is given a state of 2;"));
        Optimizer<Tensor> momentum = sgd(0.1, 0.9, false);
        assertTrue(message(() -> momentum.update(X0, state, X0))
                .contains("is given the state of another transformation, a javelin.optim.ScaleByAdam$State"));
        assertTrue(message(() -> state.with("learningrate", 1))
                .startsWith("this optimizer has no hyper-parameter 'learningrate'; it has [learningRate]"));
        assertTrue(message(() -> state.find(Trace.State.class))
                .startsWith("this optimizer has no state of javelin.optim.Trace$State; its parts are"
                + " ScaleByAdam.State, ScaleByLearningRate.State"));
        Optimizer<Tensor> uncounted = chain(scale(2));
        assertTrue(message(() -> uncounted.init(X0).count())
                .startsWith("no part of this optimizer counts its updates: NoState"));
        Optimizer<Object> any = adam(0.1);
        assertTrue(assertThrows(TreeException.class, () -> any.update(List.of(X0), any.init(X0), X0)).getMessage()
                .startsWith("adam: gradients, state and"));
        assertThrows(JavelinException.class, () -> clipByGlobalNorm(0));
        assertThrows(JavelinException.class, () -> Decays.DEFAULT.withB1(1));
    }
}
