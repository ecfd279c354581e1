package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;

/** The largest element of every window; NaN if any is NaN. The first of equal elements has the derivative. */
public record ReduceWindowMax(List<Window> windows) implements WindowReduction {
    @Override public WindowReduction over(List<Window> windows) { return new ReduceWindowMax(windows); }

    @Override public Fn combine() { return Fn.MAX; }

    @Override public Number identity(DType type) { return Extremes.lowest(type); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return new WindowWinner(windows).tangent(dx, x.getFirst(), y);
    }

    @Override public String toString() { return "reduce_window_max" + windows; }
}
