package javelin.nn;

import java.util.List;
import javelin.core.Tensor;

/**
 * One layer after the other, named {@code layers_0}, {@code layers_1}, ...; layers without parameters count too.
 * (flax.linen.Sequential)
 */
public record Sequential(List<Layer> layers) implements Layer {
    public Sequential {
        layers = List.copyOf(layers);
    }

    /** For example {@code Sequential.of(Dense.of(16), Layer.of(Activations::relu), Dense.of(10))}. */
    public static Sequential of(Layer... layers) { return new Sequential(List.of(layers)); }

    @Override public Tensor call(Scope s, Tensor x) {
        for (int i = 0; i < layers.size(); i++) x = s.call("layers_" + i, layers.get(i), x);
        return x;
    }
}
