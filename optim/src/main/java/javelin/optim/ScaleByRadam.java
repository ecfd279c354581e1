package javelin.optim;

import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.optim.ScaleByAdam.State;

/**
 * Rectified Adam: while too few gradients were seen to know v, steps are the corrected mean; then Adam's times {@code
 * sqrt((r - 4) (r - 2) R / ((R - 4) (R - 2) r))} with {@code R = 2 / (1 - b2) - 1} and {@code r = R - 2 t b2^t / (1 -
 * b2^t)}. Liu et al., arXiv:1908.03265. (optax.scale_by_radam)
 *
 * @param threshold the r from which on v is used
 */
public record ScaleByRadam<P>(Decays decays, double threshold) implements GradientTransformation<P, State<P>> {

    @Override public State<P> init(P params) { return State.start(decays, params); }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Tensor count = Counted.next(state.count());
        P mu = Moments.mean("radam", gradients, state.mu(), decays.b1());
        P nu = Moments.meanSquare("radam", gradients, state.nu(), decays.b2());
        P direction = decays.direction(mu, gradients, count);
        double end = 2 / (1 - decays.b2()) - 1;
        Tensor t = count.astype(DType.F32), power = t.like(decays.b2()).pow(t);
        Tensor length = t.mul(2).mul(power).div(power.neg().add(1)).neg().add(end), known = length.ge(threshold);
        Tensor factor = length.sub(4).mul(length.sub(2)).mul(end)
                .div(length.mul((end - 4) * (end - 2))).sqrt();
        var square = Moments.correction(decays.b2(), count);
        P updates = TreeMath.zip("radam", direction, nu, (m, v) -> known.where(
                m.mul(factor.astype(m.dtype())).div(decays.root(square.apply(v)).astype(m.dtype())), m));
        return new Step<>(updates, new State<>(count, TreeMath.castLike(mu, state.mu()), nu));
    }
}
