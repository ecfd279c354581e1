package javelin.optim;

import java.util.function.BinaryOperator;
import javelin.core.Tensor;

/**
 * A transformation that is a function of gradients and parameters. (optax.stateless, stateless_with_tree_map)
 *
 * @param name what it is called in messages
 */
public record Stateless<P>(String name, BinaryOperator<P> function) implements GradientTransformation<P, NoState> {

    /** {@code rule} of every gradient and its parameter. */
    public static <P> Stateless<P> each(String name, BinaryOperator<Tensor> rule) {
        return new Stateless<>(name, (g, p) -> TreeMath.zip(name, g, p, rule));
    }

    @Override public NoState init(P params) { return new NoState(); }

    @Override public Step<P, NoState> update(P gradients, NoState state, P params) {
        return new Step<>(function.apply(gradients, params), state);
    }
}
