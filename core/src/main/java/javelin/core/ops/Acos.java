package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** The angle in [0, pi] whose cosine is x; NaN beyond 1. */
public record Acos() implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.ACOS, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return dx.mul(x.getFirst().square().neg().add(1).rsqrt()).neg();
    }

    @Override public String toString() { return "acos"; }
}
