package javelin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

class ActivationsTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    /**
     * A function in f64, its formula, and its slope at 0, where the pieces of some meet; jax.grad gives the same
     * slopes.
     */
    private record Case(String name, UnaryOperator<Tensor> f, DoubleUnaryOperator formula, double slopeAt0) {}

    private static Case[] cases() {
        return new Case[] {
            new Case("relu", Activations::relu, x -> Math.max(x, 0), 0),
            new Case("relu6", Activations::relu6, x -> Math.min(Math.max(x, 0), 6), 0),
            new Case("sigmoid", Activations::sigmoid, x -> 1 / (1 + Math.exp(-x)), 0.25),
            new Case("tanh", Activations::tanh, Math::tanh, 1),
            new Case("silu", Activations::silu, x -> x / (1 + Math.exp(-x)), 0.5),
            new Case("gelu", Activations::gelu, x ->
                    x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))), 0.5),
            new Case("geluExact", Activations::geluExact, x ->
                    x / 2 * (1 + Array.scalar(x / Math.sqrt(2)).erf().item()), 0.5),
            new Case("softplus", Activations::softplus, x -> Math.log1p(Math.exp(x)), 0.5),
            new Case("logSigmoid", Activations::logSigmoid, x -> -Math.log1p(Math.exp(-x)), 0.5),
            new Case("softSign", Activations::softSign, x -> x / (1 + Math.abs(x)), 1),
            new Case("elu", Activations::elu, x -> x > 0 ? x : Math.expm1(x), 1),
            new Case("selu", Activations::selu, x ->
                    1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
                    1.0507009873554805 * 1.6732632423543772),
            new Case("celu", x -> Activations.celu(x, 1.5), x -> x > 0 ? x : 1.5 * Math.expm1(x / 1.5), 1),
            new Case("mish", Activations::mish, x -> x * Math.tanh(Math.log1p(Math.exp(x))), 0.6),
            new Case("squareplus", Activations::squareplus, x -> (x + Math.sqrt(x * x + 4)) / 2, 0.5),
            new Case("leakyRelu", Activations::leakyRelu, x -> x >= 0 ? x : 0.01 * x, 1),
            new Case("hardSigmoid", Activations::hardSigmoid, x -> Math.min(Math.max(x + 3, 0), 6) / 6, 1 / 6.0),
            new Case("hardSilu", Activations::hardSilu, x -> x * Math.min(Math.max(x + 3, 0), 6) / 6, 0.5),
            new Case("hardTanh", Activations::hardTanh, x -> Math.max(-1, Math.min(1, x)), 1)};
    }

    @Test void valuesAndSlopesAreThoseOfTheFormulas() {
        double h = 1e-6;
        for (Case c : cases()) {
            for (double x : new double[] {-20, -3.3, -1.5, -0.2, 0.3, 0.9, 2.5, 5, 20}) {
                assertEquals(c.formula.applyAsDouble(x), c.f.apply(Array.scalar(x)).item(), 1e-14 *
                        Math.max(1, Math.abs(x)), c.name + " at " + x);
                double slope = (c.formula.applyAsDouble(x + h) - c.formula.applyAsDouble(x - h)) / (2 * h);
                assertEquals(slope, slope(c.f, x), 1e-8, c.name + "' at " + x);
            }
            assertEquals(c.slopeAt0, slope(c.f, 0), 1e-15, c.name + "' at 0");
        }
    }

    private static double slope(UnaryOperator<Tensor> f, double x) {
        return Transforms.grad((Tensor t) -> f.apply(t))
                .apply(Array.scalar(x)).item();
    }

    @Test void nanStaysNan() {
        for (Case c : cases()) assertTrue(Double.isNaN(c.f.apply(Array.scalar(Double.NaN)).item()), c.name);
    }

    @Test void nothingOverflows() {
        assertArrayEquals(new double[] {0, 1e4, INF, 0}, Activations.softplus(Array.f64(-1e4, 1e4, INF, -INF)).array()
                .toDoubles());
        assertArrayEquals(new double[] {-1e4, 0}, Activations.logSigmoid(Array.f64(-1e4, 1e4)).array().toDoubles(),
                1e-300);
        assertEquals(-1, Activations.elu(Array.scalar(-1e4)).item());
        assertEquals(1, slope(Activations::elu, 1e4));
        assertEquals(1, slope(Activations::softplus, 1e4));
        assertArrayEquals(new double[] {1, 0}, Activations.softmax(Array.f64(1e4, -1e4)).array().toDoubles());
        assertArrayEquals(new double[] {0, -2e4}, Activations.logSoftmax(Array.f64(1e4, -1e4)).array().toDoubles());
        assertEquals(1e4 + Math.log(2), Activations.logSumExp(Array.f64(1e4, 1e4)).item());
        assertEquals(-INF, Activations.logSumExp(Array.f64(-INF, -INF)).item());
        assertEquals(INF, Activations.logSumExp(Array.f64(1, INF)).item());
    }

    @Test void softmaxNormalizesAlongItsAxis() {
        Tensor x = Array.f64(1, 2, 3, -1, 0.5, 4).reshape(2, 3);
        double total = Math.exp(1) + Math.exp(2) + Math.exp(3);
        assertEquals(Math.exp(2) / total, Activations.softmax(x).index(0).index(1).item(), 1e-15);
        assertEquals(Math.exp(1) / (Math.exp(1) + Math.exp(-1)), Activations.softmax(x, 0).index(0).index(0).item(),
                1e-15);
        assertEquals(2 - Math.log(total), Activations.logSoftmax(x).index(0).index(1).item(), 1e-15);
        assertEquals(Math.log(total), Activations.logSumExp(x, 1).index(0).item(), 1e-15);
        Tensor p = Activations.softmax(x.index(0));
        Tensor jacobian = Transforms.jacrev((Tensor t) -> Activations.softmax(t)).apply(x.index(0));
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                assertEquals(p.index(i).item() * ((i == j ? 1 : 0) - p.index(j).item()),
                        jacobian.index(i).index(j).item(), 1e-15);
        Tensor gradient = Transforms.grad((Tensor t) -> Activations.logSumExp(t)).apply(x.index(0));
        assertArrayEquals(p.array().toDoubles(), gradient.array().toDoubles(), 1e-15);
    }

    @Test void maskedElementsTakeNoPart() {
        Tensor x = Array.f64(1, 700, 2, 0.5), mask = Array.of(TensorType.of(DType.BOOL, 4), new double[] {1, 0, 1, 0});
        double total = Math.exp(1) + Math.exp(2);
        assertArrayEquals(new double[] {Math.exp(1) / total, 0, Math.exp(2) / total, 0},
                Activations.softmax(x, 0, mask).array().toDoubles(), 1e-15);
        assertArrayEquals(new double[] {1 - Math.log(total), -INF, 2 - Math.log(total), -INF},
                Activations.logSoftmax(x, 0, mask).array().toDoubles(), 1e-15);
        Tensor none = Tensor.zeros(mask.type());
        assertArrayEquals(new double[4], Activations.softmax(x, 0, none).array().toDoubles());
        double[] y = Activations.standardize(x, 0, 0, mask).array().toDoubles();
        assertArrayEquals(new double[] {-1, 1}, new double[] {y[0], y[2]}, 1e-14);
        double[] gradient = Transforms.grad((Tensor t) -> Activations.softmax(t, 0, mask).index(0)).apply(x).array()
                .toDoubles();
        double p = Math.exp(1) / total;
        assertArrayEquals(new double[] {p * (1 - p), 0, -p * (1 - p), 0}, gradient, 1e-15);
    }

    @Test void log1mexpIsAccurateAtBothEnds() {
        assertArrayEquals(new double[] {-INF, Math.log(1e-20), Math.log1p(-Math.exp(-0.7)), -Math.exp(-50)},
                Activations.log1mexp(Array.f64(0, 1e-20, 0.7, 50)).array().toDoubles(), 1e-14);
        for (double x : new double[] {1e-9, 0.5, 0.8, 30})
            assertEquals(1 / Math.expm1(x), slope(Activations::log1mexp, x), 1e-14 / x);
        assertEquals(Math.log(2.5), Activations.logMeanExp(Array.f64(0, Math.log(4))).item(), 1e-15);
        assertEquals(1e4 - Math.log(2), Activations.logMeanExp(Array.f64(1e4, -1e4)).item());
    }

    @Test void gluGatesOneHalfByTheOther() {
        assertEquals(3 / (1 + Math.exp(-0.5)), Activations.glu(Array.f64(3, 0.5), -1).index(0).item(), 1e-15);
        assertThrows(ShapeException.class, () -> Activations.glu(Array.f64(1, 2, 3), 0));
        assertEquals(0, Activations.standardize(Array.f64(1, 5, 9), -1).sum().item(), 1e-12);
    }

    @Test void parametersChangeTheShape() {
        assertEquals(2 * Math.expm1(-1), Activations.elu(Array.scalar(-1.0), 2).item(), 1e-15);
        assertEquals(-0.3, Activations.leakyRelu(Array.scalar(-1.0), 0.3).item(), 1e-15);
    }
}
