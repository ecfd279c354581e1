package javelin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import javelin.core.Array;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.ConvGeneral;
import javelin.core.ops.ReduceWindowMax;
import javelin.core.ops.Window;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

class WindowsTest {
    private static final Tensor X = Array.f64(3, 1, 4, 1, 5, 9, 2);
    private static final Window THREE = new Window(3, 2, 1, 1, 1, 1);

    private static double[] numbers(Tensor x) { return x.array().toDoubles(); }

    @Test void windowsReduceByAnyMonoid() {
        Tensor one = Array.scalar(1.0);
        List<Tensor> products = Windows.reduceWindows(List.of(X), List.of(one), List.of(THREE), (a, b) ->
                List.of(a.getFirst().mul(b.getFirst())));
        assertArrayEquals(new double[] {3, 4, 45, 18}, numbers(products.getFirst()));
    }

    /** The largest element and where it is; what is not commutative is combined in order. */
    @Test void severalTensorsAreReducedTogether() {
        Tensor places = Tensors.arange(7, DType.I32);
        List<Tensor> best = Windows.reduce(List.of(X, places),
                List.of(Array.scalar(Double.NEGATIVE_INFINITY), Array.scalar(-1)), List.of(0),
                (a, b) -> {
                    Tensor later = b.get(0).gt(a.get(0));
                    return List.of(later.where(b.get(0), a.get(0)), later.where(b.get(1), a.get(1)));
                });
        assertEquals(9, best.get(0).item());
        assertEquals(5, best.get(1).itemAsLong());
        Tensor last = Windows.reduce(List.of(X), List.of(Array.scalar(0.0)), List.of(0), (_, b) -> b).getFirst();
        assertEquals(2, last.item());
        assertEquals(7, Windows.reduce(List.of(X.slice(0, 0, 0)), List.of(Array.scalar(7.0)), List.of(0), (_, b) -> b)
                .getFirst().item());
    }

    @Test void reductionsByAMonoidHaveDerivatives() {
        Tensor g = Transforms.grad((Tensor x) -> Windows.reduce(List.of(x), List.of(Array.scalar(1.0)), List.of(0),
                (a, b) -> List.of(a.getFirst().mul(b.getFirst()))).getFirst()).apply(Array.f64(2, 3, 5));
        assertArrayEquals(new double[] {15, 10, 6}, numbers(g));
    }

    /** As JAX: the first of equal elements, also if another window has it too. */
    @Test void theFirstOfEqualElementsHasTheGradient() {
        Tensor g = Transforms.grad((Tensor x) -> Windows.max(x, List.of(new Window(2, 1, 0, 0, 1, 1))).sum())
                .apply(Array.f64(1, 1, 0, 0, 2));
        assertArrayEquals(new double[] {1, 1, 1, 0, 1}, numbers(g));
        assertTrue(Double.isNaN(Windows.max(Array.f64(1, Double.NaN), List.of(new Window(2, 1, 0, 0, 1, 1))).item()));
    }

    @Test void paddingOfEveryKind() {
        Tensor x = Array.f64(1, 2, 3, 4).reshape(1, 4, 1), ones = Array.f64(1, 10, 100).reshape(3, 1, 1);
        assertArrayEquals(new double[] {210, 321, 432, 43}, numbers(Convolution.SAME.apply(x, ones)));
        assertArrayEquals(new double[] {321, 432}, numbers(Convolution.SAME.padding(Padding.VALID).apply(x, ones)));
        assertArrayEquals(new double[] {214, 321, 432, 143},
                numbers(Convolution.SAME.padding(Padding.CIRCULAR).apply(x, ones)));
        assertArrayEquals(new double[] {212, 321, 432, 343},
                numbers(Convolution.SAME.padding(Padding.REFLECT).apply(x, ones)));
        assertArrayEquals(new double[] {100, 210, 321, 432},
                numbers(Convolution.SAME.padding(Padding.CAUSAL).apply(x, ones)));
        assertArrayEquals(new double[] {321, 43}, numbers(Convolution.SAME.strides(2).apply(x, ones)));
        assertArrayEquals(new double[] {210, 432}, numbers(Convolution.SAME.padding(Padding.SAME_LOWER).strides(2)
                .apply(x, ones)));
        assertArrayEquals(new double[] {432, 43}, numbers(Convolution.SAME.padding(Padding.of(-1, 1)).apply(x, ones)));
    }

    @Test void errorsNameTheOpTheShapesAndTheRemedy() {
        Tensor image = Tensor.zeros(TensorType.f32(1, 8, 8, 3)), kernel = Tensor.zeros(TensorType.f32(3, 3, 4, 6));
        String message = assertThrows(ShapeException.class, () -> Convolution.SAME.apply(image, kernel)).getMessage();
        assertTrue(message.contains("conv_general") && message.contains("has 3 features") && message.contains("takes 4")
                && message.contains("f32[3,3,4,6]"), message);
        message = assertThrows(ShapeException.class, () -> Convolution.SAME.apply(image.squeeze(0), kernel))
                .getMessage();
        assertTrue(message.contains("of equal rank"), message);
        message = assertThrows(ShapeException.class, () -> new ReduceWindowMax(List.of(THREE)).apply(image))
                .getMessage();
        assertTrue(message.contains("1 windows for 4 axes"), message);
        message = assertThrows(ShapeException.class, () -> new ReduceWindowMax(List.of(new Window(0, 1, 0, 0, 1, 1)))
                .apply(X)).getMessage();
        assertTrue(message.contains("at least 1"), message);
        var order = new ConvGeneral.Order(0, 0, List.of(1, 2));
        message = assertThrows(ShapeException.class, () ->
                new ConvGeneral(order, order, order, List.of(THREE, THREE), 1, 1).apply(image, kernel)).getMessage();
        assertTrue(message.contains("does not name each of 4 axes once"), message);
        assertThrows(IllegalArgumentException.class, () -> Padding.of(1, 2, 3));
    }
}
