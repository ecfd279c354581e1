package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** {@code 1 - erf(x)}, accurate where that would be next to 0. */
public record Erfc() implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.ERFC, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return dx.mul(x.getFirst().square().neg().exp().mul(-2 / Math.sqrt(Math.PI)));
    }

    @Override public String toString() { return "erfc"; }
}
