package javelin.optim;

import javelin.core.Tensor;
import javelin.optim.ScaleByAdam.State;

/**
 * Adam with a maximum: {@code m / (1 - b1^t) / v} with {@code v = max(|g| + eps, b2 v)}. Kingma and Ba,
 * arXiv:1412.6980, algorithm 2. (optax.scale_by_adamax)
 */
public record ScaleByAdamax<P>(Decays decays) implements GradientTransformation<P, State<P>> {

    @Override public State<P> init(P params) { return State.start(decays, params); }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Tensor count = Counted.next(state.count());
        P mu = Moments.mean("adamax", gradients, state.mu(), decays.b1());
        P nu = TreeMath.zip("adamax", gradients, state.nu(), (g, v) ->
                g.abs().add(decays.eps()).maximum(v.mul(decays.b2())));
        P direction = Moments.corrected(mu, decays.b1(), count);
        return new Step<>(TreeMath.zip("adamax", direction, nu, Tensor::div),
                new State<>(count, TreeMath.castLike(mu, state.mu()), nu));
    }
}
