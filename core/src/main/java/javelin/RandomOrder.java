package javelin;

import java.util.List;
import javelin.core.OutOfRange;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** Permutations and samples, the same as jax.random's for the same key. */
final class RandomOrder {
    private RandomOrder() {}

    /**
     * {@code x} sorted along {@code axis} by random words, again and again until no two elements are likely to have had
     * equal words all the time: {@code 3 ln(elements) / ln(2^32 - 1)} rounds.
     */
    static Tensor shuffle(Key key, Tensor x, int axis) {
        int rounds = (int) Math.ceil(3 * Math.log(Math.max(1, x.type().elements())) / Math.log(0xFFFFFFFFL));
        Tensor shuffled = x;
        Key next = key;
        for (int r = 0; r < rounds; r++) {
            List<Key> keys = next.split(2);
            next = keys.get(0);
            shuffled = Sorting.sort(List.of(keys.get(1).bits(x.type().withDType(DType.U32)), shuffled), 1, axis)
                    .getLast();
        }
        return shuffled;
    }

    static Tensor permutation(Key key, Tensor x, int axis, boolean independent) {
        int a = x.axis(axis), n = x.size(a);
        return independent || x.rank() == 1 ? shuffle(key, x, a) : x.take(key.permutation(n), a, OutOfRange.CLIP);
    }

    /** Positions out of 0..n-1, each as likely. */
    static Tensor choice(Key key, int n, Shape shape, boolean replace) {
        if (shape.elements() == 0) return Tensors.zeros(new TensorType(DType.I32, shape));
        requireEnough("choice", n, shape, replace);
        return replace ? key.randint(new TensorType(DType.I32, shape), 0, n) : key.permutation(n)
                .slice(0, 0, shape.elements()).reshape(shape);
    }

    /** Positions with probabilities {@code p}; without replacement the largest of log p plus Gumbel noise. */
    static Tensor choice(Key key, Tensor p, Shape shape, boolean replace) {
        if (p.rank() != 1 || !p.dtype().isFloat())
            throw new ShapeException("choice", List.of(p.type()),
                    "the probabilities are a vector of floating-point numbers");
        if (shape.elements() == 0) return Tensors.zeros(new TensorType(DType.I32, shape));
        requireEnough("choice", p.size(0), shape, replace);
        if (!replace) return Sorting.topK(key.gumbel(p.type()).add(p.log()), shape.elements()).positions()
                .reshape(shape);
        Tensor upTo = p.cumsum(0), u = key.uniform(new TensorType(p.dtype(), shape));
        return Sorting.searchSorted(upTo, upTo.index(-1).mul(u.neg().add(1)), Sorting.Side.LEFT);
    }

    /** {@code count} different classes for every row of logits, on a new axis 0. */
    static Tensor categorical(Key key, Tensor logits, int axis, int count) {
        int a = logits.axis(axis);
        requireEnough("categorical", logits.size(a), Shape.of(count), false);
        return Sorting.topK(key.gumbel(logits.type()).add(logits), count, a).positions().moveAxis(a, 0);
    }

    private static void requireEnough(String what, int n, Shape shape, boolean replace) {
        if (n < 1 || !replace && shape.elements() > n)
            throw new ShapeException(what, List.of(), shape.elements() + " cannot be drawn out of " + n
                    + (replace ? "" : " without replacement"));
    }
}
