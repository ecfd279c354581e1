package javelin.compiler.simplify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BinaryOperator;
import javelin.core.Array;
import javelin.core.Evaluator;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import org.junit.jupiter.api.Test;

/** Rules that replace an equation leave the bits of the result as they are. */
class RewritesTest {
    private static final List<Array> IN = List.of(Array.f32(0, -0f, 1.5f, -2, Float.POSITIVE_INFINITY, 1e-45f, 3),
            Array.f32(-0f, -0f, 1.5f, 7, Float.POSITIVE_INFINITY, 2, -3));

    private static void becomes(String ops, BinaryOperator<Tensor> f) {
        Program program = Recorder.trace(Lists.map(IN, Array::type), v -> List.of(f.apply(v.get(0), v.get(1))))
                .closed(), simple = Simplify.run(program);
        assertEquals(ops, String.join(" ", Lists.map(simple.equations(), e -> e.op().toString())), simple.toString());
        var expected = (Array) Evaluator.evaluate(program, IN).getFirst();
        var found = (Array) Evaluator.evaluate(simple, IN).getFirst();
        assertTrue(expected.sameBits(found), expected + " became " + found);
    }

    @Test void plusNegatedIsMinus() { becomes("sub", (x, y) -> x.add(y.neg())); }

    @Test void negatedPlusIsMinus() { becomes("sub", (x, y) -> x.neg().add(y)); }

    @Test void minusNegatedStays() { becomes("neg sub", (x, y) -> x.sub(y.neg())); }

    @Test void productsAreEqualInEitherOrder() { becomes("mul add", (x, y) -> x.mul(y).add(y.mul(x))); }

    @Test void sumsAreEqualInEitherOrder() { becomes("add mul", (x, y) -> x.add(y).mul(y.add(x))); }

    @Test void differencesAreNot() { becomes("sub sub mul", (x, y) -> x.sub(y).mul(y.sub(x))); }
}
