package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/**
 * The inverse of erf on (-1, 1); infinite at the ends, NaN beyond. Normal random numbers are made of it, so its formula
 * is part of what a seed means.
 */
public record ErfInv() implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.ERF_INV, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return dx.mul(y.square().exp().mul(Math.sqrt(Math.PI) / 2));
    }

    @Override public String toString() { return "erf_inv"; }
}
