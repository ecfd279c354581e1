package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** The distance from 0; its slope at 0 is +1, as in JAX. */
public record Abs() implements Elementwise {
    @Override public boolean accepts(DType type) { return type != DType.BOOL; }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.ABS, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return x.getFirst().ge(0).where(dx, dx.neg());
    }

    @Override public String toString() { return "abs"; }
}
