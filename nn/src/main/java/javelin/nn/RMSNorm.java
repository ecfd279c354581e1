package javelin.nn;

import java.util.List;
import java.util.Optional;
import javelin.core.Tensor;

/**
 * Divides by the root of the mean square along {@code reduction}, by default the last axis:
 * {@code y = x rsqrt(mean(x^2) + epsilon) scale}. Parameter {@code scale} of the sizes of the axes {@code features}.
 * The default epsilon is 1e-6. Zhang and Sennrich, arXiv:1910.07467. (flax.linen.RMSNorm)
 */
public record RMSNorm(Norm norm, List<Integer> reduction, List<Integer> features) implements Norm.Of<RMSNorm> {
    public static RMSNorm of() { return new RMSNorm(Norm.of(1e-6), List.of(-1), List.of(-1)).withUseBias(false); }

    public RMSNorm withAxes(List<Integer> reduction, List<Integer> features) {
        return new RMSNorm(norm, List.copyOf(reduction), List.copyOf(features));
    }

    @Override public RMSNorm with(Norm norm) { return new RMSNorm(norm, reduction, features); }

    @Override public Tensor normalized(Scope s, Tensor x, Optional<Tensor> mask) {
        List<Integer> axes = Norm.axes(x, reduction);
        Norm.require("RMSNorm", x, axes);
        var uncentred = new Norm.Statistics(x.like(0), Norm.mean(x.square(), axes, mask));
        return norm.normalize(s, x, uncentred, Norm.axes(x, features));
    }
}
