package javelin.nn;

import java.util.ArrayList;
import java.util.List;
import javelin.Control;
import javelin.Key;
import javelin.Tensors;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * {@link LSTMCell} with the same parameters, whose four products with the input, and with the state, are one: faster
 * for many features. (flax.linen.OptimizedLSTMCell)
 */
public record OptimizedLSTMCell(int features, Settings settings) implements RecurrentCell<RecurrentCell.Memory> {
    public static OptimizedLSTMCell of(int features) { return new OptimizedLSTMCell(features, Settings.USUAL); }

    public OptimizedLSTMCell with(Settings settings) { return new OptimizedLSTMCell(features, settings); }

    /** The parameters of a {@link Dense}, to be put together with others. */
    private record DenseParams(Dense of) {
        List<Tensor> call(Scope s, TensorType x) {
            Tensor kernel = s.param("kernel", of.kernelInit(),
                    TensorType.of(x.dtype(), x.shape().size(x.rank() - 1), of.features()));
            return of.useBias() ? List.of(kernel,
                    s.param("bias", of.biasInit(), TensorType.of(x.dtype(), of.features())))
                    : List.of(kernel);
        }
    }

    @Override public Control.Step<Memory, Tensor> step(Scope s, Memory before, Tensor x) {
        Tensor h = before.h();
        List<Tensor> ofInput = new ArrayList<>(), ofHidden = new ArrayList<>(), bias = new ArrayList<>();
        for (String name : List.of("i", "f", "g", "o")) {
            ofInput.add(params(s, "i" + name, settings.input(features, false), x).getFirst());
            List<Tensor> hidden = params(s, "h" + name, settings.hidden(features, true), h);
            ofHidden.add(hidden.getFirst());
            bias.add(hidden.getLast());
        }
        Tensor sums = h.matmul(Tensors.concatenate(ofHidden, 1)).add(Tensors.concatenate(bias, 0))
                .add(x.matmul(Tensors.concatenate(ofInput, 1)));
        List<Tensor> part = sums.split(4, -1);
        Tensor i = settings.gate().apply(part.get(0)), f = settings.gate().apply(part.get(1));
        Tensor g = settings.activation().apply(part.get(2)), o = settings.gate().apply(part.get(3));
        Tensor c = f.mul(before.c()).add(i.mul(g)), y = o.mul(settings.activation().apply(c));
        return new Control.Step<>(new Memory(c, y), y);
    }

    private static List<Tensor> params(Scope s, String name, Dense of, Tensor x) {
        return s.bind(name, new DenseParams(of)).call((d, at) -> d.call(at, x.type()));
    }

    @Override public Memory initialCarry(Key key, TensorType x) { return settings.memory(key, x, features); }
}
