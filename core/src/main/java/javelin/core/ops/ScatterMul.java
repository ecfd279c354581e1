package javelin.core.ops;

import java.util.List;
import java.util.Optional;
import javelin.core.LinearOp;
import javelin.core.NoRuleException;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;

/**
 * Multiplies an operand by updates at given positions. The derivative with respect to the updates needs {@code unique}
 * positions, as in JAX: else an update's slope is the product of all others to the same element.
 *
 * @param unique the caller's promise that no two windows overlap
 */
public record ScatterMul(GatherAxes axes, GatherAxes.Mode mode, boolean unique) implements Scatter, LinearOp.Simple {
    @Override public Scatter with(GatherAxes axes) { return new ScatterMul(axes, mode, unique); }

    @Override public Optional<Fn> combine() { return Optional.of(Fn.MUL); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        if (i == 0) return apply(dx, x.get(1), x.get(2));
        requireUnique();
        return x.get(0).mul(new ScatterAdd(axes, mode).apply(Tensor.zeros(x.get(0).type()), x.get(1), dx));
    }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        Tensor positions = in.get(1).known();
        if (i == 0) return apply(ct, positions, in.get(2).known());
        requireUnique();
        return windows(ct.mul(in.get(0).known()), positions, in.get(2).type());
    }

    private void requireUnique() {
        if (!unique)
            throw new NoRuleException(this, "derivative with respect to its updates, for positions that may repeat",
                    "say that they do not with unique(), or multiply by a product made with Segments.prod");
    }

    @Override public String toString() { return Scatter.print(unique ? "scatter_mul_unique" : "scatter_mul", this); }
}
