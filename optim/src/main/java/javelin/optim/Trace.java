package javelin.optim;

/**
 * Momentum: {@code t = g + momentum t} from {@code t = 0}, giving t, or with Nesterov's correction
 * {@code g + momentum t}. Unlike a mean the gradient is not multiplied by {@code 1 - momentum}. (optax.trace)
 */
public record Trace<P>(double momentum, boolean nesterov) implements GradientTransformation<P, Trace.State<P>> {

    /** @param trace the decaying sum of gradients */
    public record State<P>(P trace, Hyperparameter momentum) {}

    @Override public State<P> init(P params) { return new State<>(Floats.zeros(params), Hyperparameter.of(momentum)); }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        P trace = step(gradients, state.trace(), state.momentum());
        return new Step<>(nesterov ? step(gradients, trace, state.momentum()) : trace,
                new State<>(trace, state.momentum()));
    }

    private static <P> P step(P gradients, P trace, Hyperparameter momentum) {
        return Floats.zip("trace", gradients, trace, (g, t) -> g.add(t.mul(momentum.like(g))));
    }
}
