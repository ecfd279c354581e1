package javelin.core.ops;

import java.util.List;
import javelin.core.SimpleOp;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** The nearest whole number, halves to the even one. */
public record Round() implements Elementwise, SimpleOp.ZeroDerivative {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.ROUND, x.toArray(Scalar[]::new)); }

    @Override public String toString() { return "round"; }
}
