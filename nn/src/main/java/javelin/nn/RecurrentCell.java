package javelin.nn;

import java.util.List;
import java.util.function.UnaryOperator;
import javelin.Control;
import javelin.Key;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/** One step of a recurrent network with a state {@code C}, any tree of tensors; {@link RNN} runs it over a sequence. */
public interface RecurrentCell<C> {
    /** The state after {@code x}, [batch..., in], and the step's output, [batch..., features]. */
    Control.Step<C, Tensor> step(Scope s, C carry, Tensor x);

    /** The state before the first step, for inputs of the given type. (initialize_carry) */
    C initialCarry(Key key, TensorType x);

    /** How many axes of an input, the last ones, are not of the batch. */
    default int featureAxes() { return 1; }

    /** The state of the cells with memory: what they remember and what they said last. */
    record Memory(Tensor c, Tensor h) {}

    /**
     * What all cells have in common.
     *
     * @param gate       what makes gates of sums, a sigmoid
     * @param activation what makes values of sums, a tanh
     * @param kernelInit of the matrices that multiply inputs
     * @param hiddenInit of the matrices that multiply the state
     * @param carryInit  of the state before the first step
     */
    record Settings(UnaryOperator<Tensor> gate, UnaryOperator<Tensor> activation, Initializer kernelInit,
            Initializer hiddenInit, Initializer biasInit, Initializer carryInit) {
        /** Sigmoid, tanh, LeCun normal, orthogonal, zeros, zeros. */
        public static final Settings USUAL = new Settings(Tensor::logistic, Tensor::tanh, Initializers.lecunNormal(),
                Initializers.orthogonal(), Initializers.zeros(), Initializers.zeros());

        public Settings withFunctions(UnaryOperator<Tensor> gate, UnaryOperator<Tensor> activation) {
            return new Settings(gate, activation, kernelInit, hiddenInit, biasInit, carryInit);
        }

        public Settings withInits(Initializer kernel, Initializer hidden, Initializer bias) {
            return new Settings(gate, activation, kernel, hidden, bias, carryInit);
        }

        public Settings withCarryInit(Initializer init) {
            return new Settings(gate, activation, kernelInit, hiddenInit, biasInit, init);
        }

        Dense input(int features, boolean useBias) {
            return new Dense(features, useBias, kernelInit, biasInit);
        }

        Dense hidden(int features, boolean useBias) {
            return new Dense(features, useBias, hiddenInit, biasInit);
        }

        /** {@code hidden(h) + input(x)}, of layers called {@code h} and {@code i} and then {@code name}. */
        Tensor sum(Scope s, String name, Tensor x, boolean inputBias, Tensor h, boolean hiddenBias) {
            int n = h.size(-1);
            Tensor ofInput = s.call("i" + name, input(n, inputBias), x);
            return s.call("h" + name, hidden(n, hiddenBias), h).add(ofInput);
        }

        Tensor carry(Key key, TensorType x, int features) {
            int batch = x.rank() - 1;
            return carryInit.apply(key, x.withShape(x.shape().without(List.of(batch)).insert(batch, features)));
        }

        Memory memory(Key key, TensorType x, int features) {
            List<Key> keys = key.split(2);
            return new Memory(carry(keys.get(0), x, features), carry(keys.get(1), x, features));
        }
    }
}
