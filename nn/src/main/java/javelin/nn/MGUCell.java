package javelin.nn;

import javelin.Control;
import javelin.Key;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * The minimal gated unit, a {@link GRUCell} with one gate: {@code h' = (1 - f) n + f h} with
 * {@code n = tanh(W x + b + f (U h + b'))}: layers {@code if in} of the input and {@code hf hn} of the state. Zhou et
 * al., arXiv:1603.09420. (flax.linen.MGUCell)
 *
 * @param forgetInit of the bias of the gate
 * @param resetGate  whether f multiplies what the state contributes to n
 */
public record MGUCell(int features, Settings settings, Initializer forgetInit, boolean resetGate)
        implements RecurrentCell<Tensor> {
    public static MGUCell of(int features) { return new MGUCell(features, Settings.USUAL, Initializers.ones(), true); }

    public MGUCell with(Settings settings) { return new MGUCell(features, settings, forgetInit, resetGate); }

    public MGUCell withForgetInit(Initializer init) { return new MGUCell(features, settings, init, resetGate); }

    public MGUCell withResetGate(boolean reset) { return new MGUCell(features, settings, forgetInit, reset); }

    @Override public Control.Step<Tensor, Tensor> step(Scope s, Tensor h, Tensor x) {
        Tensor ofState = s.call("hf", settings.hidden(features, false), h);
        Tensor f = settings.gate()
                .apply(s.call("if", settings.input(features, true).withBiasInit(forgetInit), x).add(ofState));
        Tensor u = s.call("hn", settings.hidden(features, resetGate), h);
        Tensor n = settings.activation().apply(s.call("in", settings.input(features, true), x)
                .add(resetGate ? u.mul(f) : u));
        Tensor y = f.neg().add(1).mul(n).add(f.mul(h));
        return new Control.Step<>(y, y);
    }

    @Override public Tensor initialCarry(Key key, TensorType x) { return settings.carry(key, x, features); }
}
