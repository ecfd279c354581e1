package javelin.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import javelin.core.Array;
import javelin.core.JavelinException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test void accuracyIsTheShareOfLargestLogits() {
        Array logits = Array.f32(new float[][] {{1, 2, 3}, {3, 2, 1}, {1, 5, 1}, {0, 0, 1}});
        assertEquals(0.75, Metrics.accuracy(logits, Array.i32(2, 0, 1, 0)).item());
        assertThrows(JavelinException.class, () -> Metrics.accuracy(logits, Array.i32(2, 0, 1)));
    }

    @Test void confusionCountsTrueClassesByRows() {
        Array c = Metrics.confusion(Array.i32(0, 0, 1, 2), Array.i32(0, 1, 1, 0), 3);
        assertArrayEquals(new long[] {1, 1, 0, 0, 1, 0, 1, 0, 0}, c.toLongs());
        assertTrue(assertThrows(JavelinException.class, () -> Metrics.confusion(Array.i32(3), Array.i32(0), 3))
                .getMessage()
                .contains("no class 3 of 3"));
    }

    /** The definition: over all pairs, the chance that the positive one has the higher score. */
    @Property(tries = 100) void aucIsTheShareOfOrderedPairs(@ForAll long seed) {
        Random random = new Random(seed);
        int n = 2 + random.nextInt(30);
        float[] scores = new float[n];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            scores[i] = random.nextInt(10);
            labels[i] = i < 2 ? i : random.nextInt(2);
        }
        double ordered = IntStream.range(0, n).filter(i -> labels[i] == 1).mapToDouble(i -> IntStream.range(0, n)
                .filter(j -> labels[j] == 0)
                        .mapToDouble(j -> scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0)
                .sum()).sum();
        long ones = IntStream.of(labels).sum();
        assertEquals(ordered / (ones * (n - ones)), Metrics.auc(Array.f32(scores), Array.i32(labels)), 1e-12);
    }

    @Test void aucNeedsBothClasses() {
        assertTrue(Double.isNaN(Metrics.auc(Array.f32(1, 2), Array.i32(1, 1))));
    }

    @Test void meansAreWeighted() {
        assertEquals(2.5, Metrics.Mean.NONE.with(1, 1).with(3, 3).value());
        assertTrue(Double.isNaN(Metrics.Mean.NONE.value()));
    }
}
