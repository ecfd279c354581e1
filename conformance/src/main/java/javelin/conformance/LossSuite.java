package javelin.conformance;

import java.util.ArrayList;
import java.util.List;
import javelin.Transforms;
import javelin.conformance.Tolerance.Kind;
import javelin.core.Array;
import javelin.core.Tensor;
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
        c.requireOnly("delta", "epsilon", "alpha", "axis");
        return switch (c.text("loss")) {
            case "squared_error" -> Losses.squaredError(predictions, targets);
            case "l2_loss" -> Losses.l2(predictions, targets);
            case "huber_loss" -> Losses.huber(predictions, targets, c.number("delta", 1));
            case "log_cosh" -> Losses.logCosh(predictions, targets);
            case "sigmoid_binary_cross_entropy" -> Losses.sigmoidBinaryCrossEntropy(predictions, targets);
            case "softmax_cross_entropy" -> Losses.softmaxCrossEntropy(predictions, targets);
            case "softmax_cross_entropy_with_integer_labels" -> Losses.softmaxCrossEntropyWithIntegerLabels(
                    predictions, targets);
            case "hinge_loss" -> Losses.hinge(predictions, targets);
            case "kl_divergence" -> Losses.klDivergence(predictions, targets);
            case "kl_divergence_with_log_targets" -> Losses.klDivergenceWithLogTargets(predictions, targets);
            case "cosine_similarity" -> Losses.cosineSimilarity(predictions, targets, c.number("epsilon", 0));
            case "cosine_distance" -> Losses.cosineDistance(predictions, targets, c.number("epsilon", 0));
            case "smooth_labels" -> Losses.smoothLabels(predictions, c.number("alpha", 0));
            default -> throw Failure.unsupported("loss " + c.text("loss"));
        };
    }
}
