package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;

/** The largest element so far along {@code axis}, or from the other end; NaN from the first NaN on. */
public record CumMax(int axis, boolean reverse) implements Cumulative {
    @Override public Cumulative along(int axis) { return new CumMax(axis, reverse); }

    @Override public Scalar combine(Scalar before, Scalar next) { return Scalar.apply(Fn.MAX, before, next); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return tangent(x.getFirst(), dx, new Max());
    }

    @Override public String toString() { return named("cummax"); }
}
