package javelin.optim;

import java.util.Optional;
import java.util.function.Function;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * What is known about the loss at the parameters, for transformations that look at more than gradients: line searches,
 * {@code reduceOnPlateau}, {@code polyakSgd}, {@code sam}. Others ignore it. (The extra arguments of optax's
 * update: value, grad, value_fn)
 * <pre>{@code tx.update(gradients, state, params, Loss.of(value))}</pre>
 *
 * @param value    a scalar
 * @param gradient before any transformation
 * @param function of parameters, to be tried elsewhere
 */
public record Loss<P>(Optional<Tensor> value, Optional<P> gradient, Optional<Function<P, Tensor>> function) {

    /** Nothing is known. */
    public static <P> Loss<P> unknown() { return new Loss<>(Optional.empty(), Optional.empty(), Optional.empty()); }

    public static <P> Loss<P> of(Tensor value) {
        return new Loss<>(Optional.of(value), Optional.empty(), Optional.empty());
    }

    public static <P> Loss<P> of(Tensor value, P gradient, Function<P, Tensor> function) {
        return new Loss<>(Optional.of(value), Optional.of(gradient), Optional.of(function));
    }

    /** The value in the given type. Throws, saying what to write, if {@code who} is not told it. */
    Tensor value(String who, DType type) {
        return value.orElseThrow(() -> missing(who, "the value of the loss", "Loss.of(value)")).astype(type);
    }

    P gradient(String who) { return gradient.orElseThrow(() -> missing(who, "the gradient", ALL)); }

    Function<P, Tensor> function(String who) { return function.orElseThrow(() -> missing(who, "the loss", ALL)); }

    private static final String ALL = "Loss.of(value, gradient, lossFunction)";

    private static JavelinException missing(String who, String what, String call) {
        return new JavelinException(who + " needs " + what + ": call update(gradients, state, params, " + call + ")");
    }
}
