package javelin.check;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** Lists of arrays as vectors: drawn at random, added, multiplied, compared. */
public final class Vectors {
    private Vectors() {}

    public static RandomGenerator random(long seed) { return new SplittableRandom(seed); }

    /** A random direction: numbers of either sign, of size 0.5 to 1, for floating-point types; zeros for the others. */
    public static Array direction(RandomGenerator random, TensorType type) {
        double[] numbers = new double[type.elements()];
        if (type.dtype().isFloat())
            for (int i = 0; i < numbers.length; i++) numbers[i] = random.nextDouble(0.5,
                    1) * (random.nextBoolean() ? 1 : -1);
        return Array.of(type, numbers);
    }

    public static List<Array> directions(RandomGenerator random, List<TensorType> types) {
        return Lists.map(types, t -> direction(random, t));
    }

    /** {@code x + step direction} for the f64 tensors; the others as they are. */
    public static List<Array> moved(List<Array> x, List<Array> direction, double step) {
        return Lists.each(x.size(), i -> {
            Array a = x.get(i);
            if (a.dtype() != DType.F64) return a;
            double[] to = a.toDoubles(), by = direction.get(i).toDoubles();
            for (int k = 0; k < to.length; k++) to[k] += step * by[k];
            return Array.of(a.type(), to);
        });
    }

    /** All floating-point numbers of a list of tensors, one after the other. */
    public static double[] numbers(List<? extends Tensor> tensors) {
        return tensors.stream().filter(t -> t.dtype().isFloat())
                .flatMapToDouble(t -> java.util.Arrays.stream(t.array().toDoubles())).toArray();
    }

    /** The largest magnitude, 0 of nothing. */
    public static double largest(double... numbers) {
        double most = 0;
        for (double x : numbers) most = Math.max(most, Math.abs(x));
        return most;
    }

    /**
     * Fails unless the numbers agree to {@code tolerance}, times one more than the largest of {@code expected} in
     * magnitude.
     */
    public static void assertClose(String what, double[] expected, double[] found, double tolerance) {
        if (expected.length != found.length) throw new AssertionError(what + ": " + expected.length
                + " numbers expected, " + found.length + " found");
        double scale = 1 + largest(expected);
        for (int i = 0; i < expected.length; i++) {
            boolean same = expected[i] == found[i] || Double.isNaN(expected[i]) && Double.isNaN(found[i]);
            if (!same && !(Math.abs(expected[i] - found[i]) <= tolerance * scale))
                throw new AssertionError(what + ": number " + i + " is " + found[i] + " instead of " + expected[i]
                        + ", off by "
                        + Math.abs(expected[i] - found[i]) + " where " + tolerance * scale + " is allowed");
        }
    }

    /** Fails unless types agree and values do: floating-point ones to {@code tolerance}, the others exactly. */
    public static void assertClose(String what, List<? extends Tensor> expected, List<? extends Tensor> found,
            double tolerance) {
        if (expected.size() != found.size()) throw new AssertionError(what + ": " + expected.size()
                + " tensors expected, " + found.size() + " found");
        for (int k = 0; k < expected.size(); k++) {
            Array e = expected.get(k).array(), f = found.get(k).array();
            String here = what + ", tensor " + k;
            if (!e.type().equals(f.type())) throw new AssertionError(here + ": " + f.type()
                    + " instead of " + e.type());
            if (e.dtype().isFloat()) assertClose(here, e.toDoubles(), f.toDoubles(), tolerance);
            else if (!e.sameBits(f)) throw new AssertionError(here + ":\n" + f + "\ninstead of\n" + e);
        }
    }

    /**
     * The distance of 1 from the next number of the coarsest floating-point type among {@code types}; 0 if there is
     * none.
     */
    public static double epsilon(List<TensorType> types) {
        return types.stream().map(TensorType::dtype).filter(DType::isFloat)
                .mapToDouble(t -> Math.scalb(1.0, -t.fractionBits())).max().orElse(0);
    }

    /**
     * Examples, each a list of arrays of the same types, stacked on a new axis 0: one batch for each place in the
     * lists.
     */
    public static Array stacked(TensorType one, List<Array> examples) {
        Array batch = Array.wrap(one.withShape(one.shape().prepend(examples.size())),
                one.dtype().allocate(one.elements() * examples.size()));
        for (int i = 0; i < examples.size(); i++)
            System.arraycopy(examples.get(i).storage(), 0, batch.storage(), i * one.elements(), one.elements());
        return batch;
    }

    /** The examples of a batch: the inverse of {@link #stacked}. */
    public static List<Array> unstacked(Array batch) {
        TensorType one = batch.type().withShape(batch.shape().dropFirst());
        List<Array> examples = new ArrayList<>();
        for (int i = 0; i < batch.size(0); i++) {
            Object storage = one.dtype().allocate(one.elements());
            System.arraycopy(batch.storage(), i * one.elements(), storage, 0, one.elements());
            examples.add(Array.wrap(one, storage));
        }
        return examples;
    }
}
