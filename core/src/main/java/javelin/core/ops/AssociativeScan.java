package javelin.core.ops;

import java.util.List;
import java.util.function.BinaryOperator;
import javelin.core.Lists;
import javelin.core.Tensor;

/**
 * {@code x[0], f(x[0], x[1]), f(f(x[0], x[1]), x[2]), ...} for an associative {@code f}, in a number of steps
 * logarithmic in the length: neighbours are combined in pairs, the pairs are scanned, and what lies between follows
 * from those (Blelloch, "Prefix sums and their applications", 1990).
 */
public final class AssociativeScan {
    private AssociativeScan() {}

    /**
     * @param f  takes and gives lists of tensors, of any size along {@code axis}, combining elements at equal places
     * @param xs of one size along {@code axis}
     */
    public static List<Tensor> run(BinaryOperator<List<Tensor>> f, List<Tensor> xs, int axis, boolean reverse) {
        if (reverse) return flipped(run(f, flipped(xs, axis), axis, false), axis);
        int n = xs.getFirst().size(axis);
        if (n < 2) return xs;
        List<Tensor> pairs = f.apply(every2nd(xs, axis, 0, n - 1), every2nd(xs, axis, 1, n));
        List<Tensor> odd = run(f, pairs, axis, false);
        List<Tensor> before = Lists.map(odd, t -> t.slice(axis, 0, (n - 1) / 2));
        List<Tensor> even = n == 2 ? List.of() : f.apply(before, every2nd(xs, axis, 2, n));
        return Lists.each(xs.size(), i -> {
            Tensor first = xs.get(i).slice(axis, 0, 1);
            return interleaved(n == 2 ? first : new Concatenate(axis).apply(first, even.get(i)), odd.get(i), axis);
        });
    }

    private static List<Tensor> every2nd(List<Tensor> xs, int axis, int from, int to) {
        return Lists.map(xs, x -> x.slice(axis, from, to, 2));
    }

    private static List<Tensor> flipped(List<Tensor> xs, int axis) { return Lists.map(xs, x -> x.flip(axis)); }

    /** {@code even[0], odd[0], even[1], ...}; {@code even} may have one more. */
    private static Tensor interleaved(Tensor even, Tensor odd, int axis) {
        int pairs = odd.size(axis);
        Tensor both = new Concatenate(axis + 1).apply(even.slice(axis, 0, pairs).expandDims(axis + 1),
                odd.expandDims(axis + 1));
        Tensor result = both.reshape(odd.shape().without(List.of(axis)).insert(axis, 2 * pairs));
        return even.size(axis) == pairs ? result : new Concatenate(axis)
                .apply(result, even.slice(axis, pairs, pairs + 1));
    }
}
