package javelin.optim;

import java.util.Optional;
import javelin.core.type.DType;

/**
 * Momentum: {@code t = g + momentum t} from {@code t = 0}, giving t, or with Nesterov's correction
 * {@code g + momentum t}. Unlike a mean the gradient is not multiplied by {@code 1 - momentum}. (optax.trace)
 *
 * @param type to keep t in, if not that of the parameters
 */
public record Trace<P>(double momentum, boolean nesterov, Optional<DType> type)
        implements GradientTransformation<P, Trace.State<P>> {

    /** @param trace the decaying sum of gradients */
    public record State<P>(P trace, Hyperparameter momentum) {}

    @Override public State<P> init(P params) {
        P zeros = TreeMath.zeros(params);
        return new State<>(type.map(t -> TreeMath.cast(zeros, t)).orElse(zeros), Hyperparameter.of(momentum));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        P trace = step(gradients, state.trace(), state.momentum());
        return new Step<>(nesterov ? step(gradients, trace, state.momentum()) : trace,
                new State<>(TreeMath.castLike(trace, state.trace()), state.momentum()));
    }

    private static <P> P step(P gradients, P trace, Hyperparameter momentum) {
        return TreeMath.zip("trace", gradients, trace, (g, t) ->
                Moments.flushed(g.add(t.astype(g.dtype()).mul(momentum.like(g)))));
    }
}
