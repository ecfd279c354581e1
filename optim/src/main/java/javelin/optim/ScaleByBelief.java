package javelin.optim;

import javelin.core.Tensor;
import javelin.optim.ScaleByAdam.State;

/**
 * AdaBelief: {@link ScaleByAdam} with the squared distance of gradients from their mean in place of their squares;
 * {@code epsRoot} is added to v and kept. Zhuang et al., arXiv:2010.07468. (optax.scale_by_belief)
 */
public record ScaleByBelief<P>(Decays decays) implements GradientTransformation<P, State<P>> {

    @Override public State<P> init(P params) { return State.start(decays, params); }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Tensor count = Counted.next(state.count());
        P mu = Moments.mean("adabelief", gradients, state.mu(), decays.b1());
        P nu = TreeMath.zip("adabelief", gradients, mu, state.nu(), (g, m, v) ->
                Moments.mean(g.sub(m.astype(g.dtype())).square(), v, decays.b2()).add(decays.epsRoot()));
        P direction = decays.direction(mu, gradients, count);
        return new Step<>(decays.withEpsRoot(0).divided(direction, Moments.corrected(nu, decays.b2(), count)),
                new State<>(count, TreeMath.castLike(mu, state.mu()), nu));
    }
}
