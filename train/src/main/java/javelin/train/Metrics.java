package javelin.train;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** How good predictions are. What gives a {@link Tensor} may be traced and compiled with the step. */
public final class Metrics {
    private Metrics() {}

    /** The share of examples whose largest logit is that of their label: {@code [..., classes], [...] -> f32[]}. */
    public static Tensor accuracy(Tensor logits, Tensor labels) {
        Tensor found = logits.argMax(-1);
        if (!found.shape().equals(labels.shape()))
            throw new ShapeException("accuracy", List.of(logits.type(), labels.type()),
                    "needs a label for every row of logits");
        return found.eq(labels.astype(found.dtype())).astype(DType.F32).mean();
    }

    /**
     * How often an example of class i was taken for class j: i32[classes, classes] true classes along axis 0. Labels
     * outside 0 to {@code classes - 1} throw.
     */
    public static Array confusion(Tensor labels, Tensor predicted, int classes) {
        long[] meant = labels.array().toLongs(), found = predicted.array().toLongs();
        requireSame(labels, predicted);
        int[] counts = new int[classes * classes];
        for (int i = 0; i < meant.length; i++)
            counts[Math.toIntExact(classOf(meant[i], classes) * classes + classOf(found[i], classes))]++;
        return Array.wrap(TensorType.i32(classes, classes), counts);
    }

    private static long classOf(long label, int classes) {
        if (label < 0 || label >= classes)
            throw new JavelinException("there is no class " + label + " of " + classes);
        return label;
    }

    /**
     * The area under the ROC curve: the chance that an example of class 1 has a higher score than one of class 0, equal
     * scores counting half (Mann and Whitney's U). NaN if one of the classes is missing.
     *
     * @param scores any numbers; higher means 1
     * @param labels 0 or 1, as many
     */
    public static double auc(Tensor scores, Tensor labels) {
        requireSame(labels, scores);
        double[] score = scores.array().toDoubles(), label = labels.array().toDoubles();
        int[] order = IntStream.range(0, score.length).boxed().sorted(Comparator.comparingDouble(i -> score[i]))
                .mapToInt(i -> i).toArray();
        double positives = Arrays.stream(label).filter(l -> l != 0).count(), ranks = 0;
        for (int from = 0, to; from < order.length; from = to) {
            for (to = from; to < order.length && score[order[to]] == score[order[from]]; ) to++;
            to = Math.max(to, from + 1);                                 // a NaN equals nothing
            for (int i = from; i < to; i++) if (label[order[i]] != 0) ranks += (from + 1 + to) / 2.0;
        }
        return (ranks - positives * (positives + 1) / 2) / (positives * (score.length - positives));
    }

    private static void requireSame(Tensor a, Tensor b) {
        if (!a.shape().equals(b.shape()))
            throw new ShapeException("metric", List.of(a.type(), b.type()), "needs as many of the one as of the other");
    }

    /** A mean that grows batch by batch, in f64. */
    public record Mean(double sum, double weight) {
        public static final Mean NONE = new Mean(0, 0);

        /** With one more value that stands for {@code weight} examples. */
        public Mean with(double value, double weight) { return new Mean(sum + value * weight, this.weight + weight); }

        /** NaN before the first value. */
        public double value() { return sum / weight; }
    }
}
