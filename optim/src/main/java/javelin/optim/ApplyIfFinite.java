package javelin.optim;

import javelin.Control;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * Skips gradients with an infinite number or NaN: the updates are 0 and the inner state stays; but after more than
 * {@code maxConsecutiveErrors} of them in a row they are let through. (optax.apply_if_finite)
 */
public record ApplyIfFinite<P, S>(GradientTransformation<P, S> inner, int maxConsecutiveErrors)
        implements LossAware<P, ApplyIfFinite.State<S>> {

    /** @param notfiniteCount in a row, @param lastFinite a bool, @param totalNotfinite since the start */
    public record State<S>(Tensor notfiniteCount, Tensor lastFinite, Tensor totalNotfinite, S innerState) {}

    @Override public State<S> init(P params) {
        return new State<>(Counted.none(), Array.scalar(1, DType.BOOL), Counted.none(), inner.init(params));
    }

    @Override public Step<P, State<S>> update(P gradients, State<S> state, P params, Loss<P> loss) {
        Tensor finite = TreeMath.allFinite(gradients);
        Tensor count = finite.where(Counted.none(), Counted.next(state.notfiniteCount()));
        Tensor total = finite.where(state.totalNotfinite(), Counted.next(state.totalNotfinite()));
        Step<P, S> step = Control.cond(finite.or(count.gt(maxConsecutiveErrors)),
                (S s) -> inner.update(gradients, s, params, loss),
                (S s) -> new Step<>(TreeMath.zeros(gradients), s), state.innerState());
        return new Step<>(step.updates(), new State<>(count, finite, total, step.state()));
    }
}
