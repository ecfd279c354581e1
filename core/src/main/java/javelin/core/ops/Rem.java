package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** The remainder of {@code x / y} with the sign of x. */
public record Rem() implements Elementwise {
    @Override public boolean accepts(DType type) { return type != DType.BOOL; }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.REM, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) { return i == 0 ? dx : dx.neg().mul(x.get(0).sub(y).div(x.get(1)).round()); }

    @Override public String toString() { return "rem"; }
}
