package javelin.nn;

import java.util.List;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * Normalises each example along the last axis: {@code y = (x - mean) (rsqrt(var + epsilon) scale) + bias} with
 * {@code var = max(0, mean(x^2) - mean^2)}, {@code [..., features] -> [..., features]}. Parameters {@code scale} and
 * {@code bias} [features], ones and zeros. The default epsilon is 1e-6, as in Flax; PyTorch's is 1e-5. Ba, Kiros and
 * Hinton, arXiv:1607.06450. (flax.linen.LayerNorm)
 */
public record LayerNorm(double epsilon, boolean useBias, boolean useScale) implements Layer {
    public static LayerNorm of() { return new LayerNorm(1e-6, true, true); }

    public LayerNorm withEpsilon(double epsilon) { return new LayerNorm(epsilon, useBias, useScale); }

    public LayerNorm withUseBias(boolean use) { return new LayerNorm(epsilon, use, useScale); }

    public LayerNorm withUseScale(boolean use) { return new LayerNorm(epsilon, useBias, use); }

    @Override public Tensor call(Scope s, Tensor x) {
        if (x.rank() == 0 || !x.dtype().isFloat())
            throw new ShapeException("LayerNorm", List.of(x.type()),
                    "takes floating-point numbers with an axis of features, the last");
        TensorType features = TensorType.of(x.dtype(), x.size(-1));
        Tensor mean = x.mean(-1), variance = x.square().mean(-1).sub(mean.square()).maximum(0);
        Tensor factor = x.keep(variance.add(epsilon).rsqrt(), -1);
        if (useScale) factor = factor.mul(s.param("scale", Initializers.ones(), features));
        Tensor y = x.sub(x.keep(mean, -1)).mul(factor);
        return useBias ? y.add(s.param("bias", Initializers.zeros(), features)) : y;
    }
}
