package javelin.core.ops;

import java.util.List;
import javelin.core.SimpleOp;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** How many bits come before the first that is set: all of them for 0. */
public record LeadingZeros() implements Elementwise, SimpleOp.ZeroDerivative {
    @Override public boolean accepts(DType type) { return type.isInteger(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.LEADING_ZEROS, x.toArray(Scalar[]::new)); }

    @Override public String toString() { return "clz"; }
}
