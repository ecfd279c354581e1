package user.errors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Function;
import javelin.Checkpoint;
import javelin.Control;
import javelin.Custom;
import javelin.Debug;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import org.junit.jupiter.api.Test;

/** Outside the library's packages, so that lines in here are the user's. */
class DebugTest {
    record Line(Tensor slope, Tensor start) {}

    private static String message(Function<Tensor, Tensor> f, Tensor x) {
        return assertThrows(JavelinException.class, () -> Debug.nans(f).apply(x)).getMessage();
    }

    private static void assertSays(String message, String... parts) {
        for (String part : parts) assertTrue(message.contains(part), message);
    }

    @Test void theFirstNanIsNamedWithItsOpAndLine() {
        String text = message(x -> x.sub(2).log().mul(3).sum(), Array.f64(3, 1));
        assertSays(text, "log: the first NaN: element 1", "element 1 is -1.0", "DebugTest.java:");
    }

    @Test void alsoInLoopsJittedFunctionsAndGradients() {
        assertSays(message(x -> Control.foriLoop(0, 5, (i, y) -> y.sub(1).sqrt(), x), Array.f64(4, 9)),
                "sqrt: the first", "DebugTest");
        assertSays(message(Transforms.jit(x -> x.div(x)), Array.f64(0)), "div: the first");
        assertSays(message(Transforms.grad((Tensor x) -> x.mul(x.mul(0).sqrt()).sum()), Array.f64(1)), "the first NaN");
    }

    @Test void nansThatCameInAndNumbersPass() {
        assertEquals(Double.NaN, Debug.nans((Tensor x) -> x.log()).apply(Array.f64(Double.NaN)).item());
        assertEquals(4.0, Debug.nans((Tensor x) -> x.mul(2)).apply(Array.f64(2)).item());
    }

    @Test void rightDerivativesPass() {
        Debug.checkGrads((Line l) -> l.slope().mul(Array.f64(1, 2, 3)).add(l.start()).tanh(),
                new Line(Array.scalar(0.3, javelin.core.type.DType.F64), Array.f64(0.1, -0.2, 0.3)), 3);
    }

    @Test void aWrongDerivativeIsShownWithItsPath() {
        Function<Tensor, Tensor> wrong = Custom.jvp((Tensor x) -> x.sin(),
                (x, dx) -> new Transforms.ValueAndTangent<>(x.sin(), dx.mul(x.cos()).mul(1.01)));
        Line at = new Line(Array.f64(0.5), Array.f64(0.25));
        Function<Line, Tensor> f = l -> l.slope().add(wrong.apply(l.start()));
        String text = assertThrows(JavelinException.class, () -> Debug.checkGrads(f, at, 1)).getMessage();
        assertSays(text, "order 1 with respect to .start", "in forward mode", "by finite differences");
        assertThrows(ShapeException.class, () -> Debug.checkGrads((Tensor x) -> x.sin(), Array.f32(1), 1));
    }

    @Test void whatTheWayBackKeepsIsListedWithItsLine() {
        Function<Tensor, Tensor> f = x -> Checkpoint.name(x.sin(), "wave").exp().sum();
        assertSays(Debug.savedResiduals(f, Array.f64(1, 2)).toString(), "output of cos from user.errors.DebugTest",
                "output of exp from user");
        assertEquals("[Saved[type=f64[2], origin=the argument]]",
                Debug.savedResiduals(Transforms.checkpoint(f), Array.f64(1, 2)).toString());
        var named = Debug.savedResiduals(Transforms.checkpoint(f, Checkpoint.saveOnlyTheseNames("wave")),
                new Line(Array.f64(1), Array.f64(2)).start());
        assertSays(named.toString(), "origin=the argument]", "origin=named wave from user.errors.DebugTest.");
        Tensor w = Array.f64(3, 4);
        assertSays(Debug.savedResiduals((Line l) -> l.slope().mul(l.start()).mul(w).sum(), new Line(w, w)).toString(),
                "argument .slope", "something closed over");
    }
}
