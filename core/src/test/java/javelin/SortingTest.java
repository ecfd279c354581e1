package javelin;

import static javelin.Sorting.Side.LEFT;
import static javelin.Sorting.Side.RIGHT;
import static javelin.Transforms.grad;
import static javelin.Transforms.jit;
import static javelin.Transforms.vmap;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import javelin.core.Array;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

/** Expected values are those of JAX and NumPy. */
class SortingTest {
    private static final double NAN = Double.NaN, INF = Double.POSITIVE_INFINITY;
    private static final Tensor ODD = Array.f64(1, NAN, -0.0, 0.0, NAN, 2, -INF, INF, 0.0, -0.0);

    private static void assertNumbers(Tensor found, double... expected) {
        assertArrayEquals(expected, found.array().toDoubles());
    }

    @Test void zerosAreEqualAndNaNIsLast() {
        assertNumbers(ODD.argsort(0), 6, 2, 3, 8, 9, 0, 5, 7, 1, 4);
        assertNumbers(ODD.sort(-1), -INF, -0.0, 0.0, 0.0, -0.0, 1, 2, INF, NAN, NAN);
    }

    @Test void descendingSortsAreStableToo() {
        assertNumbers(Sorting.argsort(ODD, 0, true), 1, 4, 7, 5, 0, 2, 3, 8, 9, 6);
        assertNumbers(Sorting.sort(Array.f32(1, 3, 2), 0, true), 3, 2, 1);
    }

    @Test void theLargestAreThoseOfTheTotalOrder() {
        var top = Sorting.topK(ODD, 8);
        assertNumbers(top.positions(), 1, 4, 7, 5, 0, 3, 8, 2);
        assertNumbers(Sorting.topK(Array.i32(1, 5, 5, 2), 2).positions(), 1, 2);
    }

    @Test void lexsortSortsByTheLastKeyFirst() {
        assertNumbers(Sorting.lexsort(List.of(Array.i32(3, 1, 2, 1), Array.i32(0, 1, 0, 1)), -1), 2, 0, 1, 3);
    }

    @Test void partitionPutsAnElementWhereItBelongs() {
        assertEquals(3, Sorting.partition(Array.f32(5, 1, 4, 3), 1, 0).index(1).item());
        assertEquals(3, Sorting.argpartition(Array.f32(5, 1, 4, 3), 1, 0).index(1).item());
        assertThrows(ShapeException.class, () -> Sorting.partition(Array.f32(5, 1), 2, 0));
    }

    @Test void searchSortedGoesToEitherSideOfEqualElements() {
        Tensor bins = Array.f64(1, 2, 2, 4), x = Array.f64(0, 1, 2, 3, 4, 5, NAN);
        assertNumbers(Sorting.searchSorted(bins, x, LEFT), 0, 0, 1, 3, 3, 4, 4);
        assertNumbers(Sorting.searchSorted(bins, x, RIGHT), 0, 1, 3, 3, 4, 4, 4);
        assertNumbers(Sorting.searchSorted(Array.f64(1, NAN, NAN), x, LEFT), 0, 0, 1, 1, 1, 1, 1);
        assertNumbers(Sorting.searchSorted(Array.f64(), x, LEFT), 0, 0, 0, 0, 0, 0, 0);
    }

    @Test void digitizeTakesBinsInEitherDirection() {
        Tensor bins = Array.f64(1, 2, 2, 4), x = Array.f64(0, 1, 2, 3, 4, 5);
        assertNumbers(Sorting.digitize(x, bins, false), 0, 1, 3, 3, 4, 4);
        assertNumbers(Sorting.digitize(x, bins, true), 0, 0, 1, 3, 3, 4);
        assertNumbers(Sorting.digitize(x, bins.flip(0), false), 4, 3, 1, 1, 0, 0);
        assertNumbers(Sorting.digitize(x, bins.flip(0), true), 4, 4, 3, 1, 1, 0);
    }

    @Test void placesOfWhatIsNotZeroFillUp() {
        Tensor x = Array.i32(0, 1, 1, 0).reshape(2, 2);
        assertNumbers(Sorting.flatNonzero(x, 3, -1), 1, 2, -1);
        assertNumbers(Sorting.nonzero(x, 4, 0).get(0), 0, 1, 0, 0);
        assertNumbers(Sorting.nonzero(x, 4, 0).get(1), 1, 0, 0, 0);
        assertNumbers(Sorting.argwhere(x, 3, -1), 0, 1, 1, 0, -1, -1);
        assertNumbers(Sorting.flatNonzero(x, 1, -1), 1);
    }

    @Test void uniqueTakesAllNaNForOne() {
        var u = Sorting.unique(Array.f64(3, 1, 1, 2, NAN, NAN), 6);
        assertNumbers(u.values(), 1, 2, 3, NAN, 1, 1);
        assertNumbers(u.positions(), 1, 3, 0, 4, 1, 1);
        assertNumbers(u.inverse(), 2, 0, 0, 1, 3, 3);
        assertNumbers(u.counts(), 2, 1, 1, 2, 0, 0);
        assertNumbers(Sorting.unique(Array.i32(3, 1, 1, 2), 2).values(), 1, 2);
        assertNumbers(Sorting.unique(Array.i32(3, 1, 1, 2).reshape(2, 2), 3).inverse(), 2, 0, 0, 1);
    }

    @Test void gradientsGoWhereElementsCameFrom() {
        Tensor weights = Array.f64(1, 2, 3);
        assertNumbers(grad((Tensor x) -> x.sort(0).mul(weights).sum()).apply(Array.f64(5, 1, 3)), 3, 1, 2);
        assertNumbers(grad((Tensor x) -> Sorting.topK(x, 2).values().mul(Array.f64(1, 2)).sum())
                .apply(Array.f64(5, 1, 3)), 1, 0, 2);
        assertNumbers(grad((Tensor x) -> x.cumprod(0).sum()).apply(Array.f64(2, 0, 4)), 1, 10, 0);
    }

    @Test void mappedAndCompiledSortsAreTheSame() {
        Tensor x = Key.of(1).normal(TensorType.f64(3, 4));
        var f = vmap((Tensor row) -> Sorting.searchSorted(row.sort(0), row, LEFT));
        for (int i = 0; i < 3; i++)
            assertNumbers(f.apply(x).index(i),
                    Sorting.searchSorted(x.index(i).sort(0), x.index(i), LEFT).array().toDoubles());
        assertNumbers(jit(f).apply(x), f.apply(x).array().toDoubles());
    }

    @Test void errorsSayWhatToDo() {
        var e = assertThrows(ShapeException.class, () -> Sorting.searchSorted(Array.f64(1, 2), Array.f32(1), LEFT));
        assertTrue(e.getMessage().contains("astype"), e.getMessage());
        assertTrue(assertThrows(ShapeException.class, () -> Sorting.topK(Array.f64(1, 2), 3)).getMessage()
                .contains("axis 0 has 2 elements, not 3"));
        assertThrows(ShapeException.class, () -> Array.f64(1, 2).sort(1));
        assertThrows(ShapeException.class, () -> Array.i32(1, 2).cumLogSumExp(0));
        assertThrows(ShapeException.class, () -> Sorting.unique(Array.f64(), 1));
    }
}
