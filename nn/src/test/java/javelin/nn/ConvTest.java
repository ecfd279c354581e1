package javelin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javelin.Key;
import javelin.Padding;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions and pools against what Flax 0.12.8 gives in f64. */
class ConvTest {
    /** For the input sin(i) and the kernel cos(i): the output's shape and the sum of its elements times cos(i / 10). */
    record Expected(Layer layer, Shape input, Shape output, double sum) {
        @Override public String toString() { return layer + " of " + input; }
    }

    private static Expected of(Layer layer, Shape input, Shape output, double sum) {
        return new Expected(layer, input, output, sum);
    }

    static Stream<Expected> flax() {
        Shape images = Shape.of(2, 5, 6, 3), lines = Shape.of(2, 5, 3);
        return Stream.of(
                of(Conv.of(4, 3, 3).withStrides(2, 1).withUseBias(false), images, Shape.of(2, 3, 6, 4),
                        -2.1669189874611083),
                of(Conv.of(4, 3).withPadding(Padding.CAUSAL).withKernelDilation(2).withUseBias(false),
                        Shape.of(2, 7, 3),
                        Shape.of(2, 7, 4), 0.5367317500398876),
                of(Conv.of(4, 4, 3).withPadding(Padding.CIRCULAR).withUseBias(false), images, Shape.of(2, 5, 6, 4),
                        -0.9177082217566368),
                of(Conv.of(4, 4, 3).withPadding(Padding.REFLECT).withKernelDilation(1, 2).withUseBias(false), images,
                        Shape.of(2, 5, 6, 4), -8.459185081071283),
                of(Conv.of(4, 3).withPadding(Padding.CIRCULAR).withUseBias(false), Shape.of(2, 1, 3), Shape.of(2, 1, 4),
                        0.34645235468800006),
                of(Conv.of(4, 7).withPadding(Padding.REFLECT).withUseBias(false), Shape.of(2, 3, 3), Shape.of(2, 3, 4),
                        -0.6788087885093762),
                of(Conv.of(6, 3, 3).withGroups(3).withPadding(Padding.of(1)).withUseBias(false), images,
                        Shape.of(2, 5, 6, 6), -0.5654484598755978),
                of(Conv.of(4, 3, 3).withPadding(Padding.of(2, 0, 1, 3)).withStrides(2).withInputDilation(2)
                        .withKernelDilation(2, 1)
                        .withUseBias(false), images, Shape.of(2, 4, 7, 4), 1.1803179117480775),
                of(Conv.of(4, 3).withUseBias(false), Shape.of(5, 3), Shape.of(5, 4), 0.26595889800831496),
                of(Conv.of(4, 3).withUseBias(false), Shape.of(2, 3, 5, 3), Shape.of(2, 3, 5, 4), -1.838495229042851),
                of(Conv.of(2, 2, 3, 3).withPadding(Padding.VALID).withUseBias(false), Shape.of(1, 3, 4, 5, 2),
                        Shape.of(1, 2, 2, 3, 2),
                        -0.025806449585264624),
                of(ConvTranspose.of(4, 4, 4).withStrides(2).withUseBias(false), images, Shape.of(2, 10, 12, 4),
                        -4.850722476980437),
                of(ConvTranspose.of(4, 3).withStrides(3).withPadding(Padding.VALID).withUseBias(false), lines,
                        Shape.of(2, 15, 4), 1.2946121050053652),
                of(ConvTranspose.of(4, 2).withStrides(3).withUseBias(false), lines, Shape.of(2, 15, 4),
                        0.7205120457765741),
                of(ConvTranspose.of(4, 3, 3).withStrides(2, 1).withPadding(Padding.of(1, 2, 0, 1))
                        .withKernelDilation(1, 2)
                        .withUseBias(false), images, Shape.of(2, 10, 3, 4), 1.5810164193173257),
                of(ConvTranspose.of(4, 4, 3).withStrides(2).withTransposeKernel(true).withUseBias(false), images,
                        Shape.of(2, 10, 12, 4), 0.6193597557428119),
                of(ConvTranspose.of(4, 4, 3).withStrides(2).withPadding(Padding.CIRCULAR).withUseBias(false), images,
                        Shape.of(2, 10, 12, 4), -6.693830237207443),
                of(ConvTranspose.of(4, 4, 3).withStrides(2, 3).withPadding(Padding.CIRCULAR).withTransposeKernel(true)
                        .withUseBias(false), images,
                        Shape.of(2, 10, 18, 4), 0.48176661121661823),
                of(ConvTranspose.of(4, 3).withPadding(Padding.CIRCULAR).withUseBias(false), Shape.of(5, 3),
                        Shape.of(5, 4), -0.8966395312490416));
    }

    private static Array wave(TensorType type, DoubleUnaryOperator f) {
        return Array.of(type, IntStream.range(0, type.elements()).mapToDouble(i -> f.applyAsDouble(i)).toArray());
    }

    @ParameterizedTest @MethodSource("flax")
    void asInFlax(Expected e) {
        TensorType input = new TensorType(DType.F64, e.input());
        Variables v = e.layer().init(Key.of(0), input);
        Variables cosines = Variables.ofParams(Variables.of(Map.of("kernel",
                wave(v.tensor("params/kernel").type(), Math::cos))));
        Tensor y = e.layer().apply(cosines, wave(input, Math::sin));
        assertEquals(e.output(), y.shape());
        assertEquals(e.sum(), y.mul(wave(y.type(), i -> Math.cos(i / 10))).sum().item(), 1e-12);
    }

    @Test void aMaskedKernelHasNoInfluenceWhereTheMaskIsZero() {
        Tensor x = wave(TensorType.f64(1, 5, 1), Math::sin);
        Array middle = Array.f64(0, 1, 0).reshape(3, 1, 1).array();
        Conv conv = Conv.of(1, 3).withMask(middle);
        Variables v = conv.init(Key.of(0), x.type());
        double weight = v.tensor("params/kernel").array().toDoubles()[1];
        assertArrayEquals(x.mul(weight).array().toDoubles(), conv.apply(v, x).array().toDoubles(), 1e-15);
        assertThrows(ShapeException.class, () -> conv.withMask(Array.f64(1, 2)).init(Key.of(0), x.type()));
    }

    @Test void biasesAreAddedToEveryPlace() {
        Conv conv = Conv.of(2, 3).withBiasInit(Initializers.ones()).withKernelInit(Initializers.zeros());
        Variables v = conv.init(Key.of(0), TensorType.f32(4, 3));
        assertEquals("{bias: (2,), kernel: (3, 3, 2)}", v.params().shapes());
        assertArrayEquals(new float[] {1, 1, 1, 1, 1, 1, 1, 1}, conv.apply(v, Tensor.zeros(TensorType.f32(4, 3)))
                .array().toFloats());
    }

    @Test void poolsOfLines() {
        Tensor x = Array.f64(1, 5, 2, -3, 4).reshape(1, 5, 1);
        assertArrayEquals(new double[] {5, 5, 2, 4}, Pool.max(2).of(x).array().toDoubles());
        assertArrayEquals(new double[] {1, -3}, Pool.min(2).withStrides(2).of(x).array().toDoubles());
        assertArrayEquals(new double[] {3, -0.5, 2}, Pool.mean(2).withStrides(2).withPadding(Padding.SAME).of(x).array()
                .toDoubles());
        assertArrayEquals(new double[] {3, -0.5, 4},
                Pool.mean(2).withStrides(2).withPadding(Padding.SAME).withCountPadding(false).of(x).array()
                        .toDoubles());
        assertArrayEquals(new double[] {5, 2, 4}, Pool.max(2).withStrides(2).withPadding(Padding.SAME).of(x.squeeze(0))
                .array().toDoubles());
    }

    @Test void whatDoesNotFitIsExplained() {
        TensorType flat = TensorType.f32(3);
        String message = assertThrows(ShapeException.class, () -> Conv.of(2, 3, 3).init(Key.of(0), flat)).getMessage();
        assertTrue(message.contains("2 axes of space"), message);
        message = assertThrows(ShapeException.class, () -> Conv.of(2, 3).withGroups(2)
                .init(Key.of(0), TensorType.f32(1, 4, 3))).getMessage();
        assertTrue(message.contains("3 features cannot be split in 2 groups"), message);
        assertThrows(JavelinException.class, () -> Conv.of(0, 3));
        assertThrows(JavelinException.class, () -> ConvTranspose.of(2, 3).with(Conv.of(1, 3).withGroups(2).how()));
        assertThrows(IllegalArgumentException.class, () -> Conv.of(2, 3, 3).withPadding(Padding.CAUSAL)
                .init(Key.of(0), TensorType.f32(1, 4, 4, 3)));
        message = assertThrows(ShapeException.class, () -> Pool.max(2, 2).of(Tensor.zeros(flat))).getMessage();
        assertTrue(message.contains("2 axes of space"), message);
    }

    @Test void equalLayersAreEqual() {
        assertEquals(Conv.of(2, 3, 3).withStrides(2), Conv.of(2, 3, 3).withStrides(2));
        assertEquals(List.of(3, 3), Conv.of(2, 3, 3).kernel());
    }
}
