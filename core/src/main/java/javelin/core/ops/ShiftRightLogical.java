package javelin.core.ops;

import java.util.List;
import javelin.core.SimpleOp;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** Shift to less significant bits, filling with 0. */
public record ShiftRightLogical() implements Elementwise, SimpleOp.ZeroDerivative {
    @Override public boolean accepts(DType type) { return type.isInteger(); }

    @Override public Scalar element(List<Scalar> x) {
        return Scalar.apply(Fn.SHIFT_RIGHT_LOGICAL, x.toArray(Scalar[]::new));
    }

    @Override public String toString() { return "shift_right_logical"; }
}
