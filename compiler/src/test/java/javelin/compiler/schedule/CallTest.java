package javelin.compiler.schedule;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import javelin.compiler.memory.Planner;
import javelin.compiler.memory.Step;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

/** Which loops are worth vector code of our own. */
class CallTest {
    private static final Machine MACHINE = new Machine(256, 1);

    private static boolean wantsVectors(int elements, UnaryOperator<Tensor> f) {
        var program = Recorder.trace(List.of(TensorType.f32(elements)), v -> List.of(f.apply(v.getFirst()))).closed();
        var steps = Planner.plan(program, List.of(false), MACHINE, 6000).main().steps();
        return ((Step.Run) steps.getFirst()).call().wantsVectors(MACHINE);
    }

    @Test void smallLoopsAreNotWorthVectors() { assertFalse(wantsVectors(1000, Tensor::exp)); }

    @Test void plainMapsAreLeftToC2() { assertFalse(wantsVectors(100_000, x -> x.mul(1.5).add(0.5).sqrt())); }

    @Test void transcendentalFunctionsAreNot() { assertTrue(wantsVectors(100_000, Tensor::exp)); }

    @Test void selectionsAreNot() { assertTrue(wantsVectors(100_000, x -> x.le(0).where(x.like(0), x))); }

    @Test void reductionsAreNot() { assertTrue(wantsVectors(100_000, x -> x.sum())); }

    @Test void plainMapsTooLargeForC2ToUnrollAreNot() {
        assertTrue(wantsVectors(100_000, x -> {
            Tensor y = x;
            for (int i = 0; i < 12; i++) y = y.mul(1.25).add(x);
            return y;
        }));
    }
}
