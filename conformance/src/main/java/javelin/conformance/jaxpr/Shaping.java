package javelin.conformance.jaxpr;

import static javelin.conformance.jaxpr.Primitives.single;

import java.util.List;
import java.util.Map;
import javelin.Tensors;
import javelin.conformance.jaxpr.Primitives.Meaning;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.ops.Concatenate;
import javelin.core.ops.Pad;
import javelin.core.ops.Reverse;
import javelin.core.ops.Slice;
import javelin.core.type.Shape;
import tools.jackson.databind.JsonNode;

/** Primitives that move elements and compute nothing. */
final class Shaping {
    private Shaping() {}

    static void add(Map<String, Meaning> table) {
        table.put("broadcast_in_dim", single(Shaping::broadcast));
        table.put("reshape", single(e -> {
            Tensor x = e.has("dimensions") ? e.in(0).transpose(e.ints("dimensions")) : e.in(0);
            return x.reshape(e.out(0).shape());
        }));
        table.put("squeeze", single(e -> e.in(0).reshape(e.out(0).shape())));
        table.put("expand_dims", single(e -> e.in(0).reshape(e.out(0).shape())));
        table.put("transpose", single(e -> e.in(0).transpose(e.ints("permutation"))));
        table.put("rev", single(e -> e.ints("dimensions").isEmpty() ? e.in(0)
                : new Reverse(e.ints("dimensions")).apply(e.in(0))));
        table.put("slice", single(e -> new Slice(e.ints("start_indices"), e.ints("limit_indices"),
                e.ints("strides", Lists.map(e.ints("start_indices"), _ -> 1)))
                .apply(e.in(0))));
        table.put("pad", single(Shaping::pad));
        table.put("concatenate", single(e -> new Concatenate(axis(e, "dimension", 0))
                .apply(e.in().toArray(Tensor[]::new))));
        table.put("stack", single(e -> Tensors.stack(e.in(), e.integer("axis", 0))));
        table.put("split", Shaping::split);
        table.put("tile", single(Shaping::tile));
        table.put("iota", single(e -> Tensors.iota(e.out(0), e.integer("dimension", 0))));
    }

    private static int axis(Eqn e, String name, int otherwise) {
        int axis = e.integer(name, otherwise);
        return axis < 0 ? axis + e.in(0).rank() : axis;
    }

    /** Axes of size 1 may be spread too; ours keeps to axes of equal size, so they are dropped first. */
    private static Tensor broadcast(Eqn e) {
        Tensor x = e.in(0);
        Shape shape = e.out(0).shape();
        List<Integer> to = e.ints("broadcast_dimensions");
        List<Integer> kept = Lists.range(0, x.rank()).stream().filter(a -> x.shape().size(a) == shape.size(to.get(a)))
                .toList();
        return x.reshape(x.shape().select(kept)).broadcast(shape, Lists.map(kept, to::get));
    }

    private static Tensor pad(Eqn e) {
        JsonNode config = e.params().path("padding_config");
        List<List<Integer>> axes = Lists.each(config.size(), a -> Eqn.ints(config.get(a)));
        return new Pad(Lists.map(axes, p -> p.get(0)), Lists.map(axes, p -> p.get(1)), Lists.map(axes, p -> p.get(2)))
                .apply(e.in(0), e.in(1));
    }

    private static List<Tensor> split(Eqn e) {
        int[] from = {0};
        int axis = axis(e, "axis", 0);
        return Lists.map(e.ints("sizes"), n -> {
            int start = from[0];
            from[0] += n;
            return e.in(0).slice(axis, start, start + n);
        });
    }

    /** Copies one after the other, axis by axis. */
    private static Tensor tile(Eqn e) {
        Tensor x = e.in(0);
        List<Integer> reps = e.ints("reps");
        int more = reps.size() - x.rank();
        Tensor y = more > 0 ? x.reshape(new Shape(Lists.concat(Lists.each(more, _ -> 1), x.shape().sizes()))) : x;
        for (int a = 0; a < reps.size(); a++) {
            Tensor now = y;
            if (reps.get(a) != 1) y = new Concatenate(a).apply(Lists.each(reps.get(a), _ -> now)
                    .toArray(Tensor[]::new));
        }
        return y;
    }
}
