package javelin.optim;

/**
 * {@code g / sqrt(s + eps)} with s the sum of all g^2, 0 where s is 0: Duchi, Hazan and Singer, "Adaptive subgradient
 * methods", JMLR 12, 2011. (optax.scale_by_rss)
 */
public record ScaleByRss<P>(double initial, double eps) implements GradientTransformation<P, ScaleByRss.State<P>> {

    public record State<P>(P sumOfSquares) {}

    @Override public State<P> init(P params) { return new State<>(TreeMath.full(params, initial)); }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        P sums = TreeMath.zip("adagrad", gradients, state.sumOfSquares(), (g, s) -> g.square().add(s));
        P updates = TreeMath.zip("adagrad", sums, gradients, (s, g) ->
                s.gt(0).where(s.add(eps).rsqrt(), s.like(0)).mul(g));
        return new Step<>(updates, new State<>(sums));
    }
}
