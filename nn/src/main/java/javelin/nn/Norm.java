package javelin.nn;

import java.util.List;
import java.util.Optional;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * What all normalisations have in common: {@code y = (x - mean) (rsqrt(variance + epsilon) scale) + bias}, with
 * parameters {@code scale} and {@code bias} of the sizes of the feature axes.
 *
 * @param fastVariance whether the variance is {@code max(0, mean(x^2) - mean^2)}, in one pass, or the mean squared
 *                     distance from the mean, which is more exact where the mean is large
 */
public record Norm(double epsilon, boolean useBias, boolean useScale, Initializer biasInit, Initializer scaleInit,
        boolean fastVariance) {
    /** A bias from zeros, a scale from ones, the fast variance. */
    static Norm of(double epsilon) {
        return new Norm(epsilon, true, true, Initializers.zeros(), Initializers.ones(), true);
    }

    /** Statistics of rank and axes of what they are of, of size 1 where that was reduced. */
    record Statistics(Tensor mean, Tensor variance) {}

    Statistics statistics(Tensor x, List<Integer> axes, Optional<Tensor> mask) {
        Tensor mean = mean(x, axes, mask);
        Tensor variance = fastVariance ? mean(x.square(), axes, mask).sub(mean.square()).maximum(0)
                : mean(x.sub(mean).square(), axes, mask);
        return new Statistics(mean, variance);
    }

    /** The mean over {@code axes}, which stay with size 1, of the elements where {@code mask} is true. */
    static Tensor mean(Tensor x, List<Integer> axes, Optional<Tensor> mask) {
        Shape kept = new Shape(Lists.each(x.rank(), a -> axes.contains(a) ? 1 : x.size(a)));
        if (mask.isEmpty()) return x.sum(axes).div(x.shape().select(axes).elements()).reshape(kept);
        Tensor use = truth(mask.get()).broadcastTo(x.shape());
        return use.where(x, x.like(0)).sum(axes).div(use.astype(x.dtype()).sum(axes)).reshape(kept);
    }

    /** A mask as booleans: true where it is not 0. */
    static Tensor truth(Tensor mask) { return mask.ne(0); }

    /** {@code x} with the given statistics, and this layer's scale and bias along {@code features}. */
    Tensor normalize(Scope s, Tensor x, Statistics of, List<Integer> features) {
        require("normalisation", x, features);
        TensorType type = x.type().withShape(x.shape().select(features));
        Shape along = new Shape(Lists.each(x.rank(), a -> features.contains(a) ? x.size(a) : 1));
        Tensor factor = of.variance().add(epsilon).rsqrt();
        if (useScale) factor = factor.mul(s.param("scale", scaleInit, type).reshape(along));
        Tensor y = x.sub(of.mean()).mul(factor);
        return useBias ? y.add(s.param("bias", biasInit, type).reshape(along)) : y;
    }

    /** {@code axes}, negative ones counted from the end, in order and once each. */
    static List<Integer> axes(Tensor x, List<Integer> axes) {
        return Lists.map(axes, a -> a < 0 ? a + x.rank() : a).stream().sorted().distinct().toList();
    }

    /** The axes from {@code from} on that are not among {@code some}. */
    static List<Integer> others(Tensor x, int from, List<Integer> some) {
        return Lists.range(from, Math.max(0, x.rank() - from)).stream().filter(a -> !some.contains(a)).toList();
    }

    static void require(String layer, Tensor x, List<Integer> axes) {
        if (!x.dtype().isFloat())
            throw new ShapeException(layer, List.of(x.type()), "takes floating-point numbers; convert with astype");
        for (int a : axes)
            if (a < 0 || a >= x.rank())
                throw new ShapeException(layer, List.of(x.type()), "there is no axis " + a + " to normalise along");
    }

    /** A layer that normalises. {@code L} is the layer itself. */
    public interface Of<L extends Of<L>> extends Layer {
        Norm norm();

        /** This layer with other settings of what all normalisations have. */
        L with(Norm norm);

        /** The layer's result, of f32 or wider. */
        Tensor normalized(Scope s, Tensor x, Optional<Tensor> mask);

        /**
         * As {@link #call(Scope, Tensor)}, with statistics of the elements where {@code mask} is true, not 0. What is
         * narrower than f32 is normalised in f32, with parameters in f32.
         */
        default Tensor call(Scope s, Tensor x, Optional<Tensor> mask) {
            boolean narrow = x.dtype().isFloat() && x.dtype().bytes() < DType.F32.bytes();
            return narrow ? normalized(s, x.astype(DType.F32), mask).astype(x.dtype()) : normalized(s, x, mask);
        }

        @Override default Tensor call(Scope s, Tensor x) { return call(s, x, Optional.empty()); }

        default L withEpsilon(double epsilon) {
            Norm n = norm();
            return with(new Norm(epsilon, n.useBias, n.useScale, n.biasInit, n.scaleInit, n.fastVariance));
        }

        default L withUseBias(boolean use) {
            Norm n = norm();
            return with(new Norm(n.epsilon, use, n.useScale, n.biasInit, n.scaleInit, n.fastVariance));
        }

        default L withUseScale(boolean use) {
            Norm n = norm();
            return with(new Norm(n.epsilon, n.useBias, use, n.biasInit, n.scaleInit, n.fastVariance));
        }

        default L withBiasInit(Initializer init) {
            Norm n = norm();
            return with(new Norm(n.epsilon, n.useBias, n.useScale, init, n.scaleInit, n.fastVariance));
        }

        default L withScaleInit(Initializer init) {
            Norm n = norm();
            return with(new Norm(n.epsilon, n.useBias, n.useScale, n.biasInit, init, n.fastVariance));
        }

        default L withFastVariance(boolean fast) {
            Norm n = norm();
            return with(new Norm(n.epsilon, n.useBias, n.useScale, n.biasInit, n.scaleInit, fast));
        }
    }
}
