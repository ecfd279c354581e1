package javelin.core.ops;

import java.util.List;
import javelin.core.SimpleOp;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** Every bit flipped; logical for bool. */
public record Not() implements Elementwise, SimpleOp.ZeroDerivative {
    @Override public boolean accepts(DType type) { return !type.isFloat(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.NOT, x.toArray(Scalar[]::new)); }

    @Override public String toString() { return "not"; }
}
