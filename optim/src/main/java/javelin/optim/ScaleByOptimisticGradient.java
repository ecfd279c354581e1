package javelin.optim;

import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * {@code (alpha + beta) g - beta g'} with g' the gradient before, at first g itself: for games. Mokhtari, Ozdaglar and
 * Pattathil, arXiv:1901.08511. (optax.scale_by_optimistic_gradient)
 */
public record ScaleByOptimisticGradient<P>(double alpha, double beta)
        implements GradientTransformation<P, ScaleByOptimisticGradient.State<P>> {

    /** @param isInitialStep a bool scalar */
    public record State<P>(Tensor isInitialStep, P previousGradient) {}

    @Override public State<P> init(P params) {
        return new State<>(Array.scalar(1, DType.BOOL), TreeMath.zeros(params));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        P updates = TreeMath.zip("optimistic gradient", gradients, state.previousGradient(), (g, before) ->
                g.mul(alpha + beta).sub(state.isInitialStep().where(g, before).mul(beta)));
        return new Step<>(updates, new State<>(Array.scalar(0, DType.BOOL), gradients));
    }
}
