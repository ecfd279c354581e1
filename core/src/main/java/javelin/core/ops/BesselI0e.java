package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** {@code exp(-|x|) I0(x)}, I0 the modified Bessel function of the first kind. */
public record BesselI0e() implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.BESSEL_I0E, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return dx.mul(new BesselI1e().apply(x.getFirst()).sub(x.getFirst().sign().mul(y)));
    }

    @Override public String toString() { return "bessel_i0e"; }
}
