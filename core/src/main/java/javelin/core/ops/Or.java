package javelin.core.ops;

import java.util.List;
import javelin.core.SimpleOp;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** Bitwise or; logical for bool. */
public record Or() implements Elementwise, SimpleOp.ZeroDerivative {
    @Override public boolean accepts(DType type) { return !type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.OR, x.toArray(Scalar[]::new)); }

    @Override public String toString() { return "or"; }
}
