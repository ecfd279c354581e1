package javelin;

import static javelin.Transforms.grad;
import static javelin.Transforms.vmap;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import javelin.core.Array;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import org.junit.jupiter.api.Test;

class AssociativeScanTest {
    /** {@code y -> a y + b}: composition of these is associative, and does not commute. */
    record Affine(Tensor a, Tensor b) {
        static Affine then(Affine f, Affine g) { return new Affine(g.a.mul(f.a), g.a.mul(f.b).add(g.b)); }
    }

    private static Affine steps(int n) {
        Tensor t = Tensors.arange(n, DType.F64);
        return new Affine(t.mul(0.05).add(0.5), t.neg().add(2).mul(0.1));
    }

    /** b of all functions up to each, one after the other; or from each on. */
    private static double[] inTurn(Affine f, boolean reverse) {
        double[] a = f.a.array().toDoubles(), b = f.b.array().toDoubles(), out = b.clone();
        int n = out.length;
        for (int k = 1; k < n; k++) {
            int i = reverse ? n - 1 - k : k, before = reverse ? i + 1 : i - 1;
            out[i] = a[i] * out[before] + b[i];
        }
        return out;
    }

    @Test void scansOfEveryLengthAreThoseInTurn() {
        for (int n = 0; n < 19; n++) for (boolean reverse : new boolean[] {false, true})
            assertArrayEquals(inTurn(steps(n), reverse), Control.associativeScan(Affine::then, steps(n), 0, reverse).b()
                    .array().toDoubles(), 1e-12);
    }

    @Test void scansGoAlongAnyAxisAndUnderVmap() {
        Tensor x = Tensors.arange(12, DType.F64).reshape(3, 4);
        assertArrayEquals(x.cumsum(1).array().toDoubles(), Control.associativeScan(Tensor::add, x, -1, false).array()
                .toDoubles());
        assertArrayEquals(x.cumsum(1).array().toDoubles(), vmap((Tensor r) -> Control.associativeScan(Tensor::add, r))
                .apply(x).array().toDoubles());
    }

    @Test void scansHaveGradients() {
        double[] found = grad((Tensor x) -> Control.associativeScan(Tensor::mul, x).sum()).apply(Array.f64(2, 3, 4))
                .array().toDoubles();
        assertArrayEquals(new double[] {1 + 3 + 12, 2 + 8, 6}, found);
    }

    @Test void theFunctionMustKeepTypes() {
        assertThrows(ShapeException.class, () -> Control.associativeScan((Tensor a, Tensor b) -> a.slice(0, 0, 0),
                Array.f64(1, 2, 3), 0, false));
    }
}
