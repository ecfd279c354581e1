package javelin.core.ops;

import java.util.List;
import java.util.Optional;
import javelin.core.Dual;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;

/**
 * The larger (or smaller) of an operand's elements and the updates to them; NaN if any is NaN. Equal extremes share the
 * derivative, the element that was there among them.
 */
public record ScatterExtreme(GatherAxes axes, GatherAxes.Mode mode, boolean max) implements Scatter {
    @Override public Scatter with(GatherAxes axes) { return new ScatterExtreme(axes, mode, max); }

    @Override public Optional<Fn> combine() { return Optional.of(max ? Fn.MAX : Fn.MIN); }

    @Override public List<Dual> jvp(List<Dual> in) {
        Tensor x = in.get(0).primal(), positions = in.get(1).primal(), updates = in.get(2).primal();
        Tensor y = apply(x, positions, updates);
        Tensor kept = x.eq(y).or(x.isNaN()), won = updates.eq(windows(y, positions, updates.type()));
        var sum = new ScatterAdd(axes, mode);
        Tensor count = sum.apply(kept.astype(x.dtype()), positions, won.astype(x.dtype()));
        Tensor tangents = sum.apply(kept.where(in.get(0).tangentOrZero(), Tensor.zeros(x.type())), positions,
                won.where(in.get(2).tangentOrZero(), Tensor.zeros(updates.type())));
        return List.of(Dual.of(y, tangents.div(count.maximum(1))));
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        throw new IllegalStateException("the tangents of " + this + " are computed together");
    }

    @Override public String toString() { return Scatter.print(max ? "scatter_max" : "scatter_min", this); }
}
