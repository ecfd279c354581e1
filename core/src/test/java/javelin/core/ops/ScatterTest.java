package javelin.core.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import javelin.Pair;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told apart in gather and scatter: errors of axes, types and sizes, and NaN. */
class ScatterTest {
    private static final GatherAxes ROWS = axes(List.of(1), List.of(0), List.of(0), List.of(), List.of());
    private static final TensorType X = TensorType.f32(5, 3), AT = TensorType.i32(4, 1), U = TensorType.f32(4, 3);

    private static GatherAxes axes(List<Integer> offset, List<Integer> collapsed, List<Integer> map,
            List<Integer> batch, List<Integer> positionBatch) {
        return new GatherAxes(offset, collapsed, map, batch, positionBatch);
    }

    record Mistake(String text, GatherAxes axes, TensorType x, TensorType at, TensorType updates) {}

    static Stream<Mistake> mistakes() {
        return Stream.of(
                new Mistake("the positions are f32; they must be integers", ROWS, X, TensorType.f32(4, 1), U),
                new Mistake("the positions do not fit; their last axis must hold 1 coordinates", ROWS, X,
                        TensorType.i32(4, 2), U),
                new Mistake("the positions do not fit; their last axis must hold 1 coordinates", ROWS, X,
                        TensorType.i32(), U),
                new Mistake("the updates are f64 and the operand is f32; convert", ROWS, X, AT, TensorType.f64(4, 3)),
                new Mistake("the updates do not fit; they must have rank 2", ROWS, X, AT, TensorType.f32(4)),
                new Mistake("axis 0 of the updates has 6 elements, axis 0 of the positions has 4", ROWS, X, AT,
                        TensorType.f32(6, 3)),
                new Mistake("a window of [1, 4] does not fit into f32[5,3]", ROWS, X, AT, TensorType.f32(4, 4)),
                new Mistake("window axes [2] are not distinct axes; name each once, from 0 to 1",
                        axes(List.of(2), List.of(0), List.of(0), List.of(), List.of()), X, AT, U),
                new Mistake("window axes [1] do not go with the operand's axes [0, 1]",
                        axes(List.of(1), List.of(), List.of(0), List.of(), List.of()), X, AT, U),
                new Mistake("collapsed and batching axes of the operand [0, 0] are not distinct axes",
                        axes(List.of(1), List.of(0), List.of(1), List.of(0), List.of(0)), X, AT, U),
                new Mistake("axes of coordinates and batching axes of the operand [9] are not distinct axes",
                        axes(List.of(1), List.of(0), List.of(9), List.of(), List.of()), X, AT, U),
                new Mistake("batching axes [1] and [] do not pair up; name as many of each",
                        axes(List.of(), List.of(0), List.of(0), List.of(1), List.of()), X, AT, TensorType.f32(4)),
                new Mistake("batching axes differ in size: axis 1 of the operand, axis 0 of the positions",
                        axes(List.of(), List.of(0), List.of(0), List.of(1), List.of(0)), X, AT, TensorType.f32(4)));
    }

    @ParameterizedTest @MethodSource("mistakes")
    void saysWhatIsWrong(Mistake m) {
        for (Scatter s : List.of(new ScatterAdd(m.axes(), GatherAxes.Mode.CLIP),
                new ScatterExtreme(m.axes(), GatherAxes.Mode.CLIP, true))) {
            String message = assertThrows(ShapeException.class,
                    () -> s.outputType(List.of(m.x(), m.at(), m.updates()))).getMessage();
            assertTrue(message.contains(m.text()), message);
        }
    }

    @Test void gathersOfWindowsThatDoNotFitAreRefused() {
        for (List<Integer> sizes : List.of(List.of(2, 3), List.of(1, 4), List.of(1), List.of(1, -1)))
            assertThrows(ShapeException.class, () -> new Gather(ROWS, sizes, GatherAxes.Mode.CLIP, 0L)
                    .outputType(List.of(X, AT)));
    }

    @Test void nanIsTheExtremeAndGivesNoDerivativeToNumbers() {
        var elements = axes(List.of(), List.of(0), List.of(0), List.of(), List.of());
        Tensor at = Array.of(TensorType.i32(2, 1), 0, 2), x = Array.f64(1, Double.NaN, 3), u = Array.f64(Double.NaN, 4);
        var max = new ScatterExtreme(elements, GatherAxes.Mode.FILL_OR_DROP, true);
        assertArrayEquals(new double[] {Double.NaN, Double.NaN, 4}, max.apply(x, at, u).array().toDoubles());
        var tangents = Transforms.jvp((Tensor v, Tensor w) -> max.apply(v, at, w))
                .apply(new Pair<>(x, u), new Pair<>(Array.f64(10, 20, 30), Array.f64(40, 50)));
        assertArrayEquals(new double[] {0, 20, 50}, tangents.tangent().array().toDoubles());
    }
}
