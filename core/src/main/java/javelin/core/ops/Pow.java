package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** {@code x^y}. Derivatives at 0 are JAX's: that of y uses log(1) where x is 0. */
public record Pow() implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.POW, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        Tensor base = x.get(0), exponent = x.get(1);
        if (i == 0) return dx.mul(exponent.mul(base.pow(exponent.eq(0).where(exponent.like(1), exponent.sub(1)))));
        return dx.mul(base.eq(0).where(base.like(1), base).log().mul(y));
    }

    @Override public String toString() { return "pow"; }
}
