package javelin.optim;

import javelin.core.Tensor;

/**
 * Adam's direction: with {@code m = b1 m + (1 - b1) g}, {@code v = b2 v + (1 - b2) g^2} and t the count of updates,
 * {@code m / (1 - b1^t) / (sqrt(v / (1 - b2^t) + epsRoot) + eps)}; both means start from 0. Kingma and Ba,
 * arXiv:1412.6980, algorithm 1. (optax.scale_by_adam)
 */
public record ScaleByAdam<P>(Decays decays) implements GradientTransformation<P, ScaleByAdam.State<P>> {

    /**
     * The state of Adam and most of its kin.
     *
     * @param count updates so far, an i32 scalar
     * @param mu    the decaying mean of gradients
     * @param nu    the decaying mean of squared gradients
     */
    public record State<P>(Tensor count, P mu, P nu) implements Counted {
        static <P> State<P> start(Decays decays, P params) {
            return new State<>(Counted.none(), decays.noMean(params), TreeMath.zeros(params));
        }
    }

    @Override public State<P> init(P params) { return State.start(decays, params); }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Tensor count = Counted.next(state.count());
        P mu = Moments.mean("adam", gradients, state.mu(), decays.b1());
        P nu = Moments.meanSquare("adam", gradients, state.nu(), decays.b2());
        P updates = decays.divided(decays.direction(mu, gradients, count), Moments.corrected(nu, decays.b2(), count));
        return new Step<>(updates, new State<>(count, TreeMath.castLike(mu, state.mu()), nu));
    }
}
