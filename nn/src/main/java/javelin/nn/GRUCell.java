package javelin.nn;

import javelin.Control;
import javelin.Key;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * {@code h' = (1 - z) n + z h} with gates r, z of {@code W x + b + U h} and {@code n = tanh(W x + b + r (U h + b'))}:
 * layers {@code ir iz in} of the input and {@code hr hz hn} of the state. Cho et al., arXiv:1406.1078.
 * (flax.linen.GRUCell)
 */
public record GRUCell(int features, Settings settings) implements RecurrentCell<Tensor> {
    public static GRUCell of(int features) { return new GRUCell(features, Settings.USUAL); }

    public GRUCell with(Settings settings) { return new GRUCell(features, settings); }

    @Override public Control.Step<Tensor, Tensor> step(Scope s, Tensor h, Tensor x) {
        Tensor r = settings.gate().apply(settings.sum(s, "r", x, true, h, false));
        Tensor z = settings.gate().apply(settings.sum(s, "z", x, true, h, false));
        Tensor ofInput = s.call("in", settings.input(features, true), x);
        Tensor n = settings.activation().apply(ofInput.add(r.mul(s.call("hn", settings.hidden(features, true), h))));
        Tensor y = z.neg().add(1).mul(n).add(z.mul(h));
        return new Control.Step<>(y, y);
    }

    @Override public Tensor initialCarry(Key key, TensorType x) { return settings.carry(key, x, features); }
}
