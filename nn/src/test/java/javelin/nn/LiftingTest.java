package javelin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import javelin.Control;
import javelin.Key;
import javelin.Tensors;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

/** Layers over vmap, scan and checkpoint. The numbers are those of Flax 0.12.8 for the same modules and seeds. */
class LiftingTest {
    private static final Tensor X = Tensors.arange(8, DType.F32).reshape(2, 4).div(8);

    record Block() implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            Tensor y = s.call(Dense.of(4), x);
            return y.add(s.call(Dense.of(4).withUseBias(false), y));
        }
    }

    /** A model of one wrapped layer, which has its name from it. */
    private static Layer model(Layer layer) { return new Inside(layer); }

    record Inside(Layer layer) implements Layer {
        @Override public Tensor call(Scope s, Tensor x) { return s.call(layer, x); }
    }

    record D() implements Layer {
        @Override public Tensor call(Scope s, Tensor x) { return s.call(Dropout.of(0.5), x).add(1); }
    }

    record Normed() implements Layer {
        @Override public Tensor call(Scope s, Tensor x) { return s.call(BatchNorm.of().withMomentum(0.5), x); }
    }

    private static void close(double[] expected, Tensor found) {
        assertArrayEquals(expected, found.astype(DType.F64).array().toDoubles(), 2e-6);
    }

    private static Tensor entry(Variables v, String path, int row, int column) {
        return v.tensor(path).index(1, row).index(1, column);
    }

    @Test void aScanStacksParametersAndSplitsStreams() {
        Layer model = model(Scan.of(new Block(), 3));
        Variables v = model.init(Key.of(0), X.type());
        assertEquals("{ScanBlock_0: {Dense_0: {bias: (3, 4), kernel: (3, 4, 4)}, Dense_1: {kernel: (3, 4, 4)}}}",
                v.params().shapes());
        close(new double[] {0.57844967, -0.9403642, -0.38599092}, entry(v, "params/ScanBlock_0/Dense_0/kernel", 0, 0));
        close(new double[] {0.2918815, 0.1403059, -0.5031269}, entry(v, "params/ScanBlock_0/Dense_1/kernel", 1, 2));
        Tensor y = model.apply(v, X);
        close(new double[] {0.07767624, 1.0448012, -1.5095005, -1.6265273}, y.index(1));
        Tensor z = X;
        for (int i = 0; i < 3; i++) {
            int step = i;
            Variables one = v.at("params/ScanBlock_0").map((_, t) -> t.index(step));
            z = new Block().apply(Variables.ofParams(one), z);
        }
        assertArrayEquals(z.array().toFloats(), y.array().toFloats(), 1e-6f);
    }

    @Test void copiesSideBySideHaveParametersOfTheirOwn() {
        Layer model = model(Vmap.of(Dense.of(2), 3).withSameInput(true));
        Variables v = model.init(Key.of(0), X.type());
        close(new double[] {0.02094762, 0.99175936, -0.6145193}, entry(v, "params/VmapDense_0/kernel", 0, 0));
        close(new double[] {-0.8207942, 0.20583396}, model.apply(v, X).index(2).index(1));
        Layer rows = model(Vmap.of(Dense.of(2), 2));
        Variables w = rows.init(Key.of(0), X.type());
        Tensor second = X.index(1).matmul(w.tensor("params/VmapDense_0/kernel").index(1));
        assertArrayEquals(second.array().toFloats(), rows.apply(w, X).index(1).array().toFloats(), 1e-6f);
    }

    @Test void stepsAndCopiesDrawNumbersOfTheirOwnUnlessAskedNotTo() {
        Rngs rngs = Rngs.of("dropout", Key.of(7));
        Tensor ones = Tensors.ones(TensorType.f32(8));
        Layer split = model(Scan.of(new D(), 3));
        close(new double[] {1, 15, 15, 1, 3, 1, 1, 3}, split.train(Variables.empty(), ones, rngs).value());
        Layer same = model(new Scan(new D(), Stacking.of(3).withSameStream("dropout")));
        close(new double[] {15, 15, 1, 1, 1, 1, 1, 1}, same.train(Variables.empty(), ones, rngs).value());
        Layer copies = model(Vmap.of(Dropout.of(0.5), 2));
        Tensor y = copies.train(Variables.empty(), Tensors.ones(TensorType.f32(2, 8)), rngs).value();
        close(new double[] {2, 2, 2, 0, 2, 0, 0, 2, 2, 0, 2, 2, 0, 0, 0, 0}, y.reshape(16));
    }

    @Test void stateIsStackedOrCarried() {
        Layer stacked = model(Scan.of(new Normed(), 2));
        Variables v = stacked.init(Key.of(0), X.type());
        var out = stacked.train(v, X.mul(3), Rngs.none());
        Tensor mean = out.updates().tensor("batch_stats/ScanNormed_0/BatchNorm_0/mean");
        close(new double[] {0.375, 0.5625, 0.75, 0.9375, 0, 0, 0, 0}, mean.reshape(8));
        close(new double[] {0.78125, 0.99999106}, out.updates().tensor("batch_stats/ScanNormed_0/BatchNorm_0/var")
                .index(1, 0));

        Layer carried = model(new Scan(new Normed(), Stacking.of(2).sharing("params").carrying("batch_stats")));
        Variables w = carried.init(Key.of(0), X.type());
        assertEquals("{batch_stats: {ScanNormed_0: {BatchNorm_0: {mean: (4,), var: (4,)}}}, "
                + "params: {ScanNormed_0: {BatchNorm_0: {bias: (4,), scale: (4,)}}}}", w.shapes());
        Tensor after = carried.train(w, X.mul(3), Rngs.none()).updates()
                .tensor("batch_stats/ScanNormed_0/BatchNorm_0/mean");
        close(new double[] {0.1875, 0.28125, 0.375, 0.46875}, after);    // the second step's mean is 0

        Layer shared = model(new Scan(new Normed(), Stacking.of(2).sharing("params", "batch_stats")));
        Variables u = shared.init(Key.of(0), X.type());
        assertTrue(assertThrows(JavelinException.class, () -> shared.train(u, X, Rngs.none())).getMessage()
                .contains("is shared by all steps of a scan, which therefore cannot change it; carry the collection"));
    }

    @Test void rematerialisedLayersHaveTheSameGradient() {
        Layer plain = model(new Block()), again = model(Remat.of(new Block()));
        Variables v = plain.init(Key.of(0), X.type());
        Variables w = again.init(Key.of(0), X.type());
        assertEquals(List.of("CheckpointBlock_0"), List.copyOf(w.params().names()));
        Variables same = Variables.empty().with("params/CheckpointBlock_0", v.at("params/Block_0"));
        Variables g = Transforms.grad((Variables p) -> plain.apply(p, X).square().sum()).apply(v);
        Variables h = Transforms.grad((Variables p) -> again.apply(p, X).square().sum()).apply(same);
        assertArrayEquals(g.tensor("params/Block_0/Dense_0/kernel").array().toFloats(),
                h.tensor("params/CheckpointBlock_0/Dense_0/kernel").array().toFloats(), 1e-5f);
    }

    @Test void aGeneralScanHasInputsAndOutputs() {
        record Sum() {
            Tensor call(Scope s, Tensor xs) {
                return s.scan(Stacking.of(3).sharing("params"), Tensor.zeros(TensorType.f32(2)), xs, (at, c, x) -> {
                    Tensor y = c.add(at.call("cell", Dense.of(2), x));
                    return new Control.Step<>(y, y);
                }).outputs();
            }
        }
        Tensor xs = Array.f32(new float[][] {{1, 2}, {3, 4}, {5, 6}});
        Variables v = Nn.init(Key.of(0), s -> new Sum().call(s, xs));
        assertEquals("{params: {cell: {bias: (2,), kernel: (2, 2)}}}", v.shapes());
        Tensor y = Nn.apply(v, s -> new Sum().call(s, xs)), k = v.tensor("params/cell/kernel");
        assertArrayEquals(xs.sum(0).matmul(k).array().toFloats(), y.index(2).array().toFloats(), 1e-5f);
        assertEquals(Lists.map(List.of(3, 2), n -> n), y.shape().sizes());
    }

    @Test void repeatedModulesCountTheirOperationsEveryTime() {
        assertTrue(Nn.tabulate(Dense.of(4), X.type()).contains("│ 72 "));
        assertTrue(Nn.tabulate(Scan.of(Dense.of(4), 3), X.type()).contains("│ 216 "));
        TensorType sequence = TensorType.f32(2, 5, 3);
        String table = Nn.tabulate(RNN.of(SimpleCell.of(4)), sequence);
        int step = 2 * 2 * 4 * (3 + 4) + 2 * 4 * 3;                      // two products, bias, sum and tanh
        assertTrue(table.contains("│ " + step + " ") && table.contains("│ %,d ".formatted(5 * step)), table);
    }

    @Test void wrongSizesAreExplained() {
        Layer copies = Vmap.of(Dense.of(2), 3);
        assertTrue(assertThrows(JavelinException.class, () -> copies.init(Key.of(0), X.type())).getMessage()
                .contains("axis 0 must have a row for each of the 3 copies"));
    }
}
