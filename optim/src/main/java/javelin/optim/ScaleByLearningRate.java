package javelin.optim;

import javelin.core.Tensor;

/**
 * {@code -rate g}: what makes a direction a descent. The rate is taken at the count of updates before this one, so the
 * first at 0; a constant one may be changed in the state. (optax.scale_by_learning_rate, scale_by_schedule)
 *
 * @param descend whether the sign is turned
 */
public record ScaleByLearningRate<P>(Schedule rate, boolean descend)
        implements GradientTransformation<P, ScaleByLearningRate.State> {

    /** @param learningRate the rate to use next, or, of a schedule, the last one used */
    public record State(Tensor count, Hyperparameter learningRate) implements Counted {}

    @Override public State init(P params) { return new State(Counted.none(), Hyperparameter.of(rate)); }

    @Override public Step<P, State> update(P gradients, State state, P params) {
        Hyperparameter now = state.learningRate().next(rate, state.count());
        P updates = TreeMath.map(gradients, g -> g.mul(descend ? now.like(g).neg() : now.like(g)));
        return new Step<>(updates, new State(Counted.next(state.count()), now));
    }
}
