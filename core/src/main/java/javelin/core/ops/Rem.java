package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** The remainder of {@code x / y} with the sign of x. Derivatives are lax.rem's: that of y is {@code -trunc(x / y)}. */
public record Rem() implements Elementwise {
    @Override public boolean accepts(DType type) { return type != DType.BOOL; }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.REM, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        Tensor quotient = x.get(0).div(x.get(1));
        return i == 0 ? dx : dx.neg().mul(quotient.sign().mul(quotient.abs().floor()));
    }

    @Override public String toString() { return "rem"; }
}
