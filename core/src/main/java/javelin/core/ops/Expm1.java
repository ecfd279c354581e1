package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** {@code e^x - 1}, accurate near 0. */
public record Expm1() implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.EXPM1, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) { return dx.mul(y.add(1)); }

    @Override public String toString() { return "expm1"; }
}
