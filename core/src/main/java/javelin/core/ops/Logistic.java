package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** {@code 1 / (1 + exp(-x))}, the sigmoid of networks. */
public record Logistic() implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.LOGISTIC, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        // in halves, 1 - y has few bits left where y is near 1
        Tensor rest = y.dtype().isHalf() ? x.getFirst().neg().logistic() : y.like(1).sub(y);
        return dx.mul(y.mul(rest));
    }

    @Override public String toString() { return "logistic"; }
}
