package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** The number whose tanh is x; infinite at 1 and -1, NaN beyond. */
public record Atanh() implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.ATANH, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return dx.div(x.getFirst().add(1).mul(x.getFirst().neg().add(1)));
    }

    @Override public String toString() { return "atanh"; }
}
