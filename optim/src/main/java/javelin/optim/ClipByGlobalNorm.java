package javelin.optim;

import javelin.core.JavelinException;
import javelin.core.Tensor;

/**
 * Gradients whose norm, taken over all tensors together, is {@code maxNorm} or more are scaled down to it:
 * {@code g / norm * maxNorm}. (optax.clip_by_global_norm)
 */
public record ClipByGlobalNorm<P>(double maxNorm) implements GradientTransformation<P, ClipByGlobalNorm.State> {
    public ClipByGlobalNorm {
        if (!(maxNorm > 0))
            throw new JavelinException("clipByGlobalNorm: the largest norm must be positive, but is "
                    + maxNorm);
    }

    public record State(Hyperparameter maxNorm) {}

    @Override public State init(P params) { return new State(Hyperparameter.of(maxNorm)); }

    @Override public Step<P, State> update(P gradients, State state, P params) {
        if (TreeMath.leaves(gradients).isEmpty()) return new Step<>(gradients, state);
        Tensor norm = Optimizers.globalNorm(gradients), inside = norm.lt(state.maxNorm().like(norm));
        return new Step<>(TreeMath.map(gradients, g ->
                inside.where(g, g.div(norm.astype(g.dtype())).mul(state.maxNorm().like(g)))), state);
    }
}
