package javelin.optim;

import static javelin.optim.Optimizers.adam;
import static javelin.optim.Optimizers.chain;
import static javelin.optim.Optimizers.sgd;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.optim.Optimizers.Decay;
import org.junit.jupiter.api.Test;

/** Wrappers against what optax 0.2.8 gives, compiled, for {@code |x|^2 (1 + x0^2 / 10)} from (1, 2, 3) in f32. */
class WrappersTest {
    private static Tensor loss(Tensor x) {
        return x.square().sum().mul(x.index(0).square().mul(0.1).add(1));
    }

    /** Parameters and state after some updates, the gradients of those listed in {@code bad} being NaN. */
    private record After<S>(Tensor x, S state) {
        void isAt(double... expected) {
            assertArrayEquals(expected, x.array().toDoubles(), 2e-5 * Math.max(1, Math.abs(expected[0])));
        }
    }

    private static <S> After<S> run(GradientTransformation<Tensor, S> tx, int updates, Integer... bad) {
        record In<S>(Tensor x, S state, Tensor spoil) {}
        var step = Transforms.jit((In<S> in) -> {
            var at = Transforms.valueAndGrad(WrappersTest::loss).apply(in.x());
            Tensor g = at.grad().add(in.spoil());
            var next = tx.update(g, in.state(), in.x(), Loss.of(at.value(), g, WrappersTest::loss));
            return new After<>(Optimizers.applyUpdates(in.x(), next.updates()), next.state());
        });
        Tensor start = Array.f32(1, 2, 3);
        After<S> now = new After<>(start, tx.init(start));
        for (int i = 0; i < updates; i++)
            now = step.apply(new In<>(now.x(), now.state(), Array.scalar(Set.of(bad).contains(i) ? Float.NaN : 0f)));
        assertEquals(1, step.stats().compilations());
        return now;
    }

    private static long whole(Tensor x) { return x.itemAsLong(); }

    @Test void lookaheadSynchronises() {
        var after = run(new Lookahead<>(adam(0.1), 3, 0.5, false), 7);
        after.isAt(0.61187339, 1.603803, 2.6026256);
        assertArrayEquals(new double[] {0.70632815, 1.7020237, 2.7014012}, after.state().slow().array().toDoubles(),
                2e-5);
        run(new Lookahead<>(adam(0.1), 3, 0.5, true), 7).isAt(0.60304123, 1.6008948, 2.600606);
    }

    @Test void samGoesUphillFirst() {
        Optimizer<Tensor> real = sgd(0.05, 0.9, false), adversary = chain(Transformations.normalize(), sgd(0.2));
        run(new Sam<>(real, adversary, 3, true, false), 7).isAt(0.16565207, 1.4253147, 2.1379721);
        run(new Sam<>(real, adversary, 3, false, false), 7).isAt(0.16565207, 1.4253147, 2.1379721);
        run(new Sam<>(real, adversary, 3, true, true), 3).isAt(-0.34177658, 0.7701425, 1.1552137);
    }

    @Test void gradientsAreAccumulated() {
        var after = run(Transformations.multiSteps(adam(0.1), 3), 8);
        after.isAt(0.80074215, 1.8002396, 2.8001683);
        assertEquals(2, whole(after.state().miniStep()));
        assertEquals(2, whole(after.state().gradientStep()));
        assertEquals(2, whole(after.state().innerOptState().count()));
        Schedule growing = count -> count.add(1).astype(DType.F64);
        run(new MultiSteps<>(adam(0.1), growing, false, MultiSteps.Skip.notFinite()), 9, 1, 4)
                .isAt(0.70358121, 1.7058387, 2.7063019);
        assertEquals(1, whole(MultiSteps.Skip.<Tensor>large(4).test(Array.f32(2), Array.scalar(0), Array.f32(2))));
    }

    @Test void gradientsThatAreNotFiniteAreSkipped() {
        var after = run(new ApplyIfFinite<>(adam(0.1), 2), 8, 1, 2, 5);
        after.isAt(0.51322496, 1.5040147, 2.5027246);
        assertEquals(3, whole(after.state().totalNotfinite()));
        assertTrue(Double.isNaN(run(new ApplyIfFinite<>(sgd(0.1), 1), 4, 1, 2).x().index(0).item()));
        var zeroed = run(chain(new ZeroNans<>(), sgd(0.1)), 2, 1);
        assertEquals(run(sgd(0.1), 1).x().index(2).item(), zeroed.x().index(2).item());
    }

    @Test void transformationsMayDependOnTheCount() {
        var odd = new Conditionally<Tensor, NoState>(new Scale<>(-0.1),
                i -> i.rem(2).eq(1), Conditionally.Otherwise.PASS);
        run(odd, 3).isAt(-3174.5564, 41.739323, 62.609024);
        run(new Conditionally<>(adam(0.1), i -> i.rem(2).eq(0), Conditionally.Otherwise.ZERO), 5)
                .isAt(0.70278645, 1.700878, 2.7006092);
        run(chain(new Scale<>(-0.1), new ApplyEvery<>(3)), 8).isAt(-0.139916, 0.26179999, 0.39270002);
    }

    @Test void scheduleFreeIsEvaluatedAtTheMean() {
        Schedule rate = Schedules.warmupConstant(0, 0.1, 4);
        var after = run(new ScheduleFree<>(sgd(rate), rate, 0.9, 2), 6);
        after.isAt(0.32958928, 1.20455, 1.8068252);
        assertArrayEquals(new double[] {0.35742471, 1.2489405, 1.8734109},
                ScheduleFree.evalParams(after.state(), after.x()).array().toDoubles(), 1e-5);
    }

    @Test void lineSearchesFindSteps() {
        var settings = BacktrackingLineSearch.Settings.of(15).withStoreGrad(true);
        Optimizer<Tensor> backtracking = chain(sgd(2), new BacktrackingLineSearch<>(settings));
        var after = run(backtracking, 5);
        after.isAt(-1.1005523, -0.028041422, -0.042062141);
        assertEquals(0.34789246, after.state().find(BacktrackingLineSearch.State.class).learningRate().item(), 1e-6);
        var there = LineSearch.valueAndGrad(WrappersTest::loss, after.state(), after.x());
        assertEquals(loss(after.x()).item(), there.value().item(), 1e-6);
        assertArrayEquals(Transforms.grad(WrappersTest::loss).apply(after.x()).array().toDoubles(),
                there.grad().array().toDoubles(), 1e-5);
        OptState before = backtracking.init(after.x());
        assertEquals(there.value().item(), LineSearch.valueAndGrad(WrappersTest::loss, before, after.x()).value()
                .item(),
                1e-6);
        run(chain(sgd(2), new ZoomLineSearch<>(ZoomLineSearch.Settings.of(15))), 3)
                .isAt(-0.43265221, -0.027343677, -0.041015524);
        assertTrue(message(() -> backtracking.update(after.x(), before, after.x())).contains(
                "call update(gradients, state, params, Loss.of(value, gradient, lossFunction))"));
    }

    @Test void ratesFallOnPlateaus() {
        var settings = new ReduceOnPlateau.Settings(0.5, 2, 0.9, 0, 1, 2, 0.1);
        var after = run(chain(sgd(0.05), new ReduceOnPlateau<>(settings)), 20);
        after.isAt(0.17452627, 0.69771653, 1.046575);
        assertEquals(0.125, after.state().find(ReduceOnPlateau.State.class).scale().item());
        assertTrue(message(() -> new ReduceOnPlateau<Tensor>(settings).update(after.x(),
                new ReduceOnPlateau<Tensor>(settings).init(after.x()), after.x()))
                .startsWith("reduceOnPlateau needs the value of the loss"));
    }

    @Test void prodigyFindsItsRate() { run(Optimizers.prodigy(), 30).isAt(0.88960147, 1.8901439, 2.8902466); }

    // masks

    record Layer(Tensor kernel, Tensor bias) {}

    record Model(Layer first, Map<String, Tensor> second, Tensor step) {}

    private static final Model MODEL = new Model(new Layer(Array.f64(1, 2, 3, 4).reshape(2, 2), Array.f64(5, 6)),
            Map.of("bias", Array.f64(7)), Array.scalar(3));

    private static Model ones() { return TreeMath.full(MODEL, 1); }

    @Test void masksChooseByPathAndType() {
        Optimizer<Model> decayed = Optimizers.adamw(Schedules.constant(0.1), Decay.of(0.5, Mask.named("bias").not()),
                Decays.DEFAULT);
        Model u = decayed.update(ones(), decayed.init(MODEL), MODEL).updates();
        assertArrayEquals(new double[] {-0.15, -0.2, -0.25, -0.3}, u.first().kernel().array().toDoubles(), 1e-8);
        assertArrayEquals(new double[] {-0.1, -0.1}, u.first().bias().array().toDoubles(), 1e-8);
        assertEquals(3, whole(u.step()));
        assertEquals(List.of(true, false, false, false), Mask.matrices().over(MODEL));
        assertEquals(List.of(false, true, false, false), Mask.named("first").and(Mask.named("bias")).over(MODEL));
    }

    @Test void masksNest() {
        Masked<Model, ?> nested = new Masked<>(new Masked<>(new Scale<>(3), Mask.named("bias")), Mask.named("first"));
        Model u = scaled(nested);
        assertArrayEquals(new double[] {3, 3}, u.first().bias().array().toDoubles());
        assertEquals(1, u.first().kernel().reshape(-1).index(0).item());
        assertEquals(1, u.second().get("bias").index(0).item());
    }

    private static <S> Model scaled(GradientTransformation<Model, S> tx) {
        return tx.update(ones(), tx.init(MODEL), MODEL).updates();
    }

    @Test void partitionsKeepStateForTheirOwn() {
        Partition<Model> tx = Transformations.selective(adam(0.1), Mask.named("kernel"));
        var state = tx.init(MODEL);
        Model u = tx.update(ones(), state, MODEL).updates();
        assertEquals(0, u.first().kernel().abs().sum().item());
        assertEquals(-0.1, u.second().get("bias").index(0).item(), 1e-8);
        assertEquals(5, TreeMath.leaves(state).size());                  // two means of two biases, a learning rate
        Partition<Model> unknown = Transformations.partition((path, _) -> path, Map.of("a", sgd(1)));
        assertTrue(message(() -> unknown.init(MODEL))
                .startsWith("parameters are labelled [.first.bias, .first.kernel"));
        Model thawed = scaled(Transformations.<Model>freeze(Mask.matrices()));
        assertEquals(0, thawed.first().kernel().sum().item());
        assertEquals(1, thawed.second().get("bias").index(0).item());
    }

    @Test void muonGivesVectorsToAdam() {
        Optimizer<Model> muon = Optimizers.muon(0.1);
        Model u = muon.update(ones(), muon.init(MODEL), MODEL).updates();
        Tensor k = u.first().kernel();
        assertEquals(k.index(0).index(0).item(), k.index(1).index(1).item(), 1e-12);
        assertTrue(message(() -> scaled(new ScaleByMuon<Model>(ScaleByMuon.Settings.DEFAULT)))
                .startsWith("muon is for"));
    }

    // the state

    @Test void hyperparametersOfEveryPartAreSetByHand() {
        Optimizer<Tensor> tx = Optimizers.adamw(0.1, 0.5);
        Tensor x = Array.f64(2), g = Array.f64(0);
        OptState state = tx.init(x);
        assertEquals(Set.of("learningRate", "weightDecay"), state.hyperparameters().keySet());
        assertEquals(-0.1, tx.update(g, state, x).updates().index(0).item(), 1e-15);
        assertEquals(-0.02, tx.update(g, state.with("weightDecay", 0.1), x).updates().index(0).item(), 1e-15);
        Optimizer<Tensor> scheduled = Optimizers.ademamix(Schedules.constant(1), Decays.DEFAULT,
                Schedules.linear(0.9, 0.99, 10), Schedules.constant(3), Decay.of(0));
        OptState next = scheduled.update(g, scheduled.init(x), x).state();
        assertEquals(4, next.with("alpha", 4).hyperparameter("alpha").item());
        assertTrue(message(() -> next.with("b3", 0.5)).startsWith("'b3' follows a schedule"));
    }

    /** performance.md of the design: means that come to rest at a subnormal number make steps 11 times slower. */
    @Test void meansOfDeadGradientsBecomeZero() {
        Optimizer<Tensor> tx = adam(0.1, Decays.DEFAULT.withB2(0.9));
        Tensor x = Array.f32(1);
        var step = tx.update(Array.f32(1), tx.init(x), x);
        for (int i = 0; i < 800; i++) step = tx.update(Array.f32(0), step.state(), x);
        ScaleByAdam.State<?> state = step.state().find(ScaleByAdam.State.class);
        assertEquals(0, ((Tensor) state.mu()).index(0).item());
        assertEquals(0, ((Tensor) state.nu()).index(0).item());
        assertEquals(0, Math.abs(step.updates().index(0).item()));
    }

    @Test void meansMayBeKeptInAnotherType() {
        Optimizer<Tensor> tx = adam(0.1, Decays.DEFAULT.withMeanType(DType.F64));
        Tensor x = Array.f32(1);
        var step = tx.update(Array.f32(1), tx.init(x), x);
        assertEquals(DType.F64, ((Tensor) step.state().find(ScaleByAdam.State.class).mu()).dtype());
        assertEquals(-0.1, step.updates().index(0).item(), 1e-5);
    }

    @Test void polyaksStepIsKnownFromTheLoss() {
        Tensor x = Array.f64(3, 4), g = x.mul(2);                         // of |x|^2, minimum 0
        Optimizer<Tensor> tx = Optimizers.polyakSgd(10);
        Tensor u = tx.update(g, tx.init(x), x, Loss.of(x.square().sum())).updates();
        assertArrayEquals(new double[] {-1.5, -2}, u.array().toDoubles(), 1e-15);
    }

    private static String message(Runnable f) { return assertThrows(JavelinException.class, f::run).getMessage(); }
}
