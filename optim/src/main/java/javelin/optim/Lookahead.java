package javelin.optim;

import javelin.core.JavelinException;
import javelin.core.Tensor;

/**
 * "k steps forward, one step back": every {@code syncPeriod} updates, slow parameters move by {@code slowStepSize} of
 * the way to the fast ones, which go on from there. Zhang, Lucas, Ba and Hinton, arXiv:1907.08610. Unlike
 * optax.lookahead, whose parameters are a pair, the slow ones are in the state: those to evaluate with.
 *
 * @param resetState whether the fast optimizer forgets at every synchronisation
 */
public record Lookahead<P, S>(GradientTransformation<P, S> fast, int syncPeriod, double slowStepSize,
        boolean resetState) implements LossAware<P, Lookahead.State<P, S>> {
    public Lookahead {
        if (syncPeriod < 1) throw new JavelinException("lookahead: the period must be 1 or more, not " + syncPeriod);
    }

    public record State<P, S>(S fastState, Tensor stepsSinceSync, P slow) {}

    @Override public State<P, S> init(P params) { return new State<>(fast.init(params), Counted.none(), params); }

    @Override public Step<P, State<P, S>> update(P gradients, State<P, S> state, P params, Loss<P> loss) {
        var step = fast.update(gradients, state.fastState(), params, loss);
        Tensor sync = state.stepsSinceSync().eq(syncPeriod - 1);
        P ahead = TreeMath.zip("lookahead", params, step.updates(), state.slow(), (p, u, s) -> p.add(u).sub(s));
        P updates = TreeMath.zip("lookahead", step.updates(), ahead, (u, d) ->
                sync.where(u.sub(d.mul(1 - slowStepSize)), u));
        P slow = TreeMath.zip("lookahead", state.slow(), ahead, (s, d) -> sync.where(s.add(d.mul(slowStepSize)), s));
        S after = resetState ? TreeMath.where(sync, fast.init(params), step.state()) : step.state();
        Tensor since = sync.where(Counted.none(), state.stepsSinceSync().add(1));
        return new Step<>(updates, new State<>(after, since, slow));
    }
}
