package javelin.optim;

import javelin.core.Tensor;
import javelin.optim.ScaleByAdam.State;

/**
 * {@link ScaleByAdam} whose v moves towards the squared gradient by {@code (1 - b2) g^2} whatever the distance, so it
 * does not fall fast. Both means start from {@code initial}. Zaheer et al., "Adaptive methods for nonconvex
 * optimization", NeurIPS 2018. (optax.scale_by_yogi)
 */
public record ScaleByYogi<P>(Decays decays, double initial) implements GradientTransformation<P, State<P>> {

    @Override public State<P> init(P params) {
        return new State<>(Counted.none(), TreeMath.full(params, initial), TreeMath.full(params, initial));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Tensor count = Counted.next(state.count());
        P mu = Moments.mean("yogi", gradients, state.mu(), decays.b1());
        P nu = TreeMath.zip("yogi", gradients, state.nu(), (g, v) -> {
            Tensor square = g.square();
            return v.sub(v.sub(square).sign().mul(1 - decays.b2()).mul(square));
        });
        P direction = Moments.corrected(mu, decays.b1(), count);
        return new Step<>(decays.divided(direction, Moments.corrected(nu, decays.b2(), count)),
                new State<>(count, mu, nu));
    }
}
