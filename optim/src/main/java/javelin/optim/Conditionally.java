package javelin.optim;

import java.util.function.UnaryOperator;
import javelin.Control;
import javelin.core.Tensor;

/**
 * Applies a transformation at the updates a condition chooses. (optax.conditionally_transform, conditionally_mask)
 *
 * @param condition of the count of updates before this one, a bool scalar
 * @param otherwise whether gradients are handed on at the other updates ({@code PASS}) or dropped ({@code ZERO})
 */
public record Conditionally<P, S>(GradientTransformation<P, S> inner, UnaryOperator<Tensor> condition,
        Otherwise otherwise) implements LossAware<P, Conditionally.State<S>> {

    /** What happens to gradients when the condition is false. */
    public enum Otherwise { PASS, ZERO }

    public record State<S>(Tensor step, S innerState) {}

    @Override public State<S> init(P params) { return new State<>(Counted.none(), inner.init(params)); }

    @Override public Step<P, State<S>> update(P gradients, State<S> state, P params, Loss<P> loss) {
        Step<P, S> step = Control.cond(condition.apply(state.step()),
                (S s) -> inner.update(gradients, s, params, loss),
                (S s) -> new Step<>(otherwise == Otherwise.PASS ? gradients : TreeMath.zeros(gradients), s),
                state.innerState());
        return new Step<>(step.updates(), new State<>(Counted.next(state.step()), step.state()));
    }
}
