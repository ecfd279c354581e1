package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** The derivative of lgamma; NaN at 0, -1, -2, ... */
public record Digamma() implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.DIGAMMA, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        Tensor one = x.getFirst().like(1).broadcastTo(y.shape());
        return dx.mul(new Polygamma().apply(one, x.getFirst()));
    }

    @Override public String toString() { return "digamma"; }
}
