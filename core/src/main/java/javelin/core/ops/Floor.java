package javelin.core.ops;

import java.util.List;
import javelin.core.SimpleOp;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** The largest whole number not above. */
public record Floor() implements Elementwise, SimpleOp.ZeroDerivative {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.FLOOR, x.toArray(Scalar[]::new)); }

    @Override public String toString() { return "floor"; }
}
