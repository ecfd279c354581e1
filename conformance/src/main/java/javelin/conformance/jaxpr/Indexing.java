package javelin.conformance.jaxpr;

import static javelin.conformance.jaxpr.Primitives.single;

import java.util.Locale;
import java.util.Map;
import javelin.conformance.jaxpr.Primitives.Meaning;
import javelin.core.Op;
import javelin.core.Tensor;
import javelin.core.ops.DynamicSlice;
import javelin.core.ops.DynamicUpdateSlice;
import javelin.core.ops.Gather;
import javelin.core.ops.GatherAxes;
import javelin.core.ops.ScatterAdd;
import tools.jackson.databind.JsonNode;

/** Primitives that read and write at positions computed by the program. */
final class Indexing {
    private Indexing() {}

    static void add(Map<String, Meaning> table) {
        table.put("dynamic_slice", e -> Op.apply(new DynamicSlice(e.out(0).shape().sizes()),
                e.in().subList(0, 1 + e.in(0).rank())));
        table.put("dynamic_update_slice", e -> Op.apply(new DynamicUpdateSlice(), e.in()));
        table.put("gather", single(Indexing::gather));
        table.put("scatter-add", single(e -> scatter(e, e.in(2))));
        table.put("scatter_add", table.get("scatter-add"));
        table.put("scatter-sub", single(e -> scatter(e, e.in(2).neg())));
        table.put("scatter_sub", table.get("scatter-sub"));
    }

    private static Tensor gather(Eqn e) {
        JsonNode d = e.params().path("dimension_numbers");
        var axes = new GatherAxes(Eqn.ints(d.path("offset_dims")), Eqn.ints(d.path("collapsed_slice_dims")),
                Eqn.ints(d.path("start_index_map")),
                Eqn.ints(d.path("operand_batching_dims")), Eqn.ints(d.path("start_indices_batching_dims")));
        Number fill = e.has("fill_value") ? Jaxpr.number(e.params().path("fill_value"))
                : Gather.defaultFill(e.in(0).dtype());
        return new Gather(axes, e.ints("slice_sizes"), mode(e), fill).apply(e.in(0), e.in(1));
    }

    private static Tensor scatter(Eqn e, Tensor updates) {
        JsonNode d = e.params().path("dimension_numbers");
        var axes = new GatherAxes(Eqn.ints(d.path("update_window_dims")), Eqn.ints(d.path("inserted_window_dims")),
                Eqn.ints(d.path("scatter_dims_to_operand_dims")),
                Eqn.ints(d.path("operand_batching_dims")), Eqn.ints(d.path("scatter_indices_batching_dims")));
        return new ScatterAdd(axes, mode(e)).apply(e.in(0), e.in(1), updates);
    }

    /** By name, as enumerated (0 clip, 1 fill or drop, 2 promise in bounds), or null for fill or drop. */
    private static GatherAxes.Mode mode(Eqn e) {
        String mode = e.text("mode", "FILL_OR_DROP").toUpperCase(Locale.ROOT);
        if (mode.contains("CLIP") || mode.equals("0")) return GatherAxes.Mode.CLIP;
        if (mode.contains("FILL") || mode.contains("DROP") || mode.equals("1")) return GatherAxes.Mode.FILL_OR_DROP;
        if (mode.contains("PROMISE") || mode.equals("2")) return GatherAxes.Mode.PROMISE_IN_BOUNDS;
        throw e.unsupported("in mode " + mode);
    }

}
