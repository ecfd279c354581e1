package javelin.core.ops;

import java.util.List;
import javelin.core.LinearOp;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** {@code -x} */
public record Neg() implements Elementwise, LinearOp.Simple {
    @Override public boolean accepts(DType type) { return type != DType.BOOL; }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.NEG, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) { return dx.neg(); }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) { return ct.neg(); }

    @Override public String toString() { return "neg"; }
}
