package javelin.nn;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javelin.Tensors;
import javelin.Transforms;
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

    /**
     * {@link #softmaxCrossEntropy} where a label of 0 counts 0 even if its logit is -inf, in the gradient too.
     * (safe_softmax_cross_entropy)
     */
    public static Tensor safeSoftmaxCrossEntropy(Tensor logits, Tensor labels) {
        requireSame("safeSoftmaxCrossEntropy", logits, labels);
        Tensor none = labels.eq(0), shift = logits.sub(logits.keep(Activations.logSumExp(logits, -1), -1));
        return none.where(logits.like(0), labels.mul(none.where(logits.like(0), shift))).sum(-1).neg();
    }

    /** {@link #softmaxCrossEntropy} plus {@code epsilon sum(label (1 - p))}: Leng et al., arXiv:2204.12511. */
    public static Tensor polyCrossEntropy(Tensor logits, Tensor labels, double epsilon) {
        Tensor missed = labels.mul(Activations.softmax(logits).neg().add(1)).sum(-1);
        return softmaxCrossEntropy(logits, labels).add(missed.mul(epsilon));
    }

    /**
     * {@link #sigmoidBinaryCrossEntropy} times {@code (1 - p)^gamma}, p being what the label was given, elementwise:
     * Lin et al., arXiv:1708.02002, gamma 2.
     */
    public static Tensor sigmoidFocal(Tensor logits, Tensor labels, double gamma) {
        Tensor yes = Activations.logSigmoid(logits), no = Activations.logSigmoid(logits.neg());
        Tensor larger = yes.maximum(no).stopGradient();
        Tensor wrong = labels.neg().add(1).mul(yes.sub(larger).exp()).add(labels.mul(no.sub(larger).exp()));
        return sigmoidBinaryCrossEntropy(logits, labels).mul(wrong.log().add(larger).mul(gamma).exp());
    }

    /** As above, times {@code alpha} where the label is 1 and {@code 1 - alpha} where it is 0. */
    public static Tensor sigmoidFocal(Tensor logits, Tensor labels, double gamma, double alpha) {
        Tensor weight = labels.mul(alpha).add(labels.neg().add(1).mul(1 - alpha));
        return weight.mul(sigmoidFocal(logits, labels, gamma));
    }

    /** {@code max(0, -target prediction)}, elementwise; targets are -1 or 1. (perceptron_loss) */
    public static Tensor perceptron(Tensor predictions, Tensor targets) {
        requireSame("perceptron", predictions, targets);
        return predictions.mul(targets).neg().maximum(0);
    }

    /** {@code max(score + 1 except for the label) - score[label]}: [..., classes] and integers [...] to [...]. */
    public static Tensor multiclassHinge(Tensor scores, Tensor labels) {
        Tensor label = oneHot("multiclassHinge", scores, labels);
        return scores.add(1).sub(label).max(-1).sub(scores.mul(label).sum(-1));
    }

    /** {@code max(score) - score[label]}: [..., classes] and integers [...] to [...]. */
    public static Tensor multiclassPerceptron(Tensor scores, Tensor labels) {
        return scores.max(-1).sub(scores.mul(oneHot("multiclassPerceptron", scores, labels)).sum(-1));
    }

    /** {@code sparsePlus(-logit)} for the label 1, {@code sparsePlus(logit)} for 0, elementwise. (sparsemax_loss) */
    public static Tensor sparsemax(Tensor logits, Tensor labels) {
        requireSame("sparsemax", logits, labels);
        return Activations.sparsePlus(labels.ne(0).where(logits.neg(), logits));
    }

    /**
     * The Fenchel-Young loss of the projection on the simplex: [..., classes] and integers [...] to [...]. Martins and
     * Astudillo, arXiv:1602.02068. (multiclass_sparsemax_loss)
     */
    public static Tensor multiclassSparsemax(Tensor scores, Tensor labels) {
        Tensor label = oneHot("multiclassSparsemax", scores, labels), p = simplex(scores);
        Tensor margin = scores.sub(scores.keep(scores.mul(label).sum(-1), -1));
        return p.mul(p.gt(0).where(margin, margin.like(0))).sum(-1).add(p.square().sum(-1).neg().add(1).mul(0.5));
    }

    /**
     * The nearest point whose elements are positive and sum to 1, along the last axis. An element is in its support if
     * 1 plus its rank times it exceeds the sum of those not below it; ranks are counted, not sorted.
     */
    private static Tensor simplex(Tensor x) {
        Tensor above = x.expandDims(-2).ge(x.expandDims(-1));            // [.., i, j]: x[j] >= x[i]
        Tensor rank = above.astype(x.dtype()).sum(-1), sum = above.where(x.expandDims(-2), x.like(0)).sum(-1);
        Tensor support = rank.mul(x).add(1).gt(sum);
        Tensor count = support.astype(x.dtype()).sum(-1), total = support.where(x, x.like(0)).sum(-1);
        return x.sub(x.keep(total.sub(1).div(count), -1)).maximum(0);
    }

    private static Tensor oneHot(String what, Tensor scores, Tensor labels) {
        boolean fit = scores.rank() > 0 && scores.shape().without(List.of(scores.rank() - 1)).equals(labels.shape());
        if (!labels.dtype().isInteger() || !fit)
            throw new ShapeException(what, List.of(scores.type(), labels.type()),
                    "the labels must be integers of the scores' shape without its last axis, the classes");
        return Tensors.oneHot(labels, scores.size(-1), scores.dtype());
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
     * {@link #klDivergence} plus {@code sum(p - t)} over the last axis: convex in both, and never negative if they do
     * not sum to 1. (generalized_kl_divergence, formerly convex_kl_divergence)
     */
    public static Tensor generalizedKlDivergence(Tensor logPredictions, Tensor targets) {
        return klDivergence(logPredictions, targets).add(logPredictions.exp().sub(targets).sum(-1));
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

    /**
     * {@code -sum(weight label log softmax(logit))} over the last axis, the items of a list, of those where {@code
     * where} is true: {@code [..., items] -> [...]}; 0 for lists without any. (ranking_softmax_loss, whose default is
     * the mean)
     */
    public static Tensor rankingSoftmax(Tensor logits, Tensor labels, Optional<Tensor> where,
            Optional<Tensor> weights) {
        requireSame("rankingSoftmax", logits, labels);
        Tensor y = labels.astype(logits.dtype());
        if (weights.isPresent()) y = y.mul(weights.get());
        if (where.isEmpty()) return softmaxCrossEntropy(logits, y);
        Tensor use = where.get(), listed = use.where(logits, logits.like(Double.NEGATIVE_INFINITY));
        Tensor shift = use.where(logits, logits.like(0)).sub(logits.keep(Activations.logSumExp(listed, -1), -1));
        Tensor loss = use.where(y.mul(use.where(shift, shift.like(0))), y.like(0)).sum(-1).neg();
        return use.any(-1).where(loss, loss.like(0));
    }

    /** {@code max(score) - <target, score>} along the last axis for a smoothed maximum. (make_fenchel_young_loss) */
    public static Tensor fenchelYoung(UnaryOperator<Tensor> max, Tensor scores, Tensor targets) {
        requireSame("fenchelYoung", scores, targets);
        Tensor rows = scores.reshape(-1, scores.size(-1));
        Tensor most = Transforms.vmap((Tensor row) -> max.apply(row)).apply(rows);
        return most.reshape(scores.shape().without(List.of(scores.rank() - 1))).sub(targets.mul(scores).sum(-1));
    }

    /**
     * {@code max(0, |anchor - positive| - |anchor - negative| + margin)} for distances
     * {@code (sum(d^degree) + epsilon)^(1/degree)} along the last axis. Optax's defaults: degree 2, margin 1, epsilon
     * 1e-6. (triplet_margin_loss)
     */
    public static Tensor tripletMargin(Tensor anchors, Tensor positives, Tensor negatives, double degree, double margin,
            double epsilon) {
        Tensor near = difference("tripletMargin", anchors, positives).pow(degree).sum(-1).add(epsilon).pow(1 / degree);
        Tensor far = difference("tripletMargin", anchors, negatives).pow(degree).sum(-1).add(epsilon).pow(1 / degree);
        return near.sub(far).add(margin).maximum(0);
    }

    /**
     * The normalised temperature-scaled cross entropy of all pairs of equal labels among {@code [n, features]} and
     * integers {@code [n]}, a scalar: Chen et al., arXiv:2002.05709. Optax's default temperature is 0.07. (ntxent)
     */
    public static Tensor ntxent(Tensor embeddings, Tensor labels, double temperature) {
        if (embeddings.rank() != 2 || !labels.shape().equals(embeddings.shape().without(List.of(1))))
            throw new ShapeException("ntxent", List.of(embeddings.type(), labels.type()),
                    "takes embeddings [n, features] and a label for each, [n]");
        double epsilon = embeddings.dtype() == DType.F64 ? Math.ulp(1.0) : Math.ulp(1f);
        Tensor unit = unit(embeddings, epsilon), similar = unit.matmul(unit.transpose()).div(temperature);
        int n = labels.size(0);
        Tensor same = labels.expandDims(1).eq(labels.expandDims(0)), other = Tensors.eye(n, DType.BOOL).not();
        Tensor match = same.and(other), counted = same.not().or(match);
        Tensor none = similar.like(Double.NEGATIVE_INFINITY);
        Tensor shift = similar.sub(similar.keep(counted.where(similar, none).max(1), 1).stopGradient());
        Tensor rest = similar.keep(same.where(similar.like(0), shift.exp()).sum(1), 1);
        Tensor pair = match.where(shift, shift.like(0));
        Tensor loss = pair.sub(match.where(pair.exp().add(rest), rest.like(1)).log());
        return match.where(loss, loss.like(0)).sum().neg().div(match.astype(embeddings.dtype()).sum());
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
