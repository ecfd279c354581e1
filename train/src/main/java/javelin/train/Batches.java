package javelin.train;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.tree.Trees;

/**
 * Examples in batches. The examples are a tree of tensors, such as {@code record Data(Tensor images, Tensor labels)},
 * with one along axis 0 of each; batches are such trees too, copied together when they are asked for.
 *
 * @param data     all examples
 * @param size     how many make a batch
 * @param shuffled whether every epoch has an order of its own, which follows from {@code seed} and its number
 * @param keepLast whether the examples that do not fill a batch make a smaller one, for which a compiled step is
 *                 compiled a second time
 */
public record Batches<T>(T data, int size, boolean shuffled, long seed, boolean keepLast) {
    public Batches {
        List<Tensor> leaves = Trees.leaves(data);
        if (leaves.isEmpty() || leaves.stream().anyMatch(t -> t.rank() == 0 || t.size(0) != leaves.getFirst().size(0)))
            throw new JavelinException("examples are along axis 0, as many in every tensor, not in "
                    + Lists.map(leaves, Tensor::type));
        if (size < 1 || !keepLast && size > leaves.getFirst().size(0))
            throw new JavelinException("batches of " + size + " cannot be made of " + leaves.getFirst().size(0)
                    + " examples");
    }

    /** Batches in the order of the data, the last one smaller if need be. */
    public static <T> Batches<T> of(T data, int size) { return new Batches<>(data, size, false, 0, true); }

    /** In an order that differs from epoch to epoch; equal seeds give equal orders. */
    public Batches<T> shuffled(long seed) { return new Batches<>(data, size, true, seed, keepLast); }

    /** Without a smaller batch at the end; its examples have their turn in other epochs, if shuffled. */
    public Batches<T> dropLast() { return new Batches<>(data, size, shuffled, seed, false); }

    /** How many examples there are. */
    public int examples() { return Trees.leaves(data).getFirst().size(0); }

    /** How many batches an epoch has. */
    public int count() { return keepLast ? Math.ceilDiv(examples(), size) : examples() / size; }

    /** The batches of an epoch, counted from 0; any epoch at any time. */
    public Iterable<T> epoch(int number) {
        int[] order = order(number);
        return () -> new Iterator<>() {
            private int next;

            @Override public boolean hasNext() { return next < count(); }

            @Override public T next() {
                if (!hasNext()) throw new NoSuchElementException("the epoch has " + count() + " batches");
                int from = next++ * size, to = Math.min(examples(), from + size);
                return Trees.map(data, t -> rows(t.array(), order, from, to));
            }
        };
    }

    /** Fisher and Yates's shuffle. */
    private int[] order(int epoch) {
        int[] order = IntStream.range(0, examples()).toArray();
        if (!shuffled) return order;
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + epoch);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1), kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    private static Array rows(Array all, int[] order, int from, int to) {
        int width = all.type().elements() / Math.max(1, all.size(0));
        Object rows = all.dtype().allocate((to - from) * width);
        for (int i = from; i < to; i++)
            System.arraycopy(all.storage(), order[i] * width, rows, (i - from) * width, width);
        return Array.wrap(all.type().withShape(all.shape().dropFirst().prepend(to - from)), rows);
    }
}
