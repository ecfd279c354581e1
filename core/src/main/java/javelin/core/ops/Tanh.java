package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** The hyperbolic tangent. Derivative {@code (1 + y)(1 - y)}, as lax.tanh arranges it. */
public record Tanh() implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.TANH, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return dx.add(dx.mul(y)).mul(y.like(1).sub(y));
    }

    @Override public String toString() { return "tanh"; }
}
