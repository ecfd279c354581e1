package javelin.optim;

import javelin.core.Tensor;
import javelin.optim.ScaleByAdam.State;

/**
 * Adam that divides by the root of v as it was before this gradient, and takes the mean after that; the first update is
 * 0. Taniguchi et al., "ADOPT: modified Adam can converge with any b2", arXiv:2411.02853.
 * (optax.contrib.scale_by_adopt)
 *
 * @param clipped whether scaled gradients are held within {@code t^(1/4)} of 0
 */
public record ScaleByAdopt<P>(Decays decays, boolean clipped) implements GradientTransformation<P, State<P>> {

    @Override public State<P> init(P params) { return State.start(decays, params); }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Tensor later = state.count().gt(0);
        P scaled = TreeMath.zip("adopt", gradients, state.nu(), (g, v) -> {
            Tensor x = g.div(v.sqrt().maximum(decays.eps())), t = state.count().astype(g.dtype());
            Tensor bound = t.pow(t.like(0.25));
            return clipped ? x.clip(bound.neg(), bound) : x;
        });
        P nu = TreeMath.zip("adopt", gradients, state.nu(), (g, v) ->
                later.where(Moments.mean(g.square(), v, decays.b2()), g.square()));
        P mu = mean(later, scaled, state.mu());
        return new Step<>(decays.nesterov() ? mean(later, scaled, mu) : mu,
                new State<>(Counted.next(state.count()), TreeMath.castLike(mu, state.mu()), nu));
    }

    private P mean(Tensor later, P scaled, P mu) {
        return TreeMath.zip("adopt", scaled, mu, (x, m) ->
                later.where(Moments.mean(x, m, decays.b1()), m.astype(x.dtype())));
    }
}
