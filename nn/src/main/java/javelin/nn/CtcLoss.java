package javelin.nn;

import java.util.List;
import javelin.Arithmetic;
import javelin.Control;
import javelin.Tensors;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * Connectionist temporal classification: minus the logarithm of the probability that a sequence of logits says a
 * sequence of labels, blanks between them and repetitions of either allowed. Graves et al. (2006), forward recursion in
 * logarithms. (optax.losses.ctc_loss)
 *
 * @param blank      the class that says nothing
 * @param logEpsilon the logarithm of what is taken for 0
 */
public record CtcLoss(int blank, double logEpsilon) {
    public static CtcLoss of() { return new CtcLoss(0, -1e5); }

    /**
     * Log-probabilities of being, after each step, behind a label and a blank [batch, n + 1], or in a label [batch, n].
     */
    public record Forward(Tensor blanks, Tensor labels) {}

    /** The loss of each sequence, [batch], and the log-probabilities after each step, [time, batch, ...]. */
    public record Result(Tensor loss, Forward forward) {}

    private record Input(Tensor label, Tensor blank, Tensor padded) {}

    /**
     * The loss of each sequence, [batch].
     *
     * @param logits   [batch, time, classes]
     * @param logitPad [batch, time], 1 where a sequence of logits has ended, else 0
     * @param labels   integers [batch, n]
     * @param labelPad [batch, n], 1 where a sequence of labels has ended, else 0
     */
    public Tensor apply(Tensor logits, Tensor logitPad, Tensor labels, Tensor labelPad) {
        return withForward(logits, logitPad, labels, labelPad).loss();
    }

    /** As above, with what it was computed from. (ctc_loss_with_forward_probs) */
    public Result withForward(Tensor logits, Tensor logitPad, Tensor labels, Tensor labelPad) {
        boolean fit = logits.rank() == 3 && labels.rank() == 2 && labels.dtype().isInteger()
                && logits.shape().without(List.of(2)).equals(logitPad.shape()) && labels.shape()
                        .equals(labelPad.shape())
                && labels.size(0) == logits.size(0);
        if (!fit)
            throw new ShapeException("ctc", List.of(logits.type(), logitPad.type(), labels.type(), labelPad.type()),
                    "takes logits [batch, time, classes], their paddings [batch, time], integer labels [batch, n] and"
                    + " their paddings [batch, n]");
        int batch = logits.size(0), n = labels.size(1), classes = logits.size(2);
        Tensor log = Activations.logSoftmax(logits);
        Tensor next = labels.slice(1, 1, n), before = labels.slice(1, 0, n - 1);
        Tensor repeats = before.eq(next).astype(logits.dtype()).pad(1, 0, 1, 0);
        Tensor emit = log.matmul(Tensors.oneHot(labels, classes, logits.dtype()).swapAxes(1, 2)).transpose(1, 0, 2);
        Tensor stay = log.slice(2, blank, blank + 1).transpose(1, 0, 2);
        Tensor none = Tensors.full(TensorType.of(logits.dtype(), batch, n), logEpsilon);
        Forward start = new Forward(none.pad(1, 1, 0, 0), none);
        var all = Control.scan((Forward p, Input x) -> {
            Tensor blanks = reach(p.blanks(), p.labels().add(repeats.mul(logEpsilon)));
            Tensor label = Arithmetic.logAddExp(blanks.slice(1, 0, n).add(x.label()), p.labels().add(x.label()));
            Tensor blank = reach(blanks.add(x.blank()),
                    p.labels().add(x.blank()).add(repeats.neg().add(1).mul(logEpsilon)));
            Tensor pad = x.padded().expandDims(1), use = pad.neg().add(1);
            Forward now = new Forward(pad.mul(p.blanks()).add(use.mul(blank)), pad.mul(p.labels()).add(use.mul(label)));
            return new Control.Step<>(now, now);
        }, start, new Input(emit, stay, logitPad.transpose()));
        Tensor end = reach(all.carry().blanks(), all.carry().labels());
        Tensor length = labelPad.sum(1).neg().add(n).astype(labels.dtype());
        Tensor loss = end.mul(Tensors.oneHot(length, n + 1, logits.dtype())).sum(1).neg();
        int time = logits.size(1);
        Tensor blanks = Tensors.concatenate(List.of(all.outputs().blanks().slice(0, 0, time - 1), end.expandDims(0)),
                0);
        return new Result(loss, new Forward(blanks, all.outputs().labels()));
    }

    /** The states behind labels, reached also from those within. */
    private static Tensor reach(Tensor blanks, Tensor added) {
        int n = added.size(1);
        return Tensors.concatenate(List.of(blanks.slice(1, 0, 1),
                Arithmetic.logAddExp(blanks.slice(1, 1, n + 1), added)), 1);
    }
}
