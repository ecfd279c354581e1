package javelin;

import static javelin.Transforms.checkpoint;
import static javelin.Transforms.grad;
import static javelin.Transforms.hessian;
import static javelin.Transforms.jacfwd;
import static javelin.Transforms.jacrev;
import static javelin.Transforms.jit;
import static javelin.Transforms.jvp;
import static javelin.Transforms.linearize;
import static javelin.Transforms.stopGradient;
import static javelin.Transforms.valueAndGrad;
import static javelin.Transforms.valueAndGradAux;
import static javelin.Transforms.vjp;
import static javelin.Transforms.vmap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javelin.Transforms.Axes;
import javelin.Transforms.WithAux;
import javelin.check.Vectors;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.tree.TreeException;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

class TransformsTest {
    record Model(Tensor w, List<Tensor> more, Tensor steps, String name) {}

    private static final Model MODEL = new Model(Array.f64(0.5, -1.5), List.of(Array.scalar(2.0)),
            Array.scalar(3), "m");

    private static Tensor loss(Model m) {
        return m.w().mul(m.w()).sum().mul(m.more().getFirst()).add(m.steps().astype(DType.F64));
    }

    private static void assertNumbers(Tensor found, double... expected) {
        Vectors.assertClose("numbers", expected, found.array().toDoubles(), 1e-12);
    }

    @Test void gradientsHaveTheTypeOfTheArgumentAndIntegersGetZeros() {
        Model g = grad(TransformsTest::loss).apply(MODEL);
        assertNumbers(g.w(), 2, -6);
        assertNumbers(g.more().getFirst(), 2.5);
        assertEquals("0 i32[]", g.steps().toString());
        assertEquals("m", g.name());
    }

    @Test void derivativesAreWithRespectToTheFirstOfOneToThreeArguments() {
        Tensor x = Array.scalar(3.0), y = Array.scalar(5.0), z = Array.scalar(7.0);
        BiFunction<Tensor, Tensor, Tensor> two = (a, b) -> a.mul(a).mul(b);
        Function3<Tensor, Tensor, Tensor, Tensor> three = (a, b, c) -> a.mul(a).mul(b).mul(c);
        assertNumbers(grad(two).apply(x, y), 30);
        assertNumbers(grad(three).apply(x, y, z), 210);
        assertNumbers(valueAndGrad(two).apply(x, y).value(), 45);
        assertNumbers(valueAndGrad(three).apply(x, y, z).grad(), 210);
        var pull = vjp(three, x, y, z);
        assertNumbers(pull.value(), 315);
        Triple<Tensor, Tensor, Tensor> cts = pull.pullback().apply(Array.scalar(1.0));
        assertNumbers(cts.first(), 210);
        assertNumbers(cts.second(), 63);
        assertNumbers(cts.third(), 45);
        assertNumbers(jvp(two).apply(new Pair<>(x, y), new Pair<>(Array.scalar(1.0), Array.scalar(2.0))).tangent(), 48);
        assertNumbers(linearize(two, x, y).tangent(new Pair<>(Array.scalar(1.0), Array.scalar(0.0))), 30);
        assertNumbers(checkpoint(three).apply(x, y, z), 315);
        assertNumbers(vmap(two).apply(Array.f64(1, 2), Array.f64(3, 4)), 3, 16);
        assertNumbers(jit(three).apply(x, y, z), 315);
    }

    @Test void auxiliaryOutputComesAlongUndifferentiated() {
        var all = valueAndGradAux((Tensor x) ->
                new WithAux<>(x.mul(x).sum(), Map.of("doubled", x.mul(2), "count", Array.scalar(7))))
                .apply(Array.f64(1, 2));
        assertNumbers(all.value(), 5);
        assertNumbers(all.grad(), 2, 4);
        assertNumbers(all.aux().get("doubled"), 2, 4);
        assertEquals(7, all.aux().get("count").itemAsLong());
        var withBatch = valueAndGradAux((Tensor x, Tensor b) -> new WithAux<>(x.mul(b).sum(), x))
                .apply(Array.f64(1, 2), Array.f64(3, 4));
        assertNumbers(withBatch.grad(), 3, 4);
    }

    @Test void whatDoesNotDependOnTheArgumentHasGradientZero() {
        assertNumbers(grad((Tensor x) -> Array.scalar(3.0)).apply(Array.f64(1, 2)), 0, 0);
        assertNumbers(grad((Tensor x) -> x.gt(0).astype(DType.F64).sum()).apply(Array.f64(1, 2)), 0, 0);
        assertNumbers(grad((List<Tensor> x) -> x.getFirst().sum()).apply(List.of(Array.f64(1), Array.f64(2)))
                .getLast(), 0);
    }

    @Test void gradientsOfGradientsGoOn() {
        UnaryOperator<Function<Tensor, Tensor>> d = f -> grad(f);
        Tensor x = Array.scalar(0.7);
        assertNumbers(d.apply(d.apply(d.apply(d.apply(Tensor::sin)))).apply(x), Math.sin(0.7));
        assertNumbers(grad((Tensor t) -> jvp((Tensor s) -> s.pow(3)).apply(t, Array.scalar(1.0)).tangent())
                .apply(x), 6 * 0.7);
        assertNumbers(jvp(grad((Tensor t) -> t.pow(3))).apply(x, Array.scalar(1.0)).tangent(), 6 * 0.7);
    }

    /**
     * Siskind and Pearlmutter, "Nesting forward-mode AD in a functional framework", 2008: d/dx (x d/dy (x + y)) is 1,
     * not 2.
     */
    @Test void nestedPerturbationsAreNotConfused() {
        Tensor one = Array.scalar(1.0);
        Function<Tensor, Tensor> inner = x -> x.mul(jvp((Tensor y) -> x.add(y)).apply(one, one).tangent());
        assertNumbers(jvp(inner).apply(one, one).tangent(), 1);
        assertNumbers(grad((Tensor x) -> x.mul(grad((Tensor y) -> x.add(y)).apply(one))).apply(one), 1);
        assertNumbers(grad((Tensor x) -> grad((Tensor y) -> x.mul(y).mul(y)).apply(x).mul(x))
                .apply(Array.scalar(3.0)), 6 * 9);
    }

    @Test void jacobiansAgreeInBothModesAndWithDifferences() {
        Function<Tensor, Tensor> f = x ->
                Tensors.stack(List.of(x.index(0, 0).mul(x.index(0, 1)), x.index(0, 0).sin(), x.sum()), 0).reshape(3, 1);
        Tensor x = Array.f64(0.3, 2);
        Tensor forward = jacfwd(f).apply(x);
        assertEquals(Shape.of(3, 1, 2), forward.shape());
        assertNumbers(forward, 2, 0.3, Math.cos(0.3), 0, 1, 1);
        assertNumbers(jacrev(f).apply(x), forward.array().toDoubles());
        double h = 1e-5;
        for (int i = 0; i < 2; i++) {
            Tensor step = i == 0 ? Array.f64(h, 0) : Array.f64(0, h);
            Tensor slope = f.apply(x.add(step)).sub(f.apply(x.sub(step))).div(2 * h);
            Vectors.assertClose("differences", slope.array().toDoubles(),
                    forward.index(2, i).array().toDoubles(), 1e-9);
        }
    }

    @Test void jacobiansOfTreesHaveOneBlockForEveryTensor() {
        record Params(Tensor a, Tensor b) {}
        Function<Params, Tensor> f = p -> p.a().mul(p.b().sum());
        var at = new Params(Array.f64(1, 2), Array.f64(3, 4, 5));
        Params forward = jacfwd(f).apply(at), reverse = jacrev(f).apply(at);
        assertNumbers(forward.a(), 12, 0, 0, 12);
        assertNumbers(forward.b(), 1, 1, 1, 2, 2, 2);
        assertNumbers(reverse.a(), forward.a().array().toDoubles());
        assertNumbers(reverse.b(), forward.b().array().toDoubles());
    }

    @Test void hessiansAreSecondDerivatives() {
        Tensor h = hessian((Tensor x) -> x.pow(3).sum().add(x.index(0, 0).mul(x.index(0, 1)))).apply(Array.f64(2, 5));
        assertNumbers(h, 12, 1, 1, 30);
        assertNumbers(jacrev(jacrev((Tensor x) -> x.pow(3).sum())).apply(Array.f64(2, 5)), 12, 0, 0, 30);
    }

    @Test void linearizedFunctionsAreComputedOnceAndPushedOften() {
        var f = linearize((Tensor x) -> x.mul(x), Array.f64(1, 2));
        assertNumbers(f.value(), 1, 4);
        assertNumbers(f.tangent(Array.f64(1, 1)), 2, 4);
        assertNumbers(f.tangent(Array.f64(0, 3)), 0, 12);
        assertThrows(ShapeException.class, () -> f.tangent(Array.f64(1, 2, 3)));
    }

    @Test void stoppedGradientsAreConstantsInBothModes() {
        assertNumbers(grad((Tensor x) -> x.mul(x.stopGradient()).sum()).apply(Array.f64(3, 4)), 3, 4);
        assertNumbers(grad((Tensor x) -> stopGradient(List.of(x, x)).getLast().mul(x).sum())
                .apply(Array.f64(3, 4)), 3, 4);
        assertNumbers(jvp((Tensor x) -> x.stopGradient()).apply(Array.f64(3), Array.f64(1)).tangent(), 0);
    }

    @Test void mappedAxesOfArgumentsAndResultsAreFree() {
        Tensor x = Tensors.arange(6, DType.F64).reshape(2, 3), y = Array.f64(10, 20);
        assertNumbers(vmap((Tensor c) -> c.sum(), Axes.in(1)).apply(x), 3, 5, 7);
        assertEquals(Shape.of(3, 2), vmap((Tensor r) -> r.mul(2)).apply(x.transpose()).shape());
        assertEquals(Shape.of(2, 3), vmap((Tensor c) -> c, Axes.in(1).out(1)).apply(x).shape());
        assertEquals(Shape.of(2, 3), vmap((Tensor c) -> c, Axes.in(-1).out(-1)).apply(x).shape());
        assertNumbers(vmap((Tensor c, Tensor b) -> c.dot(b), Axes.in(1, Axes.NONE)).apply(x, y), 60, 90, 120);
        assertNumbers(vmap((Tensor a, Tensor b, Tensor c) -> a.mul(b).add(c), Axes.in(0, Axes.NONE, 0))
                .apply(Array.f64(1, 2), Array.scalar(3.0), Array.f64(1, 1)), 4, 7);
    }

    @Test void positionsBeyondTheRangeOfI32AreMovedToFitInBatchesToo() {
        Tensor x = Array.f64(1, 2, 3), starts = Array.i64(1L << 33, -(1L << 33), 1);
        Function<Tensor, Tensor> window = i -> x.dynamicSlice(List.of(i), 1);
        assertNumbers(window.apply(starts.index(0)), 3);
        assertNumbers(vmap(window).apply(starts), 3, 1, 2);
    }

    @Test void resultsThatDoNotDependOnTheBatchAreRepeated() {
        assertNumbers(vmap((Tensor x) -> Array.scalar(7.0)).apply(Array.f64(1, 2, 3)), 7, 7, 7);
    }

    @Test void mapsNestAndComposeWithDerivatives() {
        Tensor x = Tensors.arange(6, DType.F64).reshape(2, 3);
        assertNumbers(vmap(vmap((Tensor s) -> s.mul(s))).apply(x), 0, 1, 4, 9, 16, 25);
        assertNumbers(vmap(grad((Tensor r) -> r.mul(r).sum())).apply(x), 0, 2, 4, 6, 8, 10);
        assertNumbers(grad((Tensor m) -> vmap((Tensor r) -> r.prod()).apply(m).sum()).apply(x.add(1)), 6, 3,
                2, 30, 24, 20);
        assertNumbers(jit(vmap(jit(grad((Tensor r) -> r.exp().sum()))))
                .apply(Tensor.zeros(TensorType.f64(1, 2))), 1, 1);
    }

    @Test void mappingWantsBatchesOfOneSize() {
        BiFunction<Tensor, Tensor, Tensor> add = Tensor::add;
        assertThrows(ShapeException.class, () -> vmap(add).apply(Array.f64(1, 2), Array.f64(1, 2, 3)));
        assertThrows(ShapeException.class, () -> vmap(add).apply(Array.f64(1, 2), Array.scalar(1.0)));
        assertThrows(JavelinException.class, () -> vmap(add, Axes.in(0)).apply(Array.f64(1), Array.f64(1)));
        assertThrows(JavelinException.class, () -> vmap((Tensor x) -> x, Axes.in(Axes.NONE)).apply(Array.f64(1)));
    }

    @Test void tangentsAndCotangentsMustFitTheirValues() {
        assertThrows(ShapeException.class, () -> jvp((Tensor x) -> x).apply(Array.f64(1), Array.f32(1)));
        assertThrows(TreeException.class, () -> jvp((Object x) -> x).apply(Array.f64(1), List.of(Array.f64(1))));
        assertThrows(ShapeException.class,
                () -> vjp((Tensor x) -> x.sum(), Array.f64(1)).pullback().apply(Array.f64(1)));
        assertThrows(ShapeException.class, () -> grad((Tensor x) -> x).apply(Array.f64(1)));
        assertThrows(ShapeException.class, () -> grad((Tensor x) -> x.sum().astype(DType.I32)).apply(Array.f64(1)));
    }

    @Test void checkpointsKeepTheGradientAndRecompute() {
        Function<Tensor, Tensor> f = x -> x.sin().exp().sum();
        Tensor x = Array.f64(0.3, -1);
        assertNumbers(grad(checkpoint(f)).apply(x), grad(f).apply(x).array().toDoubles());
        assertNumbers(hessian(checkpoint(f)).apply(x), hessian(f).apply(x).array().toDoubles());
        long kept = sines(Transforms.program(grad(f), x).toString()),
                again = sines(Transforms.program(grad(checkpoint(f)), x).toString());
        assertEquals(1, kept);
        assertTrue(again > kept, "the way back computes sin again");
    }

    private static long sines(String program) { return program.lines().filter(l -> l.contains("= sin ")).count(); }

    @Test void functionsMayCloseOverTensorsAndOverTracers() {
        Tensor w = Array.f64(2, 3);
        assertNumbers(grad((Tensor x) -> x.mul(w).sum()).apply(Array.f64(1, 1)), 2, 3);
        assertNumbers(grad((Tensor x) -> vmap((Tensor y) -> x.mul(y).sum()).apply(w).sum())
                .apply(Array.f64(1, 1)), 5, 5);
    }

    @Test void explanationsAreTextEvenWithoutACompiler() {
        assertTrue(Transforms.explain((Tensor x) -> x.tanh(), Array.f32(1)).contains("tanh"));
        assertTrue(Transforms.explain((Tensor x, Tensor y) -> x.mul(y), Array.f32(1), Array.f32(1)).contains("mul"));
    }
}
