package javelin.nn;

import java.util.List;
import java.util.Optional;
import javelin.core.Tensor;

/**
 * Normalises each example along {@code reduction}, by default the last axis, {@code [..., features] -> [...,
 * features]}; parameters {@code scale} and {@code bias} of the sizes of the axes {@code features}. The default epsilon
 * is 1e-6, as in Flax; PyTorch's is 1e-5. Ba, Kiros and Hinton, arXiv:1607.06450. (flax.linen.LayerNorm; formula:
 * {@link Norm})
 */
public record LayerNorm(Norm norm, List<Integer> reduction, List<Integer> features) implements Norm.Of<LayerNorm> {
    public static LayerNorm of() { return new LayerNorm(Norm.of(1e-6), List.of(-1), List.of(-1)); }

    public LayerNorm withAxes(List<Integer> reduction, List<Integer> features) {
        return new LayerNorm(norm, List.copyOf(reduction), List.copyOf(features));
    }

    @Override public LayerNorm with(Norm norm) { return new LayerNorm(norm, reduction, features); }

    @Override public Tensor normalized(Scope s, Tensor x, Optional<Tensor> mask) {
        List<Integer> axes = Norm.axes(x, reduction);
        Norm.require("LayerNorm", x, axes);
        return norm.normalize(s, x, norm.statistics(x, axes, mask), Norm.axes(x, features));
    }
}
