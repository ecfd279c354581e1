package javelin.compiler.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.function.UnaryOperator;
import javelin.compiler.JvmBackend;
import javelin.core.Array;
import javelin.core.Evaluator;
import javelin.core.Lists;
import javelin.core.Recorder;
import javelin.core.Tensor;
import org.junit.jupiter.api.Test;

/** Several reductions of one row and what is stored between them. */
class RowLoopsTest {
    private static void agrees(UnaryOperator<List<Tensor>> f, List<Array> arguments) {
        var program = Recorder.trace(Lists.map(arguments, Array::type), f).closed();
        List<Tensor> expected = Evaluator.evaluate(program, arguments);
        Object[] outputs = new Object[expected.size()];
        new JvmBackend(new Machine(256, 1, 0, 1, 1)).compile(program, Lists.falses(arguments.size()))
                .run(arguments.stream().map(Array::storage).toArray(), outputs);
        for (int k = 0; k < outputs.length; k++)
            assertArrayEquals(expected.get(k).array().toFloats(), (float[]) outputs[k], 1e-5f, "output " + k);
    }

    /** The exponential is kept in one of the outputs, which is then written before its last use. */
    @Test void whatIsKeptInAnOutputIsNotReadAfterTheOutputIsWritten() {
        var x = Array.f32(new float[][] {{1, -2, 0.5f, 3, 0, 1, 2}, {0, 1, 2, -1, 1, 0.5f, -3}});
        var d = Array.f32(new float[][] {{2, 1, -1, 0, 4, 1, 1}, {1, -1, 3, 2, 0, 1, 0.5f}});
        agrees(in -> {
            Tensor e = in.get(0).exp(), share = e.div(e.keep(e.sum(1), 1)), q = in.get(1).mul(share);
            return List.of(share, in.get(1).add(q.keep(q.sum(1), 1)).mul(e));
        }, List.of(x, d));
    }
}
