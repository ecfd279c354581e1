package javelin.optim;

import java.util.List;
import java.util.function.Function;
import javelin.core.Tensor;

/**
 * Applies a transformation to the tensors that the mask chooses; the gradients of the others are handed on unchanged,
 * so a later part of the chain must scale or drop them. (optax.masked)
 *
 * @param inner sees the chosen tensors only, and keeps state for them only
 */
public record Masked<P, S>(GradientTransformation<Selected, S> inner, Mask mask)
        implements LossAware<P, Masked.State<S>> {

    public record State<S>(S innerState) {}

    @Override public State<S> init(P params) { return new State<>(inner.init(Selected.of(params, mask.over(params)))); }

    @Override public Step<P, State<S>> update(P gradients, State<S> state, P params, Loss<P> loss) {
        List<Boolean> chosen = mask.over(params);
        var function = loss.function().map(f -> (Function<Selected, Tensor>)
                s -> f.apply(s.into(params, chosen)));
        var seen = new Loss<>(loss.value(), loss.gradient().map(g -> Selected.of(g, chosen)), function);
        var step = inner.update(Selected.of(gradients, chosen), state.innerState(), Selected.of(params, chosen), seen);
        return new Step<>(step.updates().into(gradients, chosen), new State<>(step.state()));
    }
}
