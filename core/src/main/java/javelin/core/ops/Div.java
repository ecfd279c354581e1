package javelin.core.ops;

import java.util.List;
import javelin.core.LinearOp;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** {@code x / y}, linear in x; integers truncate towards zero. */
public record Div() implements Elementwise, LinearOp.Simple {
    @Override public boolean accepts(DType type) { return type != DType.BOOL; }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.DIV, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return i == 0 ? dx.div(x.get(1)) : dx.mul(y).div(x.get(1)).neg();
    }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) { return ct.div(in.get(1).known()); }

    @Override public String toString() { return "div"; }
}
