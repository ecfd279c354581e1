package javelin.nn;

import javelin.Control;
import javelin.Key;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * {@code c' = f c + i g}, {@code h' = o tanh(c')} with gates i, f, o and values g of {@code W x + U h + b}: layers
 * {@code ii if ig io} of the input, without bias, and {@code hi hf hg ho} of the state. Hochreiter and Schmidhuber
 * (1997). (flax.linen.LSTMCell)
 */
public record LSTMCell(int features, Settings settings) implements RecurrentCell<RecurrentCell.Memory> {
    public static LSTMCell of(int features) { return new LSTMCell(features, Settings.USUAL); }

    public LSTMCell with(Settings settings) { return new LSTMCell(features, settings); }

    @Override public Control.Step<Memory, Tensor> step(Scope s, Memory before, Tensor x) {
        Tensor h = before.h();
        Tensor i = settings.gate().apply(settings.sum(s, "i", x, false, h, true));
        Tensor f = settings.gate().apply(settings.sum(s, "f", x, false, h, true));
        Tensor g = settings.activation().apply(settings.sum(s, "g", x, false, h, true));
        Tensor o = settings.gate().apply(settings.sum(s, "o", x, false, h, true));
        Tensor c = f.mul(before.c()).add(i.mul(g)), y = o.mul(settings.activation().apply(c));
        return new Control.Step<>(new Memory(c, y), y);
    }

    @Override public Memory initialCarry(Key key, TensorType x) { return settings.memory(key, x, features); }
}
