package javelin.optim;

import java.util.Optional;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * The decaying mean of gradients. (optax.ema)
 *
 * @param debias whether it is corrected for its start from 0
 * @param type   to keep it in, if not that of the parameters
 */
public record Ema<P>(double decay, boolean debias, Optional<DType> type)
        implements GradientTransformation<P, Ema.State<P>> {

    public record State<P>(Tensor count, P ema) implements Counted {}

    @Override public State<P> init(P params) {
        P zeros = TreeMath.zeros(params);
        return new State<>(Counted.none(), type.map(t -> TreeMath.cast(zeros, t)).orElse(zeros));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Tensor count = Counted.next(state.count());
        P mean = Moments.mean("ema", gradients, state.ema(), decay);
        return new Step<>(debias ? Moments.corrected(mean, decay, count) : mean,
                new State<>(count, TreeMath.castLike(mean, state.ema())));
    }
}
