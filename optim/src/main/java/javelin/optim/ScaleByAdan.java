package javelin.optim;

import javelin.core.Tensor;

/**
 * Adan: with d the change of the gradient, means m of g, v of d and n of {@code (g + (1 - b2) d)^2}, corrected,
 * {@code (m + (1 - b2) v) / (sqrt(n + epsRoot) + eps)}. Xie et al., arXiv:2208.06677. (optax.scale_by_adan)
 */
public record ScaleByAdan<P>(double b1, double b2, double b3, double eps, double epsRoot)
        implements GradientTransformation<P, ScaleByAdan.State<P>> {

    /** @param g the gradient before, @param t updates so far */
    public record State<P>(P m, P v, P n, P g, Tensor t) implements Counted {
        @Override public Tensor count() { return t; }
    }

    @Override public State<P> init(P params) {
        P zeros = TreeMath.zeros(params);
        return new State<>(zeros, zeros, zeros, zeros, Counted.none());
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Tensor first = state.t().eq(0), t = Counted.next(state.t());
        P change = TreeMath.zip("adan", gradients, state.g(), (g, before) -> first.where(g.like(0), g.sub(before)));
        P m = Moments.mean("adan", gradients, state.m(), b1);
        P v = Moments.mean("adan", change, state.v(), b2);
        P n = TreeMath.zip("adan", gradients, change, state.n(), (g, d, x) ->
                Moments.mean(g.add(d.mul(1 - b2)).square(), x, b3));
        var ofM = Moments.correction(b1, t);
        var ofV = Moments.correction(b2, t);
        var ofN = Moments.correction(b3, t);
        P updates = TreeMath.zip("adan", m, v, n, (x, y, z) -> ofM.apply(x).add(ofV.apply(y).mul(1 - b2))
                .div(ofN.apply(z).add(epsRoot).sqrt().add(eps)));
        return new Step<>(updates, new State<>(m, v, n, gradients, t));
    }
}
