package javelin.compiler.schedule;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javelin.Control;
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
        return firstCall(Planner.plan(program, List.of(false), MACHINE, 6000).main().steps()).wantsVectors(MACHINE);
    }

    private static Call firstCall(List<Step> steps) {
        return steps.stream().mapMulti((Step s, Consumer<Call> calls) -> {
            if (s instanceof Step.Run(var call)) calls.accept(call);
            if (s instanceof Step.Counted loop) calls.accept(firstCall(loop.body().steps()));
        }).findFirst().orElseThrow();
    }

    private static UnaryOperator<Tensor> repeated(int turns, UnaryOperator<Tensor> f) {
        return x -> Control.foriLoop(0, turns, (_, y) -> f.apply(y), x);
    }

    @Test void smallLoopsAreNotWorthVectors() { assertFalse(wantsVectors(1000, Tensor::exp)); }

    @Test void smallLoopsInsideLongOnesAre() { assertTrue(wantsVectors(1000, repeated(10, Tensor::exp))); }

    @Test void twoVectorsAreNotHoweverOften() { assertFalse(wantsVectors(20, repeated(100_000, Tensor::exp))); }

    @Test void smallLoopsThatTakeLongAre() {
        assertTrue(wantsVectors(2000, x -> {
            Tensor y = x;
            for (int i = 0; i < 24; i++) y = y.mul(1.25).add(x);
            return y;
        }));
    }

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
