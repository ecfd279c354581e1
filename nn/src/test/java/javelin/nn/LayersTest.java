package javelin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import javelin.Key;
import javelin.Pair;
import javelin.Tensors;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.tree.Trees;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final Tensor X = Array.f64(0.3, -1.2, 2, 0.7, 0.1, -0.4).reshape(2, 3);

    /**
     * The derivative of {@code sum(w y)} with respect to input and parameters, along a direction, against a difference.
     */
    private static void checkGradient(Layer layer, Tensor x) {
        Variables v = Trees.map(layer.init(Key.of(3), x.type()), t -> t.add(0.1));
        Tensor w = Key.of(4).normal(layer.apply(v, x).type());
        Function<Pair<Variables, Tensor>, Tensor> f = p -> layer.apply(p.first(), p.second()).mul(w).sum();
        var at = new Pair<>(v, x);
        var direction = Trees.map(at, t -> Key.of(5).normal(t.type()));
        var gradient = Transforms.grad(f).apply(at);
        double along = 0, h = 1e-5;
        for (int i = 0; i < Trees.leaves(at).size(); i++)
            along += Trees.leaves(gradient).get(i).mul(Trees.leaves(direction).get(i)).sum().item();
        double up = f.apply(Trees.zip(at, direction, (t, d) -> t.add(d.mul(h)))).item();
        double down = f.apply(Trees.zip(at, direction, (t, d) -> t.sub(d.mul(h)))).item();
        assertEquals((up - down) / (2 * h), along, 1e-7 * Math.max(1, Math.abs(along)), layer.toString());
    }

    @Test void gradientsAgreeWithDifferences() {
        checkGradient(Dense.of(4), X);
        checkGradient(Dense.of(4).withUseBias(false), X);
        checkGradient(LayerNorm.of(), X);
        checkGradient(LayerNorm.of().withUseBias(false).withEpsilon(1e-3), X);
        checkGradient(Sequential.of(Dense.of(4), Layer.of(Activations::gelu), LayerNorm.of().withUseScale(false),
                Dense.of(1)), X);
        checkGradient(LayerNorm.of().withFastVariance(false), X);
        checkGradient(RMSNorm.of(), X);
        checkGradient(GroupNorm.ofSize(2), Key.of(7).normal(TensorType.f64(2, 3, 4)));
        checkGradient(InstanceNorm.of(), Key.of(7).normal(TensorType.f64(2, 3, 4)));
        checkGradient(BatchNorm.of(), X);
        checkGradient(WeightNorm.of(Dense.of(2)), X);
        checkGradient(DenseGeneral.of(2, 3).withAxes(0, -1).withBatch(), X);
        checkGradient(PReLU.of(), X);
        Tensor sequence = Key.of(8).normal(TensorType.f64(2, 3, 2));
        checkGradient(MultiHeadDotProductAttention.of(2).withNormalizeQk(false), sequence);
        for (RecurrentCell<?> cell : List.of(LSTMCell.of(2), OptimizedLSTMCell.of(2), GRUCell.of(2), MGUCell.of(2),
                SimpleCell.of(2).withResidual(true)))
            checkGradient(RNN.of(cell).withReverse(true), sequence);
        checkGradient(Scan.of(Dense.of(3), 2), X);
        checkGradient(Vmap.of(Dense.of(3), 2), X);
        checkGradient(Remat.of(Dense.of(3)), X);
    }

    @Test void normalisationsNormalise() {
        Tensor x = Key.of(2).normal(TensorType.f32(3, 4, 6)).mul(3).add(5);
        for (Layer l : List.of(LayerNorm.of(), GroupNorm.of(2), InstanceNorm.of(), LayerNorm.of()
                .withFastVariance(false))) {
            Tensor y = l.apply(l.init(Key.of(0), x.type()), x);
            assertEquals(0, y.mean().item(), 1e-5, l.toString());
            assertEquals(1, y.var().item(), 1e-3, l.toString());
        }
        Tensor mask = Tensors.iota(TensorType.i32(3, 4, 6), 2).lt(2);
        Tensor some = Nn.apply(LayerNorm.of().init(Key.of(0), x.type()), s -> LayerNorm.of()
                .call(s, x, Optional.of(mask)));
        assertEquals(0, some.slice(2, 0, 2).mean().item(), 1e-5);
    }

    @Test void parametersMayBeKeptInAnotherPrecision() {
        record Mixed() implements Layer {
            @Override public Tensor call(Scope s, Tensor x) {
                return s.keepingParams(DType.F32, () -> s.call(LayerNorm.of(), s.call(Dense.of(2), x)));
            }
        }
        Variables v = new Mixed().init(Key.of(0), X.type());
        assertEquals(DType.F64, X.dtype());
        v.flat().forEach((path, t) -> assertEquals(DType.F32, t.dtype(), path));
        assertEquals(DType.F64, new Mixed().apply(v, X).dtype());
        var g = Transforms.grad((Variables p) -> new Mixed().apply(p, X).square().sum()).apply(v);
        assertEquals(DType.F32, g.tensor("params/Dense_0/kernel").dtype());
    }

    /** The numbers are those of Flax 0.12.8 with dtype=bfloat16. */
    @Test void halfPrecisionWithSinglePrecisionParametersIsThatOfFlax() {
        record Half(Layer layer) implements Layer {
            @Override public Tensor call(Scope s, Tensor x) {
                return s.keepingParams(DType.F32, () -> layer.call(s, x));
            }
        }
        Tensor x = Tensors.arange(8, DType.F32).reshape(2, 4).div(8).astype(DType.BF16);
        Variables v = new Half(Dense.of(3)).init(Key.of(0), x.type());
        assertEquals(DType.F32, v.tensor("params/kernel").dtype());
        assertArrayEquals(new float[] {0.02380371f, 0.421875f, 0.30078125f, 0.21875f, 0.8515625f, 0.5078125f},
                new Half(Dense.of(3)).apply(v, x).reshape(6).astype(DType.F32).array().toFloats(), 1e-3f);
        Layer self = (s, t) -> MultiHeadDotProductAttention.of(2).call(s, t, Attention.causalMask(t.index(-1, 0)));
        Tensor batch = x.expandDims(0);
        Variables w = new Half(self).init(Key.of(0), batch.type());
        assertArrayEquals(new float[] {0.17773438f, 0.2421875f, -0.40039062f, 0.18457031f},
                new Half(self).apply(w, batch).index(0).index(0).astype(DType.F32).array().toFloats(), 4e-3f);
    }

    @Test void batchNormUsesTheBatchInTrainingAndRunningMeansAfterwards() {
        Tensor x = Key.of(2).normal(TensorType.f32(50, 3)).mul(2).add(1);
        BatchNorm norm = BatchNorm.of().withMomentum(0);
        Variables v = norm.init(Key.of(0), x.type());
        var r = norm.train(v, x, Rngs.none());
        assertEquals(1, r.value().var().item(), 1e-3);
        assertArrayEquals(x.var(0).array().toFloats(), r.updates().tensor("batch_stats/var").array().toFloats(), 1e-4f);
        assertArrayEquals(r.value().array().toFloats(), norm.apply(v.with(r.updates()), x).array().toFloats(), 1e-4f);
        assertArrayEquals(x.array().toFloats(), norm.apply(v, x).array().toFloats(), 1e-4f);
    }

    @Test void spectralNormDividesByTheLargestSingularValue() {
        SpectralNorm norm = SpectralNorm.of(Dense.of(3).withUseBias(false)).withSteps(50);
        Variables v = norm.init(Key.of(0), TensorType.f64(1, 4));
        Tensor k = norm.apply(v, Tensors.eye(4, DType.F64)), gram = k.transpose().matmul(k), u = v.tensor(
                "batch_stats/layer_instance/kernel/u");
        Tensor power = u;
        for (int i = 0; i < 100; i++) power = power.matmul(gram).div(power.matmul(gram).square().sum().sqrt());
        assertEquals(1, power.matmul(gram).square().sum().sqrt().item(), 1e-9);
    }

    @Test void embeddingsAreRowsAndTheirProducts() {
        Embed embed = Embed.of(5, 3);
        Variables v = Nn.init(Key.of(0), s -> embed.call(s, Array.i32(0)));
        Tensor table = v.tensor("params/embedding"), rows = Nn.apply(v, s -> embed.call(s, Array.i32(4, -1, 5)));
        assertArrayEquals(table.index(4).array().toFloats(), rows.index(0).array().toFloats());
        assertArrayEquals(table.index(4).array().toFloats(), rows.index(1).array().toFloats());
        assertTrue(Double.isNaN(rows.index(2).index(0).item()));
        Tensor logits = Nn.apply(v, s -> embed.attend(s, table.slice(0, 1, 2)));
        assertEquals(table.index(1).square().sum().item(), logits.index(0).index(1).item(), 1e-6);
    }

    @Test void mistakesOfTheNewLayersAreExplained() {
        TensorType x = TensorType.f32(2, 6);
        assertMessage("6 features cannot be cut into 4 equal groups", () -> GroupNorm.of(4).init(Key.of(0), x));
        assertMessage("one of the two", () ->
                new GroupNorm(Norm.of(1), OptionalInt.empty(), OptionalInt.empty(), Optional.empty()));
        assertMessage("axis 0 is the batch", () -> InstanceNorm.of().withFeatures(0).init(Key.of(0), x));
        assertMessage("there is no axis 5", () -> LayerNorm.of().withAxes(List.of(5), List.of(-1)).init(Key.of(0), x));
        assertMessage("must be the leading ones", () -> DenseGeneral.of(2).withBatch(1));
        assertMessage("with different axes [3] to sum over", () -> DenseGeneral.of(2).withAxes(3).init(Key.of(0), x));
        assertMessage("takes integers; convert", () -> Nn.init(Key.of(0), s -> Embed.of(2, 3).call(s, Array.f32(1))));
        assertMessage("not a matrix", () -> SpectralNorm.of(DenseGeneral.of(2, 2)).withMatricesOnly(true)
                .init(Key.of(0), x));
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable run) {
        String message = assertThrows(JavelinException.class, run).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test void denseIsAnAffineMapOfTheLastAxis() {
        Variables v = Dense.of(2).init(Key.of(0), TensorType.f64(5, 4, 3));
        assertEquals(DType.F64, v.tensor("params/kernel").dtype());
        Tensor x = Key.of(1).normal(TensorType.f64(5, 4, 3)), y = Dense.of(2).apply(v, x);
        Tensor row = x.index(4).index(2).matmul(v.tensor("params/kernel")).add(v.tensor("params/bias"));
        assertEquals(TensorType.f64(5, 4, 2), y.type());
        assertArrayEquals(row.array().toDoubles(), y.index(4).index(2).array().toDoubles(), 1e-15);
        assertEquals("{kernel: (3, 2)}", Dense.of(2).withUseBias(false).init(Key.of(0), x.type()).params().shapes());
        Variables ones = Dense.of(2).withBiasInit(Initializers.ones()).init(Key.of(0), x.type());
        assertEquals(1, ones.tensor("params/bias").array().toDoubles()[1]);
    }

    @Test void denseExplainsWhatItCannotTake() {
        String m = assertThrows(ShapeException.class, () -> Dense.of(2).init(Key.of(0), TensorType.i32(4, 3)))
                .getMessage();
        assertTrue(m.contains("convert with astype"), m);
        assertThrows(ShapeException.class, () -> Dense.of(2).init(Key.of(0), TensorType.f32()));
        assertThrows(JavelinException.class, () -> Dense.of(0));
    }

    @Test void dropoutKeepsTheMeanAndOnlyInTraining() {
        Tensor x = Tensor.full(TensorType.f32(50, 40), 3);
        Layer half = Dropout.of(0.25);
        assertTrue(half.apply(Variables.empty(), x).array().sameBits(x.array()));
        float[] y = half.train(Variables.empty(), x, Rngs.of("dropout", Key.of(7))).value().array().toFloats();
        int zeros = 0;
        for (float v : y) {
            assertTrue(v == 0 || v == 4);
            if (v == 0) zeros++;
        }
        assertEquals(500, zeros, 4 * Math.sqrt(2000 * 0.25 * 0.75));
        assertEquals(0, Dropout.of(1).train(Variables.empty(), x, Rngs.none()).value().sum().item());
        assertTrue(Dropout.of(0).train(Variables.empty(), x, Rngs.none()).value().array().sameBits(x.array()));
        Tensor rows = Dropout.of(0.5).withBroadcast(-1).train(Variables.empty(), x, Rngs.of("dropout", Key.of(7)))
                .value();
        assertEquals(0, rows.max(1).sub(rows.min(1)).abs().max().item());
        assertTrue(rows.max().item() == 6 && rows.min().item() == 0);
        String m = assertThrows(JavelinException.class, () -> Sequential.of(half)
                .train(Variables.empty(), x, Rngs.none())).getMessage();
        assertEquals("layers_0 draws random numbers from the stream 'dropout', which is not given; call"
                + " train(variables, x, Rngs.of(\"dropout\", key))", m.lines().findFirst().orElse(""));
        assertThrows(JavelinException.class, () -> Dropout.of(1.5));
    }

    @Test void dropoutStopsGradientsWhereItDrops() {
        Tensor x = Key.of(1).normal(TensorType.f32(30));
        Rngs rngs = Rngs.of("dropout", Key.of(2));
        Layer half = Dropout.of(0.5);
        float[] y = half.train(Variables.empty(), x, rngs).value().array().toFloats();
        float[] g = Transforms.grad((Tensor t) -> half.train(Variables.empty(), t, rngs).value().sum()).apply(x).array()
                .toFloats();
        for (int i = 0; i < 30; i++) assertEquals(y[i] == 0 ? 0 : 2, g[i]);
    }

    @Test void layerNormHasMeanZeroAndVarianceOne() {
        Tensor x = Key.of(1).normal(TensorType.f64(6, 50)).mul(3).add(10);
        Tensor y = LayerNorm.of().apply(LayerNorm.of().init(Key.of(0), x.type()), x);
        assertEquals(0, y.mean(-1).abs().max().item(), 1e-12);
        assertEquals(1, y.var(-1).mean().item(), 1e-6);
    }

    @Test void sequentialNamesFunctionsToo() {
        Sequential s = Sequential.of(Dense.of(5), Layer.of(Activations::relu), Dense.of(2));
        Variables v = s.init(Key.of(0), TensorType.f32(4, 3));
        assertEquals("{layers_0: {bias: (5,), kernel: (3, 5)}, layers_2: {bias: (2,), kernel: (5, 2)}}", v.params()
                .shapes());
        Tensor x = Key.of(1).normal(TensorType.f32(4, 3));
        Tensor hidden = Activations.relu(x.matmul(v.tensor("params/layers_0/kernel")));
        assertTrue(hidden.matmul(v.tensor("params/layers_2/kernel")).array().sameBits(s.apply(v, x).array()));
    }
}
