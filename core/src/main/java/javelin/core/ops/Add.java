package javelin.core.ops;

import java.util.List;
import javelin.core.LinearOp;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** {@code x + y}; logical or for bool. */
public record Add() implements Elementwise, LinearOp.Simple {
    @Override public boolean accepts(DType type) { return true; }

    @Override public Scalar element(List<Scalar> x) { return Scalar.apply(Fn.ADD, x.toArray(Scalar[]::new)); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) { return dx; }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) { return ct; }

    @Override public String toString() { return "add"; }
}
