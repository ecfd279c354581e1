package javelin.nn;

import java.util.List;
import javelin.core.ShapeException;
import javelin.core.Tensor;

/**
 * Activation functions, elementwise but for those with an axis. Formulas and derivatives are those of {@code jax.nn}.
 */
public final class Activations {
    private Activations() {}

    /** {@code max(x, 0)}; NaN stays NaN. The derivative at 0 is 0. */
    public static Tensor relu(Tensor x) { return x.le(0).where(x.like(0), x); }

    /** {@code min(max(x, 0), 6)} */
    public static Tensor relu6(Tensor x) { return relu(x).minimum(6); }

    /** {@code 1 / (1 + exp(-x))} */
    public static Tensor sigmoid(Tensor x) { return x.logistic(); }

    public static Tensor tanh(Tensor x) { return x.tanh(); }

    /** {@code x sigmoid(x)}, also called swish. */
    public static Tensor silu(Tensor x) { return x.mul(x.logistic()); }

    /**
     * {@code x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}: the approximation that jax.nn.gelu and Flax use by
     * default.
     */
    public static Tensor gelu(Tensor x) {
        Tensor inner = x.add(x.pow(3).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
        return x.mul(inner.tanh().add(1).mul(0.5));
    }

    /** {@code x/2 (1 + erf(x / sqrt(2)))}: the Gaussian error linear unit itself, PyTorch's default. */
    public static Tensor geluExact(Tensor x) { return x.mul(0.5).mul(x.div(Math.sqrt(2)).erf().add(1)); }

    /** {@code log(1 + exp(x))}, without overflow. */
    public static Tensor softplus(Tensor x) {
        Tensor positive = x.gt(0);                                       // maximum and abs have other slopes at 0
        return positive.where(x, x.like(0)).add(positive.where(x.neg(), x).exp().log1p());
    }

    /** {@code log(sigmoid(x)) = -softplus(-x)} */
    public static Tensor logSigmoid(Tensor x) { return softplus(x.neg()).neg(); }

    /** {@code x / (1 + |x|)} */
    public static Tensor softSign(Tensor x) { return x.div(x.abs().add(1)); }

    /** {@code x} above 0, {@code exp(x) - 1} below. */
    public static Tensor elu(Tensor x) { return elu(x, 1); }

    /** {@code x} above 0, {@code alpha (exp(x) - 1)} below. */
    public static Tensor elu(Tensor x, double alpha) {
        Tensor positive = x.gt(0);
        return positive.where(x, positive.where(x.like(0), x).expm1().mul(alpha));
    }

    /** Klambauer et al., arXiv:1706.02515: {@code 1.0507 elu(x, 1.6733)}. */
    public static Tensor selu(Tensor x) { return elu(x, 1.6732632423543772).mul(1.0507009873554805); }

    /** {@code x} from 0 on, {@code x / 100} below. */
    public static Tensor leakyRelu(Tensor x) { return leakyRelu(x, 0.01); }

    /** {@code x} from 0 on, {@code slope x} below. */
    public static Tensor leakyRelu(Tensor x, double slope) { return x.ge(0).where(x, x.mul(slope)); }

    /** {@code relu6(x + 3) / 6} */
    public static Tensor hardSigmoid(Tensor x) { return relu6(x.add(3)).div(6); }

    /** {@code x hardSigmoid(x)} */
    public static Tensor hardSilu(Tensor x) { return x.mul(hardSigmoid(x)); }

    /** {@code x} within [-1, 1] */
    public static Tensor hardTanh(Tensor x) { return x.gt(1).where(x.like(1), x.lt(-1).where(x.like(-1), x)); }

    /** The first half along {@code axis} times the sigmoid of the second. */
    public static Tensor glu(Tensor x, int axis) {
        if (x.size(axis) % 2 == 1)
            throw new ShapeException("glu", List.of(x.type()), "axis " + axis + " has " + x.size(axis)
                    + " elements and no halves");
        List<Tensor> halves = x.split(2, axis);
        return halves.get(0).mul(halves.get(1).logistic());
    }

    /** {@code exp(x) / sum(exp(x))} along the last axis. */
    public static Tensor softmax(Tensor x) { return softmax(x, -1); }

    /** {@code exp(x) / sum(exp(x))} along {@code axis}, without overflow. */
    public static Tensor softmax(Tensor x, int axis) {
        Tensor e = lessMaximum(x, axis).exp();
        return e.mul(e.keep(e.sum(axis), axis).reciprocal());            // one division for a row: division takes 10 times as long
    }

    /** {@code log(softmax(x))} along the last axis. */
    public static Tensor logSoftmax(Tensor x) { return logSoftmax(x, -1); }

    /** {@code log(softmax(x))} along {@code axis}, without overflow. */
    public static Tensor logSoftmax(Tensor x, int axis) {
        Tensor shifted = lessMaximum(x, axis);
        return shifted.sub(x.keep(shifted.exp().sum(axis).log(), axis));
    }

    private static Tensor lessMaximum(Tensor x, int axis) { return x.sub(x.keep(x.max(axis), axis).stopGradient()); }

    /** {@code log(sum(exp(x)))} over {@code axes}, which disappear, or over all; without overflow. */
    public static Tensor logSumExp(Tensor x, int... axes) {
        Tensor max = x.max(axes);
        Tensor shift = max.isFinite().where(max, max.like(0)).stopGradient();    // all -inf gives -inf and not NaN
        return x.sub(x.keep(shift, axes)).exp().sum(axes).log().add(shift);
    }

    /** Mean 0 and variance 1 along {@code axis}: {@code (x - mean) rsqrt(mean(x^2) - mean^2 + 1e-5)}. */
    public static Tensor standardize(Tensor x, int axis) {
        Tensor mean = x.mean(axis), variance = x.square().mean(axis).sub(mean.square()).maximum(0);
        return x.sub(x.keep(mean, axis)).mul(x.keep(variance.add(1e-5).rsqrt(), axis));
    }
}
