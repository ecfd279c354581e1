package javelin.core.ops;

import java.util.List;
import javelin.core.SimpleOp;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** -1, 0 or 1; of a zero or NaN itself. */
public record Sign() implements Elementwise, SimpleOp.ZeroDerivative {
    @Override public boolean accepts(DType type) { return type != DType.BOOL; }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.SIGN, x.toArray(Scalar[]::new)); }

    @Override public String toString() { return "sign"; }
}
