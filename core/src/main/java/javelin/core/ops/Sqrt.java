package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** The square root; NaN below 0. */
public record Sqrt() implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.SQRT, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) { return dx.mul(y.like(0.5).div(y)); }

    @Override public String toString() { return "sqrt"; }
}
