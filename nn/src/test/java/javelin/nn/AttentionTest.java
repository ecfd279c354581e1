package javelin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import javelin.Key;
import javelin.Tensors;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

class AttentionTest {
    private static final Tensor X = Tensors.arange(16, DType.F32).reshape(1, 4, 4).div(10);

    /** The numbers are those of Flax 0.12.8. */
    @Test void decodingPositionByPositionIsCausalAttention() {
        var layer = MultiHeadDotProductAttention.of(2).withDecode(true);
        Variables v = layer.init(Key.of(0), X.type());
        assertEquals("{cache_index: (), cached_key: (1, 4, 2, 2), cached_value: (1, 4, 2, 2)}", v.at("cache").shapes());
        Tensor last = X;
        for (int t = 0; t < 3; t++) {
            Tensor one = X.slice(1, t, t + 1);
            Variables now = v;
            var out = Nn.run(now, Run.evaluation().withMutable("cache"), s -> layer.call(s, one));
            v = v.with(out.updates());
            last = out.value();
        }
        assertEquals(3, v.tensor("cache/cache_index").itemAsLong());
        float[] expected = {0.4504899f, 0.6383886f, -0.70562285f, 0.30236062f};
        assertArrayEquals(expected, last.reshape(4).array().toFloats(), 2e-6f);
        Variables params = Variables.ofParams(v.params());
        Tensor all = Nn.apply(params, s -> layer.withDecode(false).call(s, X, Attention.causalMask(X.index(-1, 0))));
        assertArrayEquals(expected, all.index(0).index(2).array().toFloats(), 2e-6f);
        Variables filled = v;
        assertTrue(message(() -> Nn.run(filled, Run.evaluation().withMutable("cache"), s -> layer.call(s, X)))
                .contains("decoding takes one position at a time"));
    }

    @Test void weightsAreZeroWhereTheMaskIsFalseAndKeptIfAsked() {
        var layer = MultiHeadDotProductAttention.of(2).withSowWeights(true);
        Variables v = layer.init(Key.of(0), X.type());
        Tensor real = Tensors.arange(4, DType.I32).lt(Tensors.full(TensorType.i32(1, 1), 3));
        Tensor mask = Attention.combine(Attention.causalMask(real), Attention.mask(real, real, Tensor::and));
        assertEquals(TensorType.of(DType.BOOL, 1, 1, 4, 4), mask.type());
        var out = Nn.run(v, Run.evaluation().withMutable(Run.INTERMEDIATES), s -> layer.call(s, X, mask));
        Tensor w = out.updates().tensor("intermediates/attention_weights/0");
        assertEquals(List.of(1, 2, 4, 4), w.shape().sizes());
        for (int q = 0; q < 3; q++)
            for (int k = q + 1; k < 4; k++) assertEquals(0, w.index(0).index(1).index(q).index(k).item());
        assertEquals(1, w.index(0).index(0).index(2).sum().item(), 1e-6);
    }

    @Test void mistakesAreExplained() {
        assertTrue(message(() -> MultiHeadDotProductAttention.of(3).init(Key.of(0), X.type()))
                .contains("4 features cannot be shared out among 3 heads; use a multiple"));
        Tensor q = Tensor.zeros(TensorType.f32(2, 5, 2, 3)), k = Tensor.zeros(TensorType.f32(2, 5, 3, 3));
        assertTrue(message(() -> Attention.apply(q, k, k)).contains("must agree in all axes but q and k"));
    }

    private static String message(org.junit.jupiter.api.function.Executable run) {
        return assertThrows(JavelinException.class, run).getMessage();
    }
}
