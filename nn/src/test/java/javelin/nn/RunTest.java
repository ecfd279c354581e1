package javelin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import javelin.Key;
import javelin.Tensors;
import javelin.Transforms;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

/** What a run lets change, and what modules keep on their way. */
class RunTest {
    private static final Tensor X = Tensors.arange(8, DType.F32).reshape(2, 4).div(8);

    record Model() implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            Tensor h = s.perturb("h", s.call(Dense.of(2), x));
            s.sow(Run.INTERMEDIATES, "h", h);
            s.sow(Run.INTERMEDIATES, "h", h.mul(2));
            s.sow("sums", "h", h.sum(), Tensor::add, h.like(0));
            return h.square().sum();
        }
    }

    @Test void intermediatesAreKeptIfTheRunLetsThem() {
        Variables v = new Model().init(Key.of(0), X.type());
        assertEquals("{params: {Dense_0: {bias: (2,), kernel: (4, 2)}}, perturbations: {h: (2, 2)}}",
                v.shapes());
        Variables params = Variables.ofParams(v.params());
        var run = Nn.run(params, Run.evaluation().withMutable(Run.INTERMEDIATES), s -> new Model().call(s, X));
        assertEquals("{intermediates: {h: {0: (2, 2), 1: (2, 2)}}}", run.updates().shapes());
        var sums = Nn.run(params, Run.evaluation().withMutable("sums"), s -> new Model().call(s, X)).updates();
        assertEquals(Dense.of(2).apply(Variables.ofParams(v.at("params/Dense_0")), X).sum().item(),
                sums.tensor("sums/h").item(), 1e-6);
        assertTrue(Nn.run(params, Run.evaluation(), s -> new Model().call(s, X)).updates().names().isEmpty());
    }

    @Test void resultsOfModulesAreCaptured() {
        Variables v = Sequential.of(Dense.of(3), LayerNorm.of()).init(Key.of(0), X.type());
        Run run = Run.evaluation().capturing(m -> m instanceof Dense);
        var out = Nn.run(v, run, s -> Sequential.of(Dense.of(3), LayerNorm.of()).call(s, X));
        assertEquals("{intermediates: {layers_0: {__call__: {0: (2, 3)}}}}", out.updates().shapes());
        assertArrayEquals(Dense.of(3).apply(Variables.ofParams(v.at("params/layers_0")), X).array().toFloats(),
                out.updates().tensor("intermediates/layers_0/__call__/0").array().toFloats());
    }

    @Test void theGradientByAPerturbationIsThatByTheValue() {
        Variables v = new Model().init(Key.of(0), X.type());
        Variables g = Transforms.grad((Variables p) -> new Model().apply(v.with("perturbations", p), X))
                .apply(v.at("perturbations"));
        assertArrayEquals(new float[] {0.44914943f, 0.19696651f, -0.0839027f, 0.76679355f},   // Flax 0.12.8
                g.tensor("h").array().toFloats(), 2e-6f);
    }

    @Test void aPartOfAModelMayBehaveAsInEvaluation() {
        record Frozen() implements Layer {
            @Override public Tensor call(Scope s, Tensor x) {
                Tensor y = s.evaluating(() -> s.call(BatchNorm.of(), x));
                assertEquals(!s.isInitializing(), s.isTraining());
                return s.call(Dropout.of(0.5), y);
            }
        }
        Variables v = new Frozen().init(Key.of(0), X.type());
        var out = new Frozen().train(v, X, Rngs.of("dropout", Key.of(1)));
        assertEquals(0, out.updates().tensor("batch_stats/BatchNorm_0/mean").sum().item());
    }

    @Test void evaluationMayChangeACollectionItIsToldTo() {
        record Calls() implements Layer {
            @Override public Tensor call(Scope s, Tensor x) {
                Variable n = s.variable("counts", "n", () -> x.like(0));
                n.set(n.value().add(1));
                return x;
            }
        }
        Variables v = Variables.empty().with("counts/n", X.like(4));
        var out = Nn.run(v, Run.evaluation().withMutable("counts"), s -> new Calls().call(s, X));
        assertEquals(5, out.updates().tensor("counts/n").item());
        assertTrue(assertThrows(JavelinException.class, () -> new Calls().apply(v, X)).getMessage()
                .contains("cannot be changed in evaluation; call train(...)"));
        assertFalse(Run.training(Rngs.none()).mutable().test("params"));
    }

    @Test void viewsAreRecordsAndBack() {
        record DenseParams(Tensor kernel, Tensor bias) {}
        record View(DenseParams Dense_0) {}
        Variables p = new Model().init(Key.of(0), X.type()).params();
        View view = p.as(View.class);
        assertEquals(TensorType.f32(4, 2), view.Dense_0().kernel().type());
        assertEquals(p, Variables.ofView(view));
        record Wrong(DenseParams Dense_1) {}
        assertTrue(assertThrows(JavelinException.class, () -> p.as(Wrong.class)).getMessage()
                .contains("there is no 'Dense_1' in the tree of variables; it has Dense_0. Did you mean 'Dense_0'?"));
    }

    @Test void frozenParametersHaveNoGradientAndPathsSelect() {
        Variables v = new Model().init(Key.of(0), X.type()), p = v.params();
        Variables g = Transforms.grad((Variables q) ->
                new Model().apply(v.withParams(q.freeze(path -> path.endsWith("/bias"))), X)).apply(p);
        assertEquals(0, g.tensor("Dense_0/bias").abs().sum().item());
        assertTrue(g.tensor("Dense_0/kernel").abs().sum().item() > 0);
        assertEquals("{Dense_0: {kernel: (4, 2)}}", p.where(path -> path.endsWith("/kernel")).shapes());
        assertEquals("{Dense_0: {bias: (2,), kernel: (8,)}}", p.map((path, t) ->
                path.endsWith("/kernel") ? t.reshape(8) : t).shapes());
    }
}
