package javelin.core.ops;

import java.util.List;
import javelin.core.LinearOp;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;

/** {@code out[i] = x[0] + ... + x[i]} along {@code axis}, or from the other end. */
public record CumSum(int axis, boolean reverse) implements Cumulative, LinearOp.Simple {
    @Override public Cumulative along(int axis) { return new CumSum(axis, reverse); }

    @Override public Scalar combine(Scalar before, Scalar next) { return Scalar.apply(Fn.ADD, before, next); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) { return apply(dx); }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        return new CumSum(axis, !reverse).apply(ct);
    }

    @Override public String toString() { return named("cumsum"); }
}
