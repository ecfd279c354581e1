package javelin;

import static javelin.Transforms.grad;
import static javelin.Transforms.jit;
import static javelin.Transforms.vmap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import javelin.check.Vectors;
import javelin.core.Array;
import javelin.core.NoRuleException;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import org.junit.jupiter.api.Test;

class CustomBatchingTest {
    private static final Tensor X = Array.f64(1, 2, 3), Y = Array.f64(4, 5, 6);

    private static void assertNumbers(Tensor found, double... expected) {
        Vectors.assertClose("numbers", expected, found.array().toDoubles(), 1e-14);
    }

    /** A product that says when it is mapped, and is then a hundred times itself. */
    private static Function<Pair<Tensor, Tensor>, Tensor> product(List<String> calls) {
        return Custom.vmap(p -> p.first().mul(p.second()), (size, mapped, p) -> {
            calls.add(size + " " + mapped);
            return p.first().mul(p.second()).mul(100);
        });
    }

    @Test void theRuleIsUsedWhenMappedAndKnowsWhatIs() {
        List<String> calls = new ArrayList<>();
        var f = product(calls);
        Tensor two = Array.scalar(2.0);
        assertNumbers(f.apply(new Pair<>(two, two)), 4);
        assertNumbers(jit(f).apply(new Pair<>(two, two)), 4);
        assertEquals(List.of(), calls);
        assertNumbers(vmap((Tensor x) -> f.apply(new Pair<>(x, two))).apply(X), 200, 400, 600);
        assertNumbers(jit(vmap((Tensor x, Tensor y) -> f.apply(new Pair<>(x, y)))).apply(X, Y), 400, 1000, 1800);
        assertEquals(List.of("3 [true, false]", "3 [true, true]"), calls);
        BiFunction<Tensor, Tensor, Tensor> table = (x, y) ->
                vmap((Tensor a) -> vmap((Tensor b) -> f.apply(new Pair<>(a, b))).apply(y)).apply(x);
        assertNumbers(table.apply(X, Array.f64(1, 10)), 100, 1000, 200, 2000, 300, 3000);
    }

    @Test void derivativesAreOfTheRuleOrOfTheFunction() {
        Function<Tensor, Tensor> square = x -> product(new ArrayList<>()).apply(new Pair<>(x, x));
        assertNumbers(grad((Tensor x) -> vmap(square).apply(x).sum()).apply(X), 200, 400, 600);
        assertNumbers(vmap(grad(square)).apply(X), 2, 4, 6);
    }

    @Test void mappedSequentiallyIsALoop() {
        Function<Pair<Tensor, Tensor>, Tensor> f = Custom.sequential(p -> p.first().mul(p.second()).sum());
        Tensor rows = Array.f64(1, 2, 3, 4).reshape(2, 2), w = Array.f64(1, 10);
        Function<Tensor, Tensor> all = vmap((Tensor x) -> f.apply(new Pair<>(x, w)));
        assertNumbers(all.apply(rows), 21, 43);
        assertTrue(Transforms.program(all, rows).toString().contains("scan[length=2"));
        assertNumbers(grad((Tensor x) -> all.apply(x).sum()).apply(rows), 1, 10, 1, 10);
    }

    @Test void mistakesAreNamed() {
        Function<Tensor, Tensor> closed = w ->
                Custom.vmap((Tensor x) -> x.mul(w), (_, _, x) -> x).apply(Array.scalar(1.0));
        assertTrue(assertThrows(NoRuleException.class, () -> vmap(closed).apply(X)).getMessage()
                .contains("make that an argument"));
        Function<Tensor, Tensor> wrong = Custom.vmap((Tensor x) -> x, (_, _, x) -> x.sum());
        assertTrue(assertThrows(ShapeException.class, () -> vmap(wrong).apply(X)).getMessage()
                .contains("the rule returns [f64[]] for a batch of 3"));
    }

    /** What a rule's function closes over gets its gradient once it is an argument. */
    @Test void convertedClosuresLetRulesSeeWhatTheyCloseOver() {
        Function<Tensor, Tensor> solved = w -> {
            Function<Tensor, Tensor> f = x -> x.mul(w).mul(Y);
            var converted = Custom.closureConverted(f, X);
            Function<Pair<Tensor, List<Tensor>>, Tensor> ruled =
                    Custom.vjp(p -> converted.function().apply(p.first(), p.second()),
                    p -> new Pair<>(converted.function().apply(p.first(), p.second()), p),
                    (p, ct) -> Transforms.vjp((Pair<Tensor, List<Tensor>> q) ->
                            converted.function().apply(q.first(), q.second()), p).pullback().apply(ct.mul(7)));
            return ruled.apply(new Pair<>(X, converted.captured())).sum();
        };
        assertNumbers(grad(solved).apply(Array.scalar(2.0)), 7 * (4 + 10 + 18));
        var converted = Custom.closureConverted((Tensor x) -> x.mul(Y), X);
        assertEquals(List.of(Y), converted.captured());
        assertNumbers(converted.function().apply(X, List.of(X)), 1, 4, 9);
        assertTrue(assertThrows(ShapeException.class, () -> converted.function().apply(X, List.of())).getMessage()
                .contains("must have the types"));
    }
}
