package javelin.nn;

import javelin.Control;
import javelin.Key;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * {@code h' = tanh(W x + b + U h)}, plus h within the tanh if {@code residual}: layers {@code i} of the input and
 * {@code h} of the state. Elman (1990). (flax.linen.SimpleCell)
 */
public record SimpleCell(int features, Settings settings, boolean residual) implements RecurrentCell<Tensor> {
    public static SimpleCell of(int features) { return new SimpleCell(features, Settings.USUAL, false); }

    public SimpleCell with(Settings settings) { return new SimpleCell(features, settings, residual); }

    public SimpleCell withResidual(boolean residual) { return new SimpleCell(features, settings, residual); }

    @Override public Control.Step<Tensor, Tensor> step(Scope s, Tensor h, Tensor x) {
        Tensor sum = settings.sum(s, "", x, true, h, false);
        Tensor y = settings.activation().apply(residual ? sum.add(h) : sum);
        return new Control.Step<>(y, y);
    }

    @Override public Tensor initialCarry(Key key, TensorType x) { return settings.carry(key, x, features); }
}
