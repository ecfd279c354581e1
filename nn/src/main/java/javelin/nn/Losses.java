package javelin.nn;

import java.util.List;
import javelin.Tensors;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * Losses for each element or each example, <b>not reduced</b>: take {@code mean()} or {@code sum()} of them. Shapes
 * must be equal, nothing broadcasts: a [n, 1] against a [n] is the mistake that teaches this. (optax.losses)
 */
public final class Losses {
    private Losses() {}

    /** {@code (prediction - target)^2}, elementwise. */
    public static Tensor squaredError(Tensor predictions, Tensor targets) {
        return difference("squaredError", predictions, targets).square();
    }

    /** {@code (prediction - target)^2 / 2}, elementwise. */
    public static Tensor l2(Tensor predictions, Tensor targets) {
        return difference("l2", predictions, targets).square().mul(0.5);
    }

    /**
     * {@code e^2/2} for {@code e = |prediction - target| <= delta}, a line of slope delta beyond; elementwise. Optax's
     * default delta is 1.
     */
    public static Tensor huber(Tensor predictions, Tensor targets, double delta) {
        Tensor error = difference("huber", predictions, targets).abs(), quadratic = error.minimum(delta);
        return quadratic.square().mul(0.5).add(error.sub(quadratic).mul(delta));
    }

    /** {@code log(cosh(prediction - target))}, elementwise: {@code softplus(2e) - e - log 2}. */
    public static Tensor logCosh(Tensor predictions, Tensor targets) {
        Tensor e = difference("logCosh", predictions, targets);
        return Activations.softplus(e.mul(2)).sub(e).sub(Math.log(2));
    }

    /** {@code -y log p - (1 - y) log(1 - p)} with {@code p = sigmoid(logit)}, elementwise; labels y within [0, 1]. */
    public static Tensor sigmoidBinaryCrossEntropy(Tensor logits, Tensor labels) {
        requireSame("sigmoidBinaryCrossEntropy", logits, labels);
        Tensor yes = labels.neg().mul(Activations.logSigmoid(logits));
        return yes.sub(labels.neg().add(1).mul(Activations.logSigmoid(logits.neg())));
    }

    /**
     * {@code -sum(label log softmax(logit))} over the last axis, which disappears: {@code [..., classes] -> [...]}.
     * Labels are distributions.
     */
    public static Tensor softmaxCrossEntropy(Tensor logits, Tensor labels) {
        requireSame("softmaxCrossEntropy", logits, labels);
        return labels.mul(Activations.logSoftmax(logits)).sum(-1).neg();
    }

    /**
     * {@code -log softmax(logit)[label]}: {@code [..., classes]} and integers {@code [...]} to {@code [...]}. A label
     * outside 0..classes-1 gives NaN.
     */
    public static Tensor softmaxCrossEntropyWithIntegerLabels(Tensor logits, Tensor labels) {
        String what = "softmaxCrossEntropyWithIntegerLabels";
        List<TensorType> types = List.of(logits.type(), labels.type());
        if (!labels.dtype().isInteger())
            throw new ShapeException(what, types,
                    "the labels are not integers; for distributions use softmaxCrossEntropy");
        if (logits.rank() == 0 || !logits.shape().without(List.of(logits.rank() - 1)).equals(labels.shape()))
            throw new ShapeException(what, types,
                    "the labels' shape is not that of the logits without their last axis, the classes");
        // a masked sum and not a gather: it fuses with the logsumexp, and so does its gradient
        int classes = logits.size(-1);
        Tensor mask = Tensors.oneHot(labels, classes, DType.BOOL);
        Tensor picked = mask.where(logits, logits.like(0)).sum(-1);
        Tensor loss = Activations.logSumExp(logits, -1).sub(picked);
        return labels.ge(0).and(labels.lt(classes)).where(loss, loss.like(Double.NaN));
    }

    /** {@code max(0, 1 - target prediction)}, elementwise; targets are -1 or 1. */
    public static Tensor hinge(Tensor predictions, Tensor targets) {
        requireSame("hinge", predictions, targets);
        return Activations.relu(predictions.mul(targets).neg().add(1));
    }

    /**
     * {@code sum(t (log t - log p))} over the last axis, 0 where t is 0: {@code [..., classes] -> [...]}.
     * (kl_divergence)
     */
    public static Tensor klDivergence(Tensor logPredictions, Tensor targets) {
        requireSame("klDivergence", logPredictions, targets);
        Tensor none = targets.eq(0), log = none.where(targets.like(1), targets).log();
        return targets.mul(none.where(targets.like(0), log).sub(logPredictions)).sum(-1);
    }

    /** {@code sum(exp(log t) (log t - log p))} over the last axis. (kl_divergence_with_log_targets) */
    public static Tensor klDivergenceWithLogTargets(Tensor logPredictions, Tensor logTargets) {
        return logTargets.exp().mul(difference("klDivergenceWithLogTargets", logTargets, logPredictions)).sum(-1);
    }

    /**
     * The cosine of the angle between vectors along the last axis; squared lengths below {@code epsilon} count as it.
     * (cosine_similarity)
     */
    public static Tensor cosineSimilarity(Tensor predictions, Tensor targets, double epsilon) {
        requireSame("cosineSimilarity", predictions, targets);
        return unit(predictions, epsilon).mul(unit(targets, epsilon)).sum(-1);
    }

    /** {@code 1 - cosineSimilarity} */
    public static Tensor cosineDistance(Tensor predictions, Tensor targets, double epsilon) {
        return cosineSimilarity(predictions, targets, epsilon).neg().add(1);
    }

    private static Tensor unit(Tensor x, double epsilon) {
        Tensor squared = x.square().sum(-1);
        return x.div(x.keep(squared.maximum(epsilon).sqrt(), -1));
    }

    /**
     * Labels moved towards all classes being alike: {@code (1 - alpha) y + alpha / classes} along the last axis.
     * (smooth_labels)
     */
    public static Tensor smoothLabels(Tensor labels, double alpha) {
        return labels.mul(1 - alpha).add(alpha / labels.size(-1));
    }

    private static Tensor difference(String what, Tensor a, Tensor b) {
        requireSame(what, a, b);
        return a.sub(b);
    }

    private static void requireSame(String what, Tensor a, Tensor b) {
        if (!a.shape().equals(b.shape()))
            throw new ShapeException(what, List.of(a.type(), b.type()),
                    "predictions and targets must have the same shape, nothing broadcasts; reshape one of them");
    }
}
