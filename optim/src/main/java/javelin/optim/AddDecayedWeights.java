package javelin.optim;

/**
 * {@code g + weightDecay p}: decoupled decay if it comes after Adam, an L2 penalty if before.
 * (optax.add_decayed_weights)
 */
public record AddDecayedWeights<P>(double weightDecay) implements GradientTransformation<P, AddDecayedWeights.State> {

    public record State(Hyperparameter weightDecay) {}

    @Override public State init(P params) { return new State(Hyperparameter.of(weightDecay)); }

    @Override public Step<P, State> update(P gradients, State state, P params) {
        return new Step<>(Floats.zip("addDecayedWeights", gradients, params, (g, p) ->
                g.add(p.mul(state.weightDecay().like(p)))), state);
    }
}
