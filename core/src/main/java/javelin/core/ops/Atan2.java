package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** The angle in [-pi, pi] of the point (x, y); inputs are (y, x). Zeros and infinities are those of C. */
public record Atan2() implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.ATAN2, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        Tensor square = x.get(0).square().add(x.get(1).square());
        return dx.mul(i == 0 ? x.get(1).div(square) : x.get(0).neg().div(square));
    }

    @Override public String toString() { return "atan2"; }
}
