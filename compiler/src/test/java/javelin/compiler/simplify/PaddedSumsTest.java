package javelin.compiler.simplify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import javelin.core.Array;
import javelin.core.Evaluator;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.ops.Pad;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

/** Sums of padded arrays become pieces, with the same bits. */
class PaddedSumsTest {
    private static final Array X = Array.wrap(TensorType.f32(2, 3), new float[] {1, -0f, 3, -4, 0, Float.NaN});

    /** Along the last axis. */
    private static Tensor padded(Tensor x, int low, int high) {
        return new Pad(List.of(0, low), List.of(0, high), List.of(0, 0)).apply(x, x.like(0));
    }

    private static void becomesPieces(int pads, int pieces, UnaryOperator<Tensor> f) {
        Program program = Recorder.trace(List.of(X.type()), v -> List.of(f.apply(v.getFirst()))).closed(),
                simple = Simplify.run(program);
        assertEquals(pads, simple.equations().stream().filter(e -> e.op() instanceof Pad).count(), simple.toString());
        assertEquals(pieces, simple.equations().stream().filter(e -> e.op().toString().startsWith("concatenate"))
                .mapToInt(e -> e.inputs().size()).sum(), simple.toString());
        List<Tensor> expected = Evaluator.evaluate(program, List.of(X)), found = Evaluator.evaluate(simple, List.of(X));
        for (int i = 0; i < expected.size(); i++)
            assertTrue(((Array) expected.get(i)).sameBits((Array) found.get(i)), expected + " became " + found);
    }

    @Test void sideBySide() { becomesPieces(0, 2, x -> padded(x, 0, 3).add(padded(x.exp(), 3, 0))); }

    @Test void theOtherWayAround() { becomesPieces(0, 2, x -> padded(x, 3, 0).add(padded(x, 0, 3))); }

    @Test void apart() { becomesPieces(0, 5, x -> padded(x, 1, 6).add(padded(x, 6, 1))); }

    @Test void overlapping() { becomesPieces(0, 3, x -> padded(x, 0, 1).add(padded(x.sin(), 1, 0))); }

    @Test void oneInsideTheOther() { becomesPieces(0, 3, x -> padded(x.slice(1, 0, 1), 2, 1).add(padded(x, 0, 1))); }

    @Test void severalInARow() {
        becomesPieces(0, 4, x -> padded(x, 0, 9).add(padded(x, 3, 6)).add(padded(x, 6, 3)).add(padded(x, 9, 0)));
    }

    @Test void ofOneSizeAndPlace() { becomesPieces(0, 3, x -> padded(x, 1, 1).add(padded(x.cos(), 1, 1))); }

    @Test void transposedWhereTheyAreComputed() {
        becomesPieces(0, 2, x -> padded(x, 0, 3).add(padded(x.exp(), 3, 0)).transpose(1, 0));
    }

    @Test void notAlongDifferentAxes() {
        becomesPieces(2, 0, x -> padded(x, 0, 3)
                .add(new Pad(List.of(1, 0), List.of(0, 0), List.of(0, 0)).apply(x.reshape(1, 6), x.like(0))));
    }

    @Test void notWithSomethingElseThanZero() {
        becomesPieces(2, 0, x -> padded(x, 0, 3)
                .add(new Pad(List.of(0, 3), List.of(0, 0), List.of(0, 0)).apply(x, x.like(-0.0))));
    }

    @Test void notBetweenElements() {
        becomesPieces(2, 0, x -> padded(x, 0, 2)
                .add(new Pad(List.of(0, 0), List.of(0, 0), List.of(0, 1)).apply(x, x.like(0))));
    }

    @Test void notWhatCutsOff() { becomesPieces(2, 0, x -> padded(x, -1, 1).add(padded(x, 1, -1))); }

    @Test void piecesThatOthersReadAreNotTransposed() {
        Program program = Recorder.trace(List.of(X.type()), v -> {
            Tensor both = padded(v.getFirst(), 0, 3).add(padded(v.getFirst(), 3, 0));
            return List.of(both, both.transpose(1, 0));
        }).closed();
        assertEquals(1, Simplify.run(program).equations().stream()
                .filter(e -> e.op().toString().startsWith("concatenate")).count());
    }
}
