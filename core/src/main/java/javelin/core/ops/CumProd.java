package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;

/** {@code out[i] = x[0] x[1] ... x[i]} along {@code axis}, or from the other end; zeros do its derivative no harm. */
public record CumProd(int axis, boolean reverse) implements Cumulative {
    @Override public Cumulative along(int axis) { return new CumProd(axis, reverse); }

    @Override public Scalar combine(Scalar before, Scalar next) { return Scalar.apply(Fn.MUL, before, next); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return tangent(x.getFirst(), dx, new Mul());
    }

    @Override public String toString() { return named("cumprod"); }
}
