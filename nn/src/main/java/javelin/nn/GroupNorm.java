package javelin.nn;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.Shape;

/**
 * Normalises groups of neighbouring features of each example, by default along all axes but the batch:
 * {@code [batch, ..., features]}, of the same shape. The default epsilon is 1e-6, Flax's default number of groups 32.
 * Wu and He, arXiv:1803.08494. (flax.linen.GroupNorm; formula: {@link Norm})
 *
 * @param groups    how many groups there are, if that is given
 * @param groupSize how many features a group has, if that is given instead
 * @param reduction the axes to normalise along, the last of which is the features
 */
public record GroupNorm(Norm norm, OptionalInt groups, OptionalInt groupSize, Optional<List<Integer>> reduction)
        implements Norm.Of<GroupNorm> {
    public GroupNorm {
        if (groups.isPresent() == groupSize.isPresent())
            throw new JavelinException("GroupNorm takes the number of groups or their size, one of the two");
    }

    public static GroupNorm of(int groups) {
        return new GroupNorm(Norm.of(1e-6), OptionalInt.of(groups), OptionalInt.empty(), Optional.empty());
    }

    public static GroupNorm ofSize(int features) {
        return new GroupNorm(Norm.of(1e-6), OptionalInt.empty(), OptionalInt.of(features), Optional.empty());
    }

    public GroupNorm withReduction(List<Integer> axes) {
        return new GroupNorm(norm, groups, groupSize, Optional.of(List.copyOf(axes)));
    }

    @Override public GroupNorm with(Norm norm) { return new GroupNorm(norm, groups, groupSize, reduction); }

    @Override public Tensor normalized(Scope s, Tensor x, Optional<Tensor> mask) {
        int last = x.rank() - 1;
        List<Integer> axes = Norm.axes(x, reduction.orElseGet(() -> Lists.range(1, last)));
        Norm.require("GroupNorm", x, axes);
        if (axes.isEmpty() || axes.getLast() != last)
            throw new ShapeException("GroupNorm", List.of(x.type()), "normalises along " + axes
                    + ", which must have the last axis, that of the features");
        int features = x.size(-1), divisor = groups.orElseGet(groupSize::getAsInt);
        if (divisor < 1 || features % divisor != 0)
            throw new ShapeException("GroupNorm", List.of(x.type()), features + " features cannot be cut into "
                    + (groups.isPresent() ? divisor + " equal groups" : "groups of " + divisor)
                    + "; give a divisor of " + features);
        int count = groups.orElse(features / divisor), size = features / count;
        List<Integer> grouped = Lists.map(axes, a -> a == last ? last + 1 : a);
        var of = norm.statistics(cut(x, count, size), grouped, mask.map(m -> cut(m, count, size)));
        return norm.normalize(s, x, new Norm.Statistics(spread(of.mean(), size), spread(of.variance(), size)),
                List.of(last));
    }

    private static Tensor cut(Tensor x, int groups, int size) {
        if (x.size(-1) == 1) return x.expandDims(-1);                    // a mask that is the same for all features
        return x.reshape(x.shape().without(List.of(x.rank() - 1)).insert(x.rank() - 1, groups).insert(x.rank(), size));
    }

    /** {@code [..., groups, 1] -> [..., features]} */
    private static Tensor spread(Tensor x, int size) {
        Shape groups = x.shape().without(List.of(x.rank() - 1));
        Tensor all = x.broadcastTo(groups.insert(x.rank() - 1, size));
        return all.reshape(groups.without(List.of(x.rank() - 2))
                .insert(x.rank() - 2, groups.size(x.rank() - 2) * size));
    }
}
