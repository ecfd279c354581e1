package javelin.core.ops;

import java.util.List;
import javelin.core.ComposedOp;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** An elementwise function computed in f64 by loops that run until every element has converged. */
interface Iterated extends Elementwise, ComposedOp {
    /** The function, of f64. */
    Tensor compute(List<Tensor> x);

    @Override default boolean accepts(DType type) { return type.isFloat(); }

    @Override default Program definition(List<TensorType> in) {
        DType type = in.getFirst().dtype();
        return Recorder.trace(in, v -> List.of(compute(Lists.map(v, x -> x.astype(DType.F64))).astype(type))).closed();
    }

    @Override default Lowering lower(List<TensorType> in) { return ComposedOp.super.lower(in); }

    @Override default Scalar element(List<Scalar> x) {
        throw new IllegalStateException(this + " is not one expression");
    }

    /** Enough for arguments of a million; NaN stops at once. */
    int MOST_STEPS = 20_000;

    /**
     * {@code state} after as many steps as each element needs. The first of a state is bool and says which elements go
     * on; {@code step} is given the rest and the number of the step as a scalar of their type, and returns the whole.
     */
    static List<Tensor> iterate(List<Tensor> state, Step step) {
        List<Tensor> initial = Lists.concat(List.of(state.get(1).like(1)), state);
        return While.loop(initial, v -> v.get(1).any().and(v.getFirst().lt(MOST_STEPS)), v -> {
            List<Tensor> next = step.of(v.getFirst(), v.subList(2, v.size()));
            Tensor running = v.get(1);
            return Lists.concat(List.of(v.getFirst().add(1), running.and(next.getFirst())),
                    Lists.each(next.size() - 1, i -> running.where(next.get(i + 1), v.get(i + 2))));
        }).subList(2, initial.size());
    }

    /** @see #iterate */
    interface Step { List<Tensor> of(Tensor n, List<Tensor> state); }
}
