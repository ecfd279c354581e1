package javelin.optim;

import javelin.core.Tensor;

/**
 * {@code min((loss - minimum) / (|g|^2 + eps), maxRate) g}, no step where the gradient is all but 0. Loizou et al.,
 * "Stochastic Polyak step-size for SGD", arXiv:2002.10542. Needs the {@link Loss}' value. (optax.scale_by_polyak)
 *
 * @param positive whether a loss below the minimum makes no step rather than one backwards (variant "sps+")
 */
public record ScaleByPolyak<P>(double minimum, double maxRate, double eps, boolean positive)
        implements LossAware<P, NoState> {

    @Override public NoState init(P params) { return new NoState(); }

    @Override public Step<P, NoState> update(P gradients, NoState state, P params, Loss<P> loss) {
        Tensor square = TreeMath.squaredNorm(gradients).add(eps);
        Tensor gap = loss.value("polyakSgd", square.dtype()).sub(minimum);
        Tensor rate = (positive ? gap.maximum(0) : gap).div(square).minimum(maxRate);
        double negligible = Math.ulp(1f);                                // numpy's finfo(float).eps for f32
        return new Step<>(TreeMath.scale(square.le(negligible).where(square.like(0), rate), gradients), state);
    }
}
