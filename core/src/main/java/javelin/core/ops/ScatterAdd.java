package javelin.core.ops;

import java.util.List;
import java.util.Optional;
import javelin.core.Dual;
import javelin.core.LinearOp;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;

/** Adds updates to an operand at given positions. The transpose of {@link Gather}. */
public record ScatterAdd(GatherAxes axes, GatherAxes.Mode mode) implements Scatter, LinearOp.Simple {
    @Override public Scatter with(GatherAxes axes) { return new ScatterAdd(axes, mode); }

    @Override public Optional<Fn> combine() { return Optional.of(Fn.ADD); }

    @Override public List<Dual> jvp(List<Dual> in) { return linear(in); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return i == 0 ? dx : apply(Tensor.zeros(x.get(0).type()), x.get(1), dx);
    }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        return i == 0 ? ct : windows(ct, in.get(1).known(), in.get(2).type());
    }

    @Override public String toString() { return Scatter.print("scatter_add", this); }
}
