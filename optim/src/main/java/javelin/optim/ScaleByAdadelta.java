package javelin.optim;

/**
 * {@code sqrt(x + eps) / sqrt(v + eps) g} with v the decaying mean of g^2 and x that of squared updates: updates have
 * the units of parameters. Zeiler, arXiv:1212.5701. (optax.scale_by_adadelta)
 */
public record ScaleByAdadelta<P>(double rho, double eps)
        implements GradientTransformation<P, ScaleByAdadelta.State<P>> {

    /** @param eG the mean of squared gradients, @param eX of squared updates */
    public record State<P>(P eG, P eX) {}

    @Override public State<P> init(P params) { return new State<>(TreeMath.zeros(params), TreeMath.zeros(params)); }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        P eG = Moments.meanSquare("adadelta", gradients, state.eG(), rho);
        P updates = TreeMath.zip("adadelta", gradients, eG, state.eX(), (g, v, x) ->
                x.add(eps).sqrt().div(v.add(eps).sqrt()).mul(g));
        return new Step<>(updates, new State<>(eG, Moments.meanSquare("adadelta", updates, state.eX(), rho)));
    }
}
