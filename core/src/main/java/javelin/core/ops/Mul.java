package javelin.core.ops;

import java.util.List;
import javelin.core.LinearOp;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** {@code x y}, linear in either factor; logical and for bool. */
public record Mul() implements Elementwise, LinearOp.Simple {
    @Override public boolean accepts(DType type) { return true; }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.MUL, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return i == 0 ? dx.mul(x.get(1)) : x.get(0).mul(dx);
    }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) { return ct.mul(in.get(1 - i).known()); }

    @Override public String toString() { return "mul"; }
}
