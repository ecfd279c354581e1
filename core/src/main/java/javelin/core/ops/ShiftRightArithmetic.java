package javelin.core.ops;

import java.util.List;
import javelin.core.SimpleOp;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** Shift to less significant bits, filling with the topmost bit: that of unsigned integers too, as lax does. */
public record ShiftRightArithmetic() implements Elementwise, SimpleOp.ZeroDerivative {
    @Override public boolean accepts(DType type) { return type.isInteger(); }

    @Override public Scalar element(List<Scalar> x) {
        DType type = x.getFirst().type(), signed = type.signed();
        return Scalar.bitcast(Scalar.apply(Fn.SHIFT_RIGHT_ARITHMETIC, Scalar.bitcast(x.get(0), signed),
                Scalar.bitcast(x.get(1), signed)), type);
    }

    @Override public String toString() { return "shift_right_arithmetic"; }
}
