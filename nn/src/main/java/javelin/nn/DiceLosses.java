package javelin.nn;

import java.util.List;
import java.util.Optional;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;

/**
 * How little two segmentations overlap, for each example and class:
 * {@code 1 - (both + smooth) / (both + alpha (p - both) + beta (t - both) + smooth)}, sums over the axes of space of
 * probabilities p, targets t and their product. Milletari et al., arXiv:1606.04797; alpha and beta as Tversky's.
 * (optax.losses.dice_loss)
 *
 * @param logits           whether predictions become probabilities here, by softmax, or by sigmoid if there is one
 *                         class
 * @param ignoreBackground whether class 0 is left out
 * @param axes             the axes of space; by default all but the first and the last
 */
public record DiceLosses(double smooth, double alpha, double beta, boolean logits, boolean ignoreBackground,
        Optional<List<Integer>> axes) {
    /** Smooth 1, alpha and beta a half: the Dice coefficient. */
    public static DiceLosses of() { return new DiceLosses(1, 0.5, 0.5, true, false, Optional.empty()); }

    /** {@code [batch, ..., classes]} twice to {@code [batch, classes]}; a missing axis of one class is put in. */
    public Tensor perClass(Tensor predictions, Tensor targets, Optional<Tensor> classWeights) {
        Tensor p = predictions.rank() == targets.rank() - 1 ? predictions.expandDims(-1) : predictions;
        Tensor t = targets.rank() == p.rank() - 1 ? targets.expandDims(-1) : targets;
        if (!p.shape().equals(t.shape()) || p.rank() < 2)
            throw new ShapeException("dice", List.of(predictions.type(), targets.type()),
                    "predictions and targets must both be [batch, ..., classes]");
        if (logits) p = p.size(-1) == 1 ? p.logistic() : Activations.softmax(p);
        List<Integer> space = Norm.axes(p, axes.orElse(Lists.range(1, p.rank() - 2)));
        Tensor both = p.mul(t).sum(space), ofP = p.sum(space), ofT = t.sum(space);
        Tensor union = both.add(ofP.sub(both).mul(alpha)).add(ofT.sub(both).mul(beta)).add(smooth);
        Tensor loss = both.add(smooth).div(union).neg().add(1);
        if (classWeights.isPresent()) loss = loss.mul(classWeights.get());
        return ignoreBackground && p.size(-1) > 1 ? loss.slice(-1, 1, p.size(-1)) : loss;
    }

    /** The mean over classes, {@code [batch]}. (dice_loss) */
    public Tensor apply(Tensor predictions, Tensor targets) {
        return perClass(predictions, targets, Optional.empty()).mean(-1);
    }

    /** As above for one class, whose axis may be missing. (binary_dice_loss) */
    public Tensor binary(Tensor predictions, Tensor targets) {
        boolean missing = predictions.rank() == targets.rank() && predictions.size(-1) != 1;
        return missing ? apply(predictions.expandDims(-1), targets.expandDims(-1)) : apply(predictions, targets);
    }

    /**
     * The mean over batch and classes, a class weighing as one over its squared size.
     * (multiclass_generalized_dice_loss)
     */
    public Tensor generalized(Tensor predictions, Tensor targets) {
        Tensor size = targets.sum(Lists.range(0, targets.rank() - 1));
        Tensor weight = size.square().add(1e-7).reciprocal();
        return perClass(predictions, targets, Optional.of(weight.div(weight.sum()).mul(targets.size(-1)))).mean();
    }
}
