package javelin.core.ops;

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
import javelin.core.transform.PartialEval;
import org.junit.jupiter.api.Test;

/** The second half of a split program makes again what is cheap to make of what it is given. */
class RecomputationTest {
    private static final List<Array> IN = List.of(Array.f32(0.5f, -1, 2), Array.f32(3, 4, -5));

    /** A function of something known and something unknown keeps so many residuals, and means the same. */
    private static void keeps(int residuals, BinaryOperator<Tensor> f) {
        Program program = Recorder.trace(Lists.map(IN, Array::type), v -> List.of(f.apply(v.get(0), v.get(1))))
                .closed();
        var split = Recomputation.withFewerResiduals(PartialEval.split(program, List.of(false, true)));
        assertEquals(residuals, split.residuals(), split.toString());
        List<Tensor> first = Evaluator.evaluate(split.known(), List.of(IN.get(0)));
        var found = (Array) Evaluator.evaluate(split.unknown(), Lists.concat(first, List.of(IN.get(1)))).getFirst();
        assertTrue(((Array) Evaluator.evaluate(program, IN).getFirst()).sameBits(found), split.toString());
    }

    private static Tensor oneMinus(Tensor y) { return y.neg().add(1); }

    @Test void oneMinusAResidual() {
        keeps(1, (x, dx) -> {
            Tensor y = x.tanh();
            return dx.mul(y).mul(oneMinus(y));
        });
    }

    @Test void severalEquationsDeep() {
        keeps(1, (x, dx) -> {
            Tensor y = x.exp();
            return dx.mul(y).mul(y.mul(oneMinus(y)));
        });
    }

    @Test void notOfWhatIsNoResidual() { keeps(1, (x, dx) -> dx.mul(oneMinus(x.tanh()))); }

    @Test void notADearOne() {
        keeps(2, (x, dx) -> {
            Tensor y = x.exp();
            return dx.mul(y).mul(y.sin());
        });
    }

    @Test void repeatedLiterals() { keeps(0, (x, dx) -> dx.mul(x.like(2).broadcastTo(x.shape()))); }

    @Test void notWithoutEnd() {
        keeps(2, (x, dx) -> {
            Tensor y = x.exp(), z = y;
            for (int i = 0; i < 6; i++) z = z.mul(y);
            return dx.mul(y).mul(z);
        });
    }

    @Test void residualsOfResiduals() {
        keeps(1, (x, dx) -> {
            Tensor y = x.exp(), out = dx.mul(y), z = y;
            for (int i = 0; i < 6; i++) {
                z = z.mul(y);
                out = out.mul(z);
            }
            return out;
        });
    }
}
