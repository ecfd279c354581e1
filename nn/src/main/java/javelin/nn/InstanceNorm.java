package javelin.nn;

import java.util.List;
import java.util.Optional;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;

/**
 * Normalises each example and feature along all other axes: {@code [batch, ..., features]}, of the same shape. The
 * default epsilon is 1e-6. Ulyanov, Vedaldi and Lempitsky, arXiv:1607.08022. (flax.linen.InstanceNorm; formula: {@link
 * Norm})
 */
public record InstanceNorm(Norm norm, List<Integer> features) implements Norm.Of<InstanceNorm> {
    public static InstanceNorm of() { return new InstanceNorm(Norm.of(1e-6), List.of(-1)); }

    public InstanceNorm withFeatures(int... axes) {
        return new InstanceNorm(norm, Lists.each(axes.length, i -> axes[i]));
    }

    @Override public InstanceNorm with(Norm norm) { return new InstanceNorm(norm, features); }

    @Override public Tensor normalized(Scope s, Tensor x, Optional<Tensor> mask) {
        List<Integer> kept = Norm.axes(x, features);
        Norm.require("InstanceNorm", x, kept);
        if (kept.contains(0))
            throw new ShapeException("InstanceNorm", List.of(x.type()),
                    "axis 0 is the batch and cannot be one of the features " + features);
        return norm.normalize(s, x, norm.statistics(x, Norm.others(x, 1, kept), mask), kept);
    }
}
