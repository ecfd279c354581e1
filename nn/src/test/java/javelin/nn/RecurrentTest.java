package javelin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import javelin.Key;
import javelin.core.Array;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

class RecurrentTest {
    private static final Tensor X = Key.of(1).normal(TensorType.f32(2, 5, 3));
    private static final Tensor LENGTHS = Array.i32(3, 5);

    @Test void aCellIsNamedByTheNetworkOrByWhoBindsIt() {
        var cell = LSTMCell.of(4);
        Variables v = RNN.of(cell).init(Key.of(0), X.type());
        assertEquals(List.of("cell"), List.copyOf(v.params().names()));
        Variables bound = Nn.init(Key.of(0), s -> RNN.of(cell)
                .run(s.bind(cell), X, Optional.empty(), Optional.empty()));
        assertEquals(List.of("LSTMCell_0"), List.copyOf(bound.params().names()));
        assertEquals("{bias: (4,), kernel: (4, 4)}", bound.at("params/LSTMCell_0/hi").shapes());
        Variables both = Bidirectional.of(GRUCell.of(2), GRUCell.of(3)).init(Key.of(0), X.type());
        assertEquals(List.of("backward_rnn", "forward_rnn"), List.copyOf(both.params().names()));
        assertEquals(5, Bidirectional.of(GRUCell.of(2), GRUCell.of(3)).apply(both, X).size(-1));
    }

    @Test void theOptimizedCellComputesTheSame() {
        Variables v = RNN.of(LSTMCell.of(4)).init(Key.of(0), X.type());
        assertEquals(v.shapes(), RNN.of(OptimizedLSTMCell.of(4)).init(Key.of(0), X.type()).shapes());
        assertArrayEquals(RNN.of(LSTMCell.of(4)).apply(v, X).array().toFloats(),
                RNN.of(OptimizedLSTMCell.of(4)).apply(v, X).array().toFloats(), 1e-6f);
    }

    @Test void aShorterSequenceGivesTheStateAfterItsLastStep() {
        var rnn = RNN.of(GRUCell.of(4));
        Variables v = rnn.init(Key.of(0), X.type());
        var all = Nn.apply(v, s -> rnn.run(s, X, Optional.empty(), Optional.of(LENGTHS)));
        assertArrayEquals(all.outputs().index(0).index(2).array().toFloats(), all.carry().index(0).array().toFloats());
        assertArrayEquals(all.outputs().index(1).index(4).array().toFloats(), all.carry().index(1).array().toFloats());
        var back = rnn.withReverse(true).withKeepOrder(true);
        var turned = Nn.apply(v, s -> back.run(s, X, Optional.empty(), Optional.of(LENGTHS)));
        Tensor alone = back.apply(v, X.slice(0, 0, 1).slice(1, 0, 3));
        assertArrayEquals(alone.index(0).array().toFloats(),
                turned.outputs().index(0).slice(0, 0, 3).array().toFloats(),
                1e-6f);
        assertArrayEquals(alone.index(0).index(0).array().toFloats(), turned.carry().index(0).array().toFloats(),
                1e-6f);
    }

    @Test void aScalarSequenceIsRefused() {
        assertTrue(assertThrows(ShapeException.class, () -> RNN.of(GRUCell.of(4)).init(Key.of(0), TensorType.f32(3)))
                .getMessage().contains("takes floating-point sequences [batch..., time, in]"));
    }

    @Test void orthogonalMatricesAreOrthogonal() {
        Tensor q = Initializers.orthogonal().apply(Key.of(0), TensorType.f64(3, 2, 5));
        Tensor m = q.reshape(6, 5), eye = m.transpose().matmul(m);
        for (int i = 0; i < 5; i++)
            for (int j = 0; j < 5; j++) assertEquals(i == j ? 1 : 0, eye.index(i).index(j).item(), 1e-14);
        assertTrue(assertThrows(ShapeException.class, () -> Initializers.orthogonal()
                .apply(Key.of(0), TensorType.f32(3)))
                .getMessage().contains("is for two axes or more"));
        assertTrue(assertThrows(ShapeException.class, () ->
                Initializers.deltaOrthogonal().apply(Key.of(0), TensorType.f32(3, 5, 2))).getMessage()
                        .contains("with in <= out"));
    }
}
