package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** {@code exp(-|x|) I1(x)}, I1 the modified Bessel function of the first kind. */
public record BesselI1e() implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.BESSEL_I1E, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        Tensor tiny = x.getFirst().abs().lt(1e-12), safe = tiny.where(x.getFirst().like(1), x.getFirst());
        Tensor slope = new BesselI0e().apply(safe).sub(y.mul(safe.sign().add(safe.reciprocal())));
        return dx.mul(tiny.where(y.like(0.5), slope));
    }

    @Override public String toString() { return "bessel_i1e"; }
}
