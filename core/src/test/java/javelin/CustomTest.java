package javelin;

import static javelin.Transforms.grad;
import static javelin.Transforms.jit;
import static javelin.Transforms.jvp;
import static javelin.Transforms.vmap;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.function.Function;
import javelin.Transforms.ValueAndTangent;
import javelin.core.Array;
import javelin.core.NoRuleException;
import javelin.core.Tensor;
import javelin.core.tree.TreeException;
import org.junit.jupiter.api.Test;

class CustomTest {
    private static final Tensor X = Array.scalar(0.5, javelin.core.type.DType.F64), XS = Array.f64(0.5, -1, 2);

    /** The sine with ten times its slope, told by a rule that uses the function itself. */
    private static final Function<Tensor, Tensor> STEEP =
            Custom.jvp(Tensor::sin, (x, dx) -> new ValueAndTangent<>(steep(x), x.cos().mul(10).mul(dx)));

    private static Tensor steep(Tensor x) { return STEEP.apply(x); }

    /** The sine whose cotangent is held within [-1, 1]. */
    private static final Function<Tensor, Tensor> CLIPPED = Custom.vjp(Tensor::sin,
            x -> new Pair<>(x.sin(), Map.of("slope", x.cos())), (kept, ct) -> kept.get("slope").mul(ct).clip(-1, 1));

    private static double[] numbers(Tensor x) { return x.array().toDoubles(); }

    @Test void theRuleIsUsedInBothModesAndTwice() {
        double cos = Math.cos(0.5), sin = Math.sin(0.5);
        assertEquals(Math.sin(0.5), STEEP.apply(X).item(), 1e-15);
        assertEquals(10 * cos, jvp(STEEP).apply(X, X.like(1)).tangent().item(), 1e-14);
        assertEquals(10 * cos, grad(STEEP).apply(X).item(), 1e-14);
        assertEquals(10 * cos, jit(grad(STEEP)).apply(X).item(), 1e-14);
        assertEquals(-10 * sin, grad(grad(STEEP)).apply(X).item(), 1e-14);      // the rule's own derivative
    }

    @Test void theReverseRuleIsUsedAndForwardModeRaises() {
        Function<Tensor, Tensor> scaled = x -> CLIPPED.apply(x).mul(5);
        assertEquals(1, grad(scaled).apply(X).item());
        assertEquals(1, jit(grad(scaled)).apply(X).item());
        assertEquals(Math.cos(0.5), grad(CLIPPED).apply(X).item(), 1e-15);
        assertEquals(-Math.sin(0.5), grad(grad(CLIPPED)).apply(X).item(), 1e-14);
        String message = assertThrows(NoRuleException.class, () -> jvp(CLIPPED).apply(X, X)).getMessage();
        assertTrue(message.contains("its author wrote only the reverse one"), message);
    }

    @Test void batchesUseTheRules() {
        double[] steep = {10 * Math.cos(0.5), 10 * Math.cos(-1), 10 * Math.cos(2)};
        assertArrayEquals(steep, numbers(vmap(grad(STEEP)).apply(XS)), 1e-13);
        assertArrayEquals(steep, numbers(grad((Tensor x) -> vmap(STEEP).apply(x).sum()).apply(XS)), 1e-13);
        assertArrayEquals(new double[] {1, 1, -1},
                numbers(vmap(grad((Tensor x) -> CLIPPED.apply(x).mul(5))).apply(XS)), 1e-15);
        assertArrayEquals(new double[] {1, 1, -1},
                numbers(jit(grad((Tensor x) -> vmap(CLIPPED).apply(x).mul(5).sum())).apply(XS)), 1e-15);
    }

    /** One of several arguments in a batch, the others not. */
    @Test void argumentsAreTrees() {
        Function<Pair<Tensor, Tensor>, Tensor> product = Custom.jvp(p -> p.first().mul(p.second()),
                (p, t) -> new ValueAndTangent<>(p.first().mul(p.second()), t.first().mul(3).add(t.second())));
        assertEquals(new Pair<>(3.0, 1.0), items(grad((Pair<Tensor, Tensor> p) -> product.apply(p))
                .apply(new Pair<>(X, X))));
        Function<Tensor, Tensor> first = x -> product.apply(new Pair<>(x, X));
        assertArrayEquals(new double[] {3, 3, 3}, numbers(vmap(grad(first)).apply(XS)), 0);
    }

    private static Pair<Double, Double> items(Pair<Tensor, Tensor> p) {
        return new Pair<>(p.first().item(), p.second().item());
    }

    @Test void noGradientIsLostInWhatAFunctionClosesOver() {
        Function<Tensor, Tensor> lost = w ->
                Custom.jvp((Tensor x) -> x.mul(w), (x, dx) -> new ValueAndTangent<>(x, dx)).apply(X);
        String message = assertThrows(NoRuleException.class, () -> grad(lost).apply(X)).getMessage();
        assertTrue(message.contains("what its function closes over; make that an argument"), message);
    }

    @Test void aRuleThatGivesAnotherStructureIsNamed() {
        Function<Tensor, Tensor> wrong = Custom.vjp(Tensor::sin, x -> new Pair<>(x.sin(), x), (x, ct) -> null);
        String message = assertThrows(RuntimeException.class, () -> grad(wrong).apply(X)).getMessage();
        assertTrue(message.contains("the rule's cotangent must have the structure of the argument"), message);
        assertTrue(assertThrows(RuntimeException.class, () -> grad(wrong).apply(X)) instanceof TreeException, message);
    }
}
