package javelin.compiler.simplify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BinaryOperator;
import javelin.Control;
import javelin.Key;
import javelin.core.Array;
import javelin.core.Evaluator;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.ops.DotGeneral;
import javelin.core.ops.Scan;
import javelin.core.ops.Transpose;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

/** Weights of a loop that are read across their rows are transposed before it. */
class LoopTransposesTest {
    private static final Array H = (Array) Key.of(1).normal(TensorType.f32(3, 20)),
            W = (Array) Key.of(2).normal(TensorType.f32(20, 20));

    private static void transposes(int before, int length, BinaryOperator<Tensor> product) {
        Program program = Recorder.trace(List.of(H.type(), W.type()), v -> List.of(
                Control.foriLoop(0, length, (_, h) -> product.apply(h, v.get(1)).tanh(), v.get(0)))).closed(),
                        simple = Simplify.run(program);
        assertEquals(before, simple.equations().stream().filter(e -> e.op() instanceof Transpose).count(),
                simple.toString());
        var loop = (Scan) simple.equations().stream().filter(e -> e.op() instanceof Scan).findFirst().orElseThrow()
                .op();
        var dot = (DotGeneral) loop.body().equations().stream().filter(e -> e.op() instanceof DotGeneral).findFirst()
                .orElseThrow().op();
        if (before > 0) assertEquals(List.of(0), dot.rhs().contract());
        var expected = (Array) Evaluator.evaluate(program, List.of(H, W)).getFirst();
        assertTrue(expected.sameBits((Array) Evaluator.evaluate(simple, List.of(H, W)).getFirst()), simple.toString());
    }

    @Test void weightsReadAcross() { transposes(1, 8, (h, w) -> h.matmul(w.transpose(1, 0))); }

    @Test void notWeightsReadAlong() { transposes(0, 8, Tensor::matmul); }

    @Test void notLeftFactors() { transposes(0, 8, (h, w) -> w.matmul(h.transpose(1, 0)).transpose(1, 0)); }

    @Test void notWhatChanges() { transposes(0, 8, (h, w) -> h.matmul(h.transpose(1, 0)).matmul(h)); }

    @Test void notForFewTurns() { transposes(0, 2, (h, w) -> h.matmul(w.transpose(1, 0))); }
}
