package javelin.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javelin.Tensors;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.type.DType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchesTest {
    record Data(Tensor x, Tensor y) {}

    private static Data data(int n) {
        Array y = Array.i32(IntStream.range(0, n).toArray());
        Tensor column = y.astype(DType.F32).reshape(n, 1);
        return new Data(Tensors.concatenate(List.of(column, column.mul(2)), 1), y);
    }

    private static long[] labels(Batches<Data> batches, int epoch) {
        List<Long> all = new ArrayList<>();
        for (Data b : batches.epoch(epoch)) {
            long[] y = b.y().array().toLongs();
            float[] x = b.x().array().toFloats();
            for (int i = 0; i < y.length; i++) {
                all.add(y[i]);
                assertTrue(x[2 * i] == y[i] && x[2 * i + 1] == 2 * y[i]);   // rows stay together
            }
        }
        return all.stream().mapToLong(l -> l).toArray();
    }

    @Property(tries = 50) void everyExampleHasItsTurnOnce(@ForAll @IntRange(min = 1, max = 40) int n,
            @ForAll @IntRange(min = 1, max = 9) int size, @ForAll long seed) {
        long[] shuffled = labels(Batches.of(data(n), size).shuffled(seed), 3);
        assertArrayEquals(shuffled, labels(Batches.of(data(n), size).shuffled(seed), 3));
        Arrays.sort(shuffled);
        assertArrayEquals(labels(Batches.of(data(n), size), 0), shuffled);
    }

    @Test void ordersDifferAndEndsAreDropped() {
        Batches<Data> batches = Batches.of(data(10), 4).shuffled(7).dropLast();
        assertEquals(2, batches.count());
        assertEquals(8, labels(batches, 0).length);
        assertFalse(Arrays.equals(labels(batches, 0), labels(batches, 1)));
        assertEquals(List.of(4, 4, 2), sizes(Batches.of(data(10), 4)));
    }

    private static List<Integer> sizes(Batches<Data> batches) {
        List<Data> all = new ArrayList<>();
        batches.epoch(0).forEach(all::add);
        return Lists.map(all, b -> b.y().size(0));
    }

    @Test void mistakesAreExplained() {
        assertTrue(assertThrows(JavelinException.class, () -> Batches.of(new Data(Array.f32(1, 2), Array.f32(1)), 1))
                .getMessage().contains("examples are along axis 0"));
        assertTrue(assertThrows(JavelinException.class, () -> Batches.of(data(3), 4).dropLast()).getMessage()
                .contains("batches of 4 cannot be made of 3"));
    }
}
