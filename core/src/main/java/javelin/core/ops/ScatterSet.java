package javelin.core.ops;

import java.util.List;
import java.util.Optional;
import javelin.core.Dual;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Overwrites an operand with updates at given positions (lax.scatter). Where windows overlap the last update wins,
 * always: so this is linear, which it is in JAX only for unique positions.
 *
 * @param unique the caller's promise that no two windows overlap
 */
public record ScatterSet(GatherAxes axes, GatherAxes.Mode mode, boolean unique) implements Scatter, LinearOp.Simple {
    @Override public Scatter with(GatherAxes axes) { return new ScatterSet(axes, mode, unique); }

    @Override public Optional<Fn> combine() { return Optional.empty(); }

    @Override public List<Dual> jvp(List<Dual> in) { return linear(in); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        Tensor positions = x.get(1);
        return i == 0 ? apply(dx, positions, Tensor.zeros(x.get(2).type()))
                : apply(Tensor.zeros(x.get(0).type()), positions, dx);
    }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        Tensor positions = in.get(1).known();
        TensorType updates = in.get(2).type();
        if (i == 0) return apply(ct, positions, Tensor.zeros(updates));
        Tensor written = windows(ct, positions, updates);
        return unique ? written : isLast(ct.type(), positions, updates).where(written, Tensor.zeros(updates));
    }

    /** Which updates no later one overwrites: those whose number, scattered like them, is found where they went. */
    private Tensor isLast(TensorType x, Tensor positions, TensorType updates) {
        List<Integer> batch = axes.batch(updates.rank());
        Shape windows = updates.shape().select(batch);
        Tensor count = Op.apply(new Iota(TensorType.i32(windows.elements()), 0), List.of()).getFirst();
        Tensor number = count.reshape(windows).broadcast(updates.shape(), batch);
        Tensor last = apply(Tensor.full(x.withDType(DType.I32), -1L), positions, number);
        return windows(last, positions, number.type()).eq(number);
    }

    /** {@code x} with one window overwritten for each element of the batch, axis 0 of all three. */
    static Tensor windows(Tensor x, Tensor starts, Tensor windows) {
        int rank = x.rank() - 1;
        var axes = new GatherAxes(Lists.range(1, rank), List.of(), Lists.range(1, rank), List.of(0), List.of(0));
        return new ScatterSet(axes, GatherAxes.Mode.CLIP, true).apply(x, starts, windows);
    }

    @Override public String toString() { return Scatter.print(unique ? "scatter_unique" : "scatter", this); }
}
