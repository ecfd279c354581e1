package javelin;

import static javelin.Transforms.grad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import javelin.core.Array;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import org.junit.jupiter.api.Test;

/** Reductions by group; the numbers are jax.ops.segment_*'s. */
class SegmentsTest {
    private static final Tensor X = Array.f64(10, 11, 12, 13, 14), IDS = Array.i32(-1, 0, 1, 7, 1);

    private static void assertIs(Tensor found, double... expected) {
        assertArrayEquals(expected, found.array().toDoubles());
    }

    @Test void rowsOfNoSegmentCountNowhere() {
        double none = Double.NEGATIVE_INFINITY;
        assertIs(Segments.sum(X, IDS, 3), 11, 26, 0);
        assertIs(Segments.prod(X, IDS, 4), 11, 168, 1, 1);
        assertIs(Segments.max(X, IDS, 4), 11, 14, none, none);
        assertIs(Segments.min(X.astype(DType.I32), IDS, 3), 11, 12, Integer.MAX_VALUE);
        assertIs(Segments.sum(X.expandDims(1).mul(Array.f64(1, 2)), IDS, 2), 11, 22, 26, 52);
        assertIs(Segments.sum(Array.f64(), Array.i32(), 2), 0, 0);
        assertIs(Segments.max(X, IDS, 0));
    }

    @Test void gradientsGoBackToTheRows() {
        assertIs(grad((Tensor x) -> Segments.sum(x, IDS, 2).square().sum()).apply(X), 0, 22, 52, 0, 52);
        assertIs(grad((Tensor x) -> Segments.max(x, IDS, 2).sum()).apply(X), 0, 1, 0, 0, 1);
    }

    @Test void countsNumbers() {
        assertIs(Tensors.bincount(IDS, 3), 2, 2, 0);
        assertIs(Tensors.bincount(IDS, X, 3), 21, 26, 0);
        assertEquals(DType.I32, Tensors.bincount(IDS, 3).dtype());
    }

    @Test void idsMustBeIntegersOneForEachRow() {
        assertThrows(ShapeException.class, () -> Segments.sum(X, X, 3));
        assertThrows(ShapeException.class, () -> Segments.sum(X, Array.i32(1), 3));
        assertThrows(ShapeException.class, () -> Segments.sum(Array.scalar(1.0), IDS, 3));
        assertThrows(ShapeException.class, () -> Tensors.bincount(X, 3));
    }
}
