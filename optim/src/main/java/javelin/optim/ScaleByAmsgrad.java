package javelin.optim;

import javelin.core.Tensor;

/**
 * {@link ScaleByAdam} with the largest v so far in place of v, so that steps never grow. Reddi, Kale and Kumar,
 * arXiv:1904.09237; the correction of both means is optional. (optax.scale_by_amsgrad)
 */
public record ScaleByAmsgrad<P>(Decays decays, boolean correctMean, boolean correctSquares)
        implements GradientTransformation<P, ScaleByAmsgrad.State<P>> {

    /** @param nuMax the largest {@code nu} so far, corrected if {@code correctSquares} */
    public record State<P>(Tensor count, P mu, P nu, P nuMax) implements Counted {}

    @Override public State<P> init(P params) {
        return new State<>(Counted.none(), decays.noMean(params), TreeMath.zeros(params), TreeMath.zeros(params));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Tensor count = Counted.next(state.count());
        P mu = Moments.mean("amsgrad", gradients, state.mu(), decays.b1());
        P nu = Moments.meanSquare("amsgrad", gradients, state.nu(), decays.b2());
        P now = correctSquares ? Moments.corrected(nu, decays.b2(), count) : nu;
        P most = TreeMath.zip("amsgrad", state.nuMax(), now, Tensor::maximum);
        P direction = correctMean ? Moments.corrected(mu, decays.b1(), count) : mu;
        return new Step<>(decays.divided(direction, most),
                new State<>(count, TreeMath.castLike(mu, state.mu()), nu, most));
    }
}
