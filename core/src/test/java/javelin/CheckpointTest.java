package javelin;

import static javelin.Transforms.checkpoint;
import static javelin.Transforms.grad;
import static javelin.Transforms.hessian;
import static javelin.Transforms.jit;
import static javelin.Transforms.program;
import static javelin.Transforms.vmap;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javelin.Checkpoint.Policy;
import javelin.check.Vectors;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.ops.Exp;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    private static final Tensor W = Array.f64(0.3, -1, 0.7, 0.2).reshape(2, 2), X = Array.f64(0.5, -0.2);

    /** Two products, three elementwise functions, two names. */
    private static Tensor layers(Tensor x) {
        Tensor first = Checkpoint.name(W.matmul(x).sin(), "first");
        return Checkpoint.name(W.matmul(first).exp(), "second").tanh().sum();
    }

    private static long count(String op, Policy policy) {
        return program(grad(checkpoint(CheckpointTest::layers, policy)), X).toString().lines()
                .filter(l -> l.contains("= " + op)).count();
    }

    /** How often sin, exp and the product are in the gradient; each is there once for the way forth. */
    private static List<Long> counts(Policy policy) {
        return List.of(count("sin ", policy), count("exp ", policy), count("dot_general", policy) - 2);
    }

    @Test void whatAPolicySavesIsNotComputedAgain() {
        assertEquals(List.of(2L, 2L, 4L), counts(Checkpoint.nothingSaveable()));
        assertEquals(List.of(1L, 1L, 2L), counts(Checkpoint.everythingSaveable()));
        // what cos and exp take is saved, and so sin is needed no more
        assertEquals(List.of(1L, 2L, 2L), counts(Checkpoint.dotsSaveable()));
        assertEquals(List.of(1L, 2L, 2L), counts(Checkpoint.dotsWithNoBatchDimsSaveable()));
        assertEquals(List.of(1L, 2L, 4L), counts(Checkpoint.saveOnlyTheseNames("first")));
        // the derivative of exp is its result before it had a name
        assertEquals(List.of(1L, 2L, 4L), counts(Checkpoint.saveOnlyTheseNames("first", "second")));
        assertEquals(counts(Checkpoint.saveOnlyTheseNames("first")), counts(Checkpoint.saveAnyNamesButThese("second")));
        assertEquals(List.of(1L, 1L, 2L), counts(Checkpoint.saveAnythingExceptTheseNames("first")));
        assertEquals(List.of(1L, 1L, 3L), counts((op, _) -> op instanceof Exp));
        assertEquals(List.of(1L, 2L, 2L), counts(
                Checkpoint.saveFromBothPolicies(Checkpoint.saveOnlyTheseNames("first"), Checkpoint.dotsSaveable())));
    }

    @Test void productsOfBatchesAreSavedByOneOfTheTwo() {
        Function<Tensor, Tensor> f = x -> x.reshape(2, 1, 1).matmul(x.reshape(2, 1, 1)).exp().sum();
        for (var policy : Map.of(Checkpoint.dotsSaveable(), 1L, Checkpoint.dotsWithNoBatchDimsSaveable(), 2L)
                .entrySet()) {
            String text = program(grad(checkpoint(f, policy.getKey())), X).toString();
            assertEquals(policy.getValue() + 2, text.lines().filter(l -> l.contains("= dot_general")).count(), text);
        }
    }

    @Test void gradientsAreTheSameWhateverIsSaved() {
        Function<Tensor, Tensor> f = CheckpointTest::layers;
        for (Policy p : List.of(Checkpoint.everythingSaveable(), Checkpoint.dotsSaveable(),
                Checkpoint.saveOnlyTheseNames("first"),
                Checkpoint.saveAnythingExceptTheseNames("second"))) {
            Function<Tensor, Tensor> kept = checkpoint(f, p);
            assertSame(grad(f).apply(X), grad(kept).apply(X));
            assertSame(grad(f).apply(X), jit(grad(kept)).apply(X));
            assertSame(hessian(f).apply(X), hessian(kept).apply(X));
            assertSame(vmap(grad(f)).apply(W), vmap(grad(kept)).apply(W));
            Function<Function<Tensor, Tensor>, Function<Tensor, Tensor>> looped = g ->
                    x -> Control.foriLoop(0, 3, (_, s) -> s.mul(g.apply(s)), x).sum();
            assertSame(grad(looped.apply(f)).apply(X), grad(looped.apply(kept)).apply(X));
        }
    }

    private static void assertSame(Tensor expected, Tensor found) {
        Vectors.assertClose("gradient", expected.array().toDoubles(), found.array().toDoubles(), 1e-14);
    }
}
