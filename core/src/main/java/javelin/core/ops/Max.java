package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** The larger; NaN if either is NaN. Equal inputs share the derivative. */
public record Max() implements Elementwise {
    @Override public boolean accepts(DType type) { return true; }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.MAX, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        Tensor share = x.get(0).eq(x.get(1)).where(y.like(0.5), y.like(1));
        return x.get(i).eq(y).where(dx.mul(share), Tensor.zeros(dx.type()));
    }

    @Override public String toString() { return "max"; }
}
