package javelin.nn;

import java.util.List;
import java.util.Set;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.type.Shape;

/**
 * A layer whose kernels are {@code scale w / |w|}, the length {@code |w| = sqrt(sum(w^2) + epsilon)} over all axes but
 * {@code features}: length and direction of each feature's weights are learned apart. A parameter {@code w} at
 * {@code layer_instance/kernel} has its scale at {@code layer_instance/kernel/scale}. Salimans and Kingma,
 * arXiv:1602.07868. (flax.linen.WeightNorm)
 *
 * @param filter parts of the paths of the parameters to normalise
 */
public record WeightNorm(Layer layer, double epsilon, boolean useScale, Initializer scaleInit, List<Integer> features,
        Set<String> filter) implements Layer {
    public static WeightNorm of(Layer layer) {
        return new WeightNorm(layer, 1e-12, true, Initializers.ones(), List.of(-1), Set.of("kernel"));
    }

    public WeightNorm withEpsilon(double epsilon) {
        return new WeightNorm(layer, epsilon, useScale, scaleInit, features, filter);
    }

    public WeightNorm withScale(boolean use, Initializer init) {
        return new WeightNorm(layer, epsilon, use, init, features, filter);
    }

    /** The axes that keep a length of their own: none of them for one length of the whole. */
    public WeightNorm withFeatures(List<Integer> axes) {
        return new WeightNorm(layer, epsilon, useScale, scaleInit, List.copyOf(axes), filter);
    }

    public WeightNorm withFilter(Set<String> filter) {
        return new WeightNorm(layer, epsilon, useScale, scaleInit, features, Set.copyOf(filter));
    }

    @Override public Tensor call(Scope s, Tensor x) { return call(s, s.bind("layer_instance", layer), x); }

    /** As above, for a layer that has its name from elsewhere. */
    public Tensor call(Scope s, Bound<? extends Layer> inner, Tensor x) {
        return inner.reading((path, w) -> normal(s, path, w), (l, at) -> l.call(at, x));
    }

    private Tensor normal(Scope s, String path, Tensor w) {
        if (!filter.isEmpty() && filter.stream().noneMatch(path::contains)) return w;
        List<Integer> kept = Norm.axes(w, features), gone = Norm.others(w, 0, kept);
        Shape along = new Shape(Lists.each(w.rank(), a -> kept.contains(a) ? w.size(a) : 1));
        Tensor unit = w.mul(w.square().sum(gone).add(epsilon).rsqrt().reshape(along));
        return useScale ? unit.mul(s.param(path + "/scale", scaleInit, w.type().withShape(w.shape().select(kept)))
                .reshape(along)) : unit;
    }
}
