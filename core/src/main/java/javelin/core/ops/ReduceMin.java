package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;

/** The smallest element along {@code axes}, which disappear; NaN if any is NaN. Equal extremes share the derivative. */
public record ReduceMin(List<Integer> axes) implements Reduction {
    @Override public Reduction over(List<Integer> axes) { return new ReduceMin(axes); }

    @Override public Fn combine() { return Fn.MIN; }

    @Override public Number identity(DType type) { return type.highest(); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return Extremes.jvp(dx, x.getFirst(), y, axes);
    }

    @Override public String toString() { return "reduce_min" + axes; }
}
