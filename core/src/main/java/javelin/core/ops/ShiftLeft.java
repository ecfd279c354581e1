package javelin.core.ops;

import java.util.List;
import javelin.core.SimpleOp;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** Shift to more significant bits; by the width or more: 0. */
public record ShiftLeft() implements Elementwise, SimpleOp.ZeroDerivative {
    @Override public boolean accepts(DType type) { return type.isInteger(); }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.SHIFT_LEFT, x.toArray(Scalar[]::new)); }

    @Override public String toString() { return "shift_left"; }
}
