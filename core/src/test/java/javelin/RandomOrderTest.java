package javelin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import javelin.core.Array;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import org.junit.jupiter.api.Test;

/** Expected values are those of jax.random with key(3). */
class RandomOrderTest {
    private static final Key KEY = Key.of(3);
    private static final Array P = Array.f32(0.1f, 0.2f, 0.3f, 0.2f, 0.2f);

    private static void assertNumbers(Tensor found, double... expected) {
        assertArrayEquals(expected, found.array().toDoubles());
    }

    @Test void rowsArePermutedTogetherOrEachByItself() {
        Tensor x = Tensors.arange(12, DType.F32).reshape(4, 3);
        assertNumbers(KEY.permutation(x, 0), 0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11);
        assertNumbers(KEY.permutation(x, 1, true), 0, 2, 1, 5, 4, 3, 6, 7, 8, 10, 9, 11);
    }

    @Test void choicesFollowProbabilities() {
        assertNumbers(KEY.choice(Array.i32(3, 1, 4, 1, 5), 0, P, Shape.of(2, 2), true), 5, 3, 4, 3);
        assertNumbers(KEY.choice(P, Shape.of(3), false), 3, 1, 2);
    }

    @Test void slicesAreChosenAlongAnAxis() {
        assertNumbers(KEY.choice(Tensors.arange(12, DType.I32).reshape(4, 3), 1, Shape.of(2), false), 0, 2, 3, 5, 6, 8,
                9, 11);
    }

    @Test void categoriesWithoutReplacementDiffer() {
        Tensor logits = Array.f32(new float[][] {{0.1f, 0.2f, 0.3f, 0.4f}, {0.4f, 0.3f, 0.2f, 0.1f}}).log();
        assertNumbers(KEY.categoricalWithoutReplacement(logits, -1, 3), 3, 1, 1, 0, 2, 3);
    }

    @Test void moreThanThereIsCannotBeDrawn() {
        assertThrows(ShapeException.class, () -> KEY.choice(3, Shape.of(4), false));
    }
}
