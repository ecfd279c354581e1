package javelin.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javelin.Transforms;
import javelin.conformance.Tolerance.Kind;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.nn.CtcLoss;
import javelin.nn.DiceLosses;
import javelin.nn.Losses;

/**
 * Cases that name a function of optax.losses: its values, and the gradient of their weighted sum by the predictions.
 */
final class LossSuite implements Suite {
    @Override public String group(Case c) { return c.text("loss"); }

    @Override public void check(Case c, Execution execution) {
        List<Array> arguments = new ArrayList<>(List.of(c.array("predictions"), c.array("targets")));
        boolean weighted = c.has("weights");
        if (weighted) arguments.add(c.array("weights"));
        List<Array> found = Compare.explained("out", () -> execution.call(in -> {
            Tensor targets = in.get(1), out = loss(c, in.get(0), targets);
            Tensor gradient = Transforms.grad((Tensor p) -> {
                Tensor l = loss(c, p, targets);
                return (weighted ? l.mul(in.get(2)) : l).sum();
            }).apply(in.get(0));
            return List.of(out, gradient);
        }, arguments));
        Compare.one(c, "out", Kind.TRANSCENDENTAL, c.array("out"), found.subList(0, 1));
        Compare.one(c, "grad_predictions", Kind.TRANSCENDENTAL_GRADIENT, c.array("grad_predictions"),
                found.subList(1, 2));
    }

    private static Tensor loss(Case c, Tensor predictions, Tensor targets) {
        c.requireOnly("delta", "epsilon", "alpha", "beta", "gamma", "axis", "temperature", "margin", "eps",
                "norm_degree",
                "smooth", "apply_softmax", "apply_sigmoid", "ignore_background", "blank_id", "log_epsilon");
        return switch (c.text("loss")) {
            case "squared_error" -> Losses.squaredError(predictions, targets);
            case "l2_loss" -> Losses.l2(predictions, targets);
            case "huber_loss" -> Losses.huber(predictions, targets, c.number("delta", 1));
            case "log_cosh" -> Losses.logCosh(predictions, targets);
            case "sigmoid_binary_cross_entropy" -> Losses.sigmoidBinaryCrossEntropy(predictions, targets);
            case "sigmoid_focal_loss" -> c.argument("alpha").isNumber()
                    ? Losses.sigmoidFocal(predictions, targets, c.number("gamma", 2), c.number("alpha", 0))
                    : Losses.sigmoidFocal(predictions, targets, c.number("gamma", 2));
            case "hinge_loss" -> Losses.hinge(predictions, targets);
            case "perceptron_loss" -> Losses.perceptron(predictions, targets);
            case "sparsemax_loss" -> Losses.sparsemax(predictions, targets);
            case "softmax_cross_entropy_with_integer_labels" -> Losses.softmaxCrossEntropyWithIntegerLabels(
                    last(c, predictions), targets);
            case "multiclass_hinge_loss" -> Losses.multiclassHinge(predictions, targets);
            case "multiclass_perceptron_loss" -> Losses.multiclassPerceptron(predictions, targets);
            case "multiclass_sparsemax_loss" -> Losses.multiclassSparsemax(predictions, targets);
            case "ranking_softmax_loss" ->
                    Losses.rankingSoftmax(predictions, targets, Optional.empty(), Optional.empty())
                    .mean();
            case "ntxent" -> Losses.ntxent(predictions, targets, c.number("temperature", 0.07));
            case "triplet_margin_loss" -> Losses.tripletMargin(predictions, targets, c.array("negatives"),
                    c.number("norm_degree", 2), c.number("margin", 1), c.number("eps", 1e-6));
            case "dice_loss" -> dice(c).apply(predictions, targets);
            case "binary_dice_loss" -> dice(c).binary(predictions, targets);
            case "multiclass_generalized_dice_loss" -> dice(c).generalized(predictions, targets);
            case "ctc_loss" -> new CtcLoss(c.integer("blank_id", 0), c.number("log_epsilon", -1e5)).apply(predictions,
                    c.array("logit_paddings"), targets, c.array("label_paddings"));
            default -> distributions(c, last(c, predictions), last(c, targets));
        };
    }

    /** Losses of two arrays along an axis, here the last. */
    private static Tensor distributions(Case c, Tensor predictions, Tensor targets) {
        return switch (c.text("loss")) {
            case "softmax_cross_entropy" -> Losses.softmaxCrossEntropy(predictions, targets);
            case "safe_softmax_cross_entropy" -> Losses.safeSoftmaxCrossEntropy(predictions, targets);
            case "poly_loss_cross_entropy" -> Losses.polyCrossEntropy(predictions, targets, c.number("epsilon", 2));
            case "kl_divergence" -> Losses.klDivergence(predictions, targets);
            case "kl_divergence_with_log_targets" -> Losses.klDivergenceWithLogTargets(predictions, targets);
            case "generalized_kl_divergence", "convex_kl_divergence" ->
                    Losses.generalizedKlDivergence(predictions, targets);
            case "cosine_similarity" -> Losses.cosineSimilarity(predictions, targets, c.number("epsilon", 0));
            case "cosine_distance" -> Losses.cosineDistance(predictions, targets, c.number("epsilon", 0));
            case "smooth_labels" -> Losses.smoothLabels(predictions, c.number("alpha", 0)).moveAxis(-1,
                    c.integer("axis", -1));
            default -> throw Failure.unsupported("loss " + c.text("loss"));
        };
    }

    /** The axis of the classes is the last here. */
    private static Tensor last(Case c, Tensor x) {
        int axis = c.integer("axis", -1);
        return axis < x.rank() && x.rank() > 0 ? x.moveAxis(axis, -1) : x;
    }

    private static DiceLosses dice(Case c) {
        DiceLosses usual = DiceLosses.of();
        boolean logits = c.flag("apply_softmax", c.flag("apply_sigmoid", true));
        Optional<List<Integer>> axes = c.integers("axis").isEmpty() ? Optional.empty()
                : Optional.of(c.integers("axis"));
        return new DiceLosses(c.number("smooth", 1), c.number("alpha", usual.alpha()), c.number("beta", usual.beta()),
                logits, c.flag("ignore_background", false), axes);
    }
}
