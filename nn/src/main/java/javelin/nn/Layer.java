package javelin.nn;

import java.util.List;
import java.util.function.UnaryOperator;
import javelin.Key;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * A module with one tensor in and one out: best a record of hyper-parameters, which makes equal layers equal. It owns
 * no numbers: parameters come from the {@link Scope}, which names them, makes them in {@link #init} and looks them up
 * later.
 * <pre>{@code
 * record Mlp(int hidden, int out) implements Layer {
 *     public Tensor call(Scope s, Tensor x) {
 *         x = s.call(Dense.of(hidden), x).tanh();     // parameters Dense_0/kernel, Dense_0/bias
 *         return s.call(Dense.of(out), x);            // Dense_1/...
 *     }
 * }}</pre>
 * A module with other inputs or several methods is any record with methods that take a scope; see {@link Nn} and
 * {@link Scope#bind}. Flax: a linen Module with a compact {@code __call__}.
 */
@FunctionalInterface
public interface Layer {
    /** What the layer computes; all its parameters, state and random numbers come from {@code s}. */
    Tensor call(Scope s, Tensor x);

    /** A layer without parameters, such as {@code Layer.of(Activations::relu)}. */
    static Layer of(UnaryOperator<Tensor> f) { return (_, x) -> f.apply(x); }

    /**
     * The layer's variables for inputs of the given type. The layer is traced, not executed: only initialisers run.
     *
     * @param key the root of the stream {@code params}
     */
    default Variables init(Key key, TensorType input) { return init(Rngs.of("params", key), input); }

    /** As above, with more random streams than {@code params}. */
    default Variables init(Rngs rngs, TensorType input) {
        return Nn.init(rngs, List.of(input), (s, in) -> s.enter(this, in, () -> call(s, in.getFirst())));
    }

    /** As above, for an example input; the example's numbers are used only if a variable starts from them. */
    default Variables init(Key key, Tensor input) {
        return Nn.init(Rngs.of("params", key), s -> s.enter(this, List.of(input), () -> call(s, input)));
    }

    /** The output in evaluation: running statistics are read, nothing is dropped, no state changes. */
    default Tensor apply(Variables variables, Tensor x) {
        return Nn.apply(variables, s -> s.enter(this, List.of(x), () -> call(s, x)));
    }

    /** The output in training, with the state that changed; needs random streams if a layer draws numbers. */
    default Applied<Tensor> train(Variables variables, Tensor x, Rngs rngs) {
        return Nn.train(variables, rngs, s -> s.enter(this, List.of(x), () -> call(s, x)));
    }
}
