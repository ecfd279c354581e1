package javelin.optim;

import javelin.core.Tensor;

/**
 * {@code g + weightDecay p}: decoupled decay if it comes after Adam, an L2 penalty if before; taken of parameters
 * before the step. (optax.add_decayed_weights)
 */
public record AddDecayedWeights<P>(Schedule weightDecay) implements GradientTransformation<P, AddDecayedWeights.State> {

    public record State(Tensor count, Hyperparameter weightDecay) implements Counted {}

    @Override public State init(P params) { return new State(Counted.none(), Hyperparameter.of(weightDecay)); }

    @Override public Step<P, State> update(P gradients, State state, P params) {
        Hyperparameter now = state.weightDecay().next(weightDecay, state.count());
        P updates = TreeMath.zip("addDecayedWeights", gradients, params, (g, p) -> g.add(p.mul(now.like(p))));
        return new Step<>(updates, new State(Counted.next(state.count()), now));
    }
}
