package javelin.optim;

import javelin.core.Tensor;

/** The sum of k updates at every k-th, 0 at the others. (optax.apply_every) */
public record ApplyEvery<P>(int k) implements GradientTransformation<P, ApplyEvery.State<P>> {

    /** @param count of updates since the last that was not 0 */
    public record State<P>(Tensor count, P gradAcc) {}

    @Override public State<P> init(P params) { return new State<>(Counted.none(), TreeMath.zeros(params)); }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Tensor begins = state.count().eq(0), ends = state.count().eq(k - 1);
        P sum = TreeMath.zip("applyEvery", gradients, state.gradAcc(), (g, s) -> begins.where(g, s.add(g)));
        P updates = TreeMath.map(sum, s -> ends.where(s, s.like(0)));
        return new Step<>(updates, new State<>(ends.where(state.count().like(0), state.count().add(1)), sum));
    }
}
