package javelin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import javelin.Key;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import javelin.nn.Initializers.Distribution;
import javelin.nn.Initializers.Fan;
import javelin.nn.Initializers.VarianceScaling;
import org.junit.jupiter.api.Test;

class InitializersTest {
    private static double deviation(Initializer init, TensorType type) {
        return init.apply(Key.of(1), type).std()
                .item();
    }

    @Test void variancesFollowTheFans() {
        TensorType kernel = TensorType.f32(60, 90);
        double tolerance = 0.04;                                         // four deviations of one from 5,400
        assertEquals(Math.sqrt(1 / 60.0), deviation(Initializers.lecunNormal(), kernel), tolerance *
                Math.sqrt(1 / 60.0));
        assertEquals(Math.sqrt(1 / 60.0), deviation(Initializers.lecunUniform(), kernel), tolerance *
                Math.sqrt(1 / 60.0));
        assertEquals(Math.sqrt(2 / 60.0), deviation(Initializers.heNormal(), kernel), tolerance * Math.sqrt(2 / 60.0));
        assertEquals(Math.sqrt(2 / 60.0), deviation(Initializers.heUniform(), kernel), tolerance * Math.sqrt(2 / 60.0));
        assertEquals(Math.sqrt(2 / 150.0), deviation(Initializers.glorotNormal(), kernel), tolerance *
                Math.sqrt(2 / 150.0));
        assertEquals(Math.sqrt(2 / 150.0), deviation(Initializers.glorotUniform(), kernel), tolerance *
                Math.sqrt(2 / 150.0));
        Initializer out = Initializers.varianceScaling(3, Fan.OUT, Distribution.NORMAL);
        assertEquals(Math.sqrt(3 / 90.0), deviation(out, kernel), tolerance * Math.sqrt(3 / 90.0));
        Initializer geometric = Initializers.varianceScaling(1, Fan.GEOMETRIC_AVERAGE, Distribution.NORMAL);
        assertEquals(Math.pow(5400, -0.25), deviation(geometric, kernel), tolerance * Math.pow(5400, -0.25));
    }

    @Test void axesBeforeTheLastTwoAreTheReceptiveField() {
        TensorType conv = TensorType.f32(3, 3, 10, 20);
        assertEquals(Math.sqrt(1 / 90.0), deviation(Initializers.lecunNormal(), conv), 0.07 * Math.sqrt(1 / 90.0));
        var rows = new VarianceScaling(1, Fan.IN, Distribution.NORMAL, List.of(-1), List.of(0), List.of());
        assertEquals(Math.sqrt(1 / 50.0), deviation(rows, TensorType.f32(40, 50)), 0.07 * Math.sqrt(1 / 50.0));
        var batch = new VarianceScaling(1, Fan.IN, Distribution.NORMAL, List.of(-2), List.of(-1), List.of(0));
        assertEquals(Math.sqrt(1 / 20.0), deviation(batch, TensorType.f32(5, 20, 20)), 0.07 * Math.sqrt(1 / 20.0));
    }

    @Test void orthogonalOnesHaveOrthonormalRowsOrColumns() {
        Tensor wide = Initializers.orthogonal().apply(Key.of(3), TensorType.f64(3, 5)),
                tall = Initializers.orthogonal().apply(Key.of(3), TensorType.f64(4, 5, 3));
        Tensor rows = tall.reshape(20, 3), middle = Initializers.deltaOrthogonal()
                .apply(Key.of(4), TensorType.f64(4, 3, 2, 6));
        for (Tensor square : List.of(wide.matmul(wide.transpose()), rows.transpose().matmul(rows)))
            assertEquals(0, square.sub(javelin.Tensors.eye(3, square.dtype())).abs().max().item(), 1e-14);
        Tensor m = middle.index(1).index(1);
        assertEquals(0, m.matmul(m.transpose()).sub(javelin.Tensors.eye(2, m.dtype())).abs().max().item(), 1e-14);
        assertEquals(2, middle.square().sum().item(), 1e-14);
        assertThrows(ShapeException.class, () -> Initializers.orthogonal().apply(Key.of(0), TensorType.f64(3)));
        assertThrows(ShapeException.class, () ->
                Initializers.deltaOrthogonal().apply(Key.of(0), TensorType.f64(3, 4, 2)));
    }

    @Test void plainOnesAreMultiplesOfTheSamplers() {
        TensorType type = TensorType.f64(3, 4);
        Key key = Key.of(2);
        assertArrayEquals(key.normal(type).mul(0.01).array().toDoubles(), Initializers.normal(0.01).apply(key, type)
                .array().toDoubles());
        assertArrayEquals(key.uniform(type).mul(2).array().toDoubles(), Initializers.uniform(2).apply(key, type).array()
                .toDoubles());
        Tensor cut = Initializers.truncatedNormal(0.5, -1, 1).apply(key, type);
        assertTrue(cut.abs().max().item() < 0.5);
        assertEquals(key.truncatedNormal(type, -2, 2).sum().item(), Initializers.truncatedNormal(1).apply(key, type)
                .sum().item());
        assertEquals(36, Initializers.constant(3).apply(key, type).sum().item());
        assertEquals(12, Initializers.ones().apply(key, type).sum().item() + Initializers.zeros().apply(key, type).sum()
                .item());
    }

    @Test void equalOnesAreEqualAndVectorsHaveNoFan() {
        assertEquals(Initializers.glorotNormal(),
                Initializers.varianceScaling(1, Fan.AVERAGE, Distribution.TRUNCATED_NORMAL));
        String m = assertThrows(ShapeException.class, () -> Initializers.lecunNormal()
                .apply(Key.of(0), TensorType.f32(5))).getMessage();
        assertTrue(m.contains("there is no axis -2 to count connections by"), m);
    }
}
