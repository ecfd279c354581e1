package javelin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import javelin.Key;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

class LossesTest {
    private static final Tensor LOGITS = Array.f64(0.5, -1, 2, 1, 0, -0.3).reshape(2, 3);

    private static double[] numbers(Tensor x) { return x.array().toDoubles(); }

    @Test void regressionLossesAreElementwise() {
        Tensor p = Array.f64(1, 3, -2), t = Array.f64(1.5, 0, -2);
        assertArrayEquals(new double[] {0.25, 9, 0}, numbers(Losses.squaredError(p, t)));
        assertArrayEquals(new double[] {0.125, 4.5, 0}, numbers(Losses.l2(p, t)));
        assertArrayEquals(new double[] {0.125, 2.5, 0}, numbers(Losses.huber(p, t, 1)));
        assertArrayEquals(new double[] {Math.log(Math.cosh(0.5)), Math.log(Math.cosh(3)), 0},
                numbers(Losses.logCosh(p, t)), 1e-15);
        assertArrayEquals(new double[] {0, 0, 3}, numbers(Losses.hinge(Array.f64(1, -2, -2), Array.f64(1, -1, 1))));
    }

    @Test void sigmoidCrossEntropyIsExactForLargeLogits() {
        Tensor loss = Losses.sigmoidBinaryCrossEntropy(Array.f64(0.3, 800, -800, 800), Array.f64(1, 1, 0, 0.25));
        assertArrayEquals(new double[] {Math.log1p(Math.exp(-0.3)), 0, 0, 600}, numbers(loss), 1e-15);
        Tensor gradient = Transforms.grad((Tensor x) -> Losses.sigmoidBinaryCrossEntropy(x, Array.f64(0.2, 1)).sum())
                .apply(Array.f64(0, 2));
        assertArrayEquals(new double[] {0.5 - 0.2, 1 / (1 + Math.exp(-2)) - 1}, numbers(gradient), 1e-15);
    }

    @Test void softmaxCrossEntropyIsPerExample() {
        Tensor labels = Array.f64(0, 0, 1, 0.5, 0.5, 0).reshape(2, 3);
        double first = Math.log(Math.exp(0.5) + Math.exp(-1) + Math.exp(2)) - 2, norm =
                Math.log(Math.exp(1) + 1 + Math.exp(-0.3));
        assertArrayEquals(new double[] {first, norm - 0.5}, numbers(Losses.softmaxCrossEntropy(LOGITS, labels)), 1e-15);
        assertArrayEquals(new double[] {first, norm},
                numbers(Losses.softmaxCrossEntropyWithIntegerLabels(LOGITS, Array.i32(2, 1))), 1e-15);
        Tensor gradient = Transforms.grad((Tensor x) -> Losses.softmaxCrossEntropyWithIntegerLabels(x, Array.i32(2, 1))
                .sum()).apply(LOGITS);
        double[] expected = numbers(Activations.softmax(LOGITS));
        expected[2] -= 1;
        expected[4] -= 1;
        assertArrayEquals(expected, numbers(gradient), 1e-15);
    }

    @Test void aLabelOutOfRangeGivesNaN() {
        double[] loss = numbers(Losses.softmaxCrossEntropyWithIntegerLabels(LOGITS, Array.i32(3, -1)));
        assertTrue(Double.isNaN(loss[0]) && Double.isNaN(loss[1]));
        double[] infinite = numbers(
                Losses.softmaxCrossEntropyWithIntegerLabels(Array.f64(0, Double.NEGATIVE_INFINITY), Array.scalar(0)));
        assertEquals(0, infinite[0]);                                    // a class that is excluded costs nothing
    }

    @Test void divergencesAndSimilarities() {
        Tensor logP = Array.f64(Math.log(0.25), Math.log(0.75)), t = Array.f64(0, 1);
        assertEquals(Math.log(1 / 0.75), Losses.klDivergence(logP, t).item(), 1e-15);
        assertEquals(0.5 * Math.log(2) + 0.5 * Math.log(0.5 / 0.75),
                Losses.klDivergenceWithLogTargets(logP, Array.f64(Math.log(0.5), Math.log(0.5))).item(), 1e-15);
        Tensor a = Array.f64(3, 4), b = Array.f64(4, 3);
        assertEquals(24 / 25.0, Losses.cosineSimilarity(a, b, 0).item(), 1e-15);
        assertEquals(1 / 25.0, Losses.cosineDistance(a, b, 1e-6).item(), 1e-15);
        assertEquals(0, Losses.cosineSimilarity(a, Array.f64(0, 0), 1e-6).item());
        assertArrayEquals(new double[] {0.05, 0.95}, numbers(Losses.smoothLabels(t, 0.1)), 1e-15);
    }

    @Test void shapesDoNotBroadcast() {
        Tensor column = Array.f32(1, 2, 3).reshape(3, 1), row = Array.f32(1, 2, 3);
        String m = assertThrows(ShapeException.class, () -> Losses.squaredError(column, row)).getMessage();
        assertTrue(m.contains("nothing broadcasts") && m.contains("f32[3,1]"), m);
        assertThrows(ShapeException.class, () -> Losses.sigmoidBinaryCrossEntropy(column, row));
        String labels = assertThrows(ShapeException.class, () ->
                Losses.softmaxCrossEntropyWithIntegerLabels(LOGITS, Array.i32(1, 2, 0))).getMessage();
        assertTrue(labels.contains("without their last axis"), labels);
        assertThrows(ShapeException.class, () -> Losses.softmaxCrossEntropyWithIntegerLabels(LOGITS, Array.f64(1, 2)));
    }

    /** Against the sum over all paths that say the labels once repetitions and then blanks are taken out. */
    @Test void ctcSumsOverAllAlignments() {
        Tensor logits = Key.of(1).normal(TensorType.f64(1, 4, 3)), p = Activations.softmax(logits).index(0);
        double all = 0;
        for (int path = 0; path < 81; path++) {
            double probability = 1;
            String said = "";
            int last = -1;
            for (int t = 0, rest = path; t < 4; t++, rest /= 3) {
                int now = rest % 3;
                probability *= p.index(t).index(now).item();
                if (now != last && now != 0) said += now;
                last = now;
            }
            if (said.equals("11")) all += probability;
        }
        Tensor none = Tensor.zeros(TensorType.f64(1, 4));
        Tensor loss = CtcLoss.of().apply(logits, none, Array.i32(1, 1).reshape(1, 2), none.slice(1, 0, 2));
        assertEquals(-Math.log(all), loss.index(0).item(), 1e-9);
    }

    @Test void theNewLossesExplainWrongShapes() {
        Tensor x = Tensor.zeros(TensorType.f32(2, 3)), labels = Array.i32(1, 2, 0);
        assertTrue(assertThrows(ShapeException.class, () -> Losses.multiclassHinge(x, labels)).getMessage()
                .contains("must be integers of the scores' shape without its last axis"));
        assertTrue(assertThrows(ShapeException.class, () -> Losses.ntxent(x, labels, 1)).getMessage()
                .contains("a label for each"));
        assertTrue(assertThrows(ShapeException.class, () -> DiceLosses.of().apply(x, labels)).getMessage()
                .contains("must both be [batch, ..., classes]"));
        assertTrue(assertThrows(ShapeException.class, () -> CtcLoss.of().apply(x, x, x, x)).getMessage()
                .contains("takes logits [batch, time, classes]"));
    }
}
