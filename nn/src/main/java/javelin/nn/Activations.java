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

    /** {@code x/2 erfc(-x / sqrt(2))}: the Gaussian error linear unit itself, PyTorch's default. */
    public static Tensor geluExact(Tensor x) { return x.mul(0.5).mul(x.mul(-Math.sqrt(0.5)).erfc()); }

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

    /** 0 up to -1, x from 1 on, {@code (x + 1)^2 / 4} between. */
    public static Tensor sparsePlus(Tensor x) {
        return x.le(-1).where(x.like(0), x.ge(1).where(x, x.add(1).square().div(4)));
    }

    /** Klambauer et al., arXiv:1706.02515: {@code 1.0507 elu(x, 1.6733)}. */
    public static Tensor selu(Tensor x) { return elu(x, 1.6732632423543772).mul(1.0507009873554805); }

    /** {@code max(x, 0) + alpha (exp(min(x, 0) / alpha) - 1)}: Barron, arXiv:1704.07483. */
    public static Tensor celu(Tensor x, double alpha) {
        return x.maximum(0).add(x.minimum(0).div(alpha).expm1().mul(alpha));
    }

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

    /** {@code x tanh(softplus(x))}: Misra, arXiv:1908.08681. */
    public static Tensor mish(Tensor x) { return x.mul(softplus(x).tanh()); }

    /** {@code (x + sqrt(x^2 + 4)) / 2}: a softplus without exponentials. */
    public static Tensor squareplus(Tensor x) { return squareplus(x, 4); }

    /** {@code (x + sqrt(x^2 + b)) / 2}: Barron, arXiv:2112.11687. */
    public static Tensor squareplus(Tensor x, double b) { return x.add(x.square().add(b).sqrt()).div(2); }

    /** {@code log(1 - exp(-x))} for x above 0, accurate at both ends. */
    public static Tensor log1mexp(Tensor x) {
        Tensor small = x.lt(Math.log(2)), near = small.where(x, x.like(1)), far = small.where(x.like(1), x);
        return small.where(near.neg().expm1().neg().log(), far.neg().exp().neg().log1p());
    }

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
        // one division for a row: division takes 10 times as long
        return e.mul(e.keep(e.sum(axis), axis).reciprocal());
    }

    /** As above among the elements where {@code mask}, bool, is true; 0 elsewhere. */
    public static Tensor softmax(Tensor x, int axis, Tensor mask) {
        return mask.where(softmax(only(x, mask), axis), x.like(0));
    }

    private static Tensor only(Tensor x, Tensor mask) { return mask.where(x, x.like(Double.NEGATIVE_INFINITY)); }

    /** {@code log(softmax(x))} along the last axis. */
    public static Tensor logSoftmax(Tensor x) { return logSoftmax(x, -1); }

    /** {@code log(softmax(x))} along {@code axis}, without overflow. */
    public static Tensor logSoftmax(Tensor x, int axis) {
        Tensor shifted = lessMaximum(x, axis);
        return shifted.sub(x.keep(shifted.exp().sum(axis).log(), axis));
    }

    /** As above among the elements where {@code mask}, bool, is true; minus infinity elsewhere. */
    public static Tensor logSoftmax(Tensor x, int axis, Tensor mask) {
        return only(logSoftmax(only(x, mask), axis), mask);
    }

    private static Tensor lessMaximum(Tensor x, int axis) { return x.sub(x.keep(x.max(axis), axis).stopGradient()); }

    /** {@code log(sum(exp(x)))} over {@code axes}, which disappear, or over all; without overflow. */
    public static Tensor logSumExp(Tensor x, int... axes) {
        Tensor max = x.max(axes);
        Tensor shift = max.isFinite().where(max, max.like(0)).stopGradient();    // all -inf gives -inf and not NaN
        return x.sub(x.keep(shift, axes)).exp().sum(axes).log().add(shift);
    }

    /** {@code log(mean(exp(x)))} over {@code axes}, which disappear, or over all; without overflow. */
    public static Tensor logMeanExp(Tensor x, int... axes) {
        Tensor sum = logSumExp(x, axes);
        return sum.sub(Math.log((double) x.type().elements() / Math.max(1, sum.type().elements())));
    }

    /** Mean 0 and variance 1 along {@code axis}: {@code (x - mean) rsqrt(mean(x^2) - mean^2 + 1e-5)}. */
    public static Tensor standardize(Tensor x, int axis) { return standardize(x, axis, 1e-5); }

    /** As above, with {@code epsilon} added to the variance. */
    public static Tensor standardize(Tensor x, int axis, double epsilon) {
        Tensor mean = x.mean(axis), variance = x.square().mean(axis).sub(mean.square()).maximum(0);
        return x.sub(x.keep(mean, axis)).mul(x.keep(variance.add(epsilon).rsqrt(), axis));
    }

    /** As above, mean and variance being those of the elements where {@code mask}, bool, is true. */
    public static Tensor standardize(Tensor x, int axis, double epsilon, Tensor mask) {
        Tensor in = mask.broadcastTo(x.shape()), zero = x.like(0), count = in.astype(x.dtype()).sum(axis);
        Tensor mean = in.where(x, zero).sum(axis).div(count);
        Tensor variance = in.where(x.square(), zero).sum(axis).div(count).sub(mean.square()).maximum(0);
        return x.sub(x.keep(mean, axis)).mul(x.keep(variance.add(epsilon).rsqrt(), axis));
    }
}
