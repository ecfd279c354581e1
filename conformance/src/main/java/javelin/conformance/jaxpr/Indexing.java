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
import javelin.core.ops.ScatterExtreme;
import javelin.core.ops.ScatterMul;
import javelin.core.ops.ScatterSet;
import tools.jackson.databind.JsonNode;

/** Primitives that read and write at positions computed by the program. */
final class Indexing {
    private Indexing() {}

    static void add(Map<String, Meaning> table) {
        table.put("dynamic_slice", e -> Op.apply(new DynamicSlice(e.out(0).shape().sizes()),
                e.in().subList(0, 1 + e.in(0).rank())));
        table.put("dynamic_update_slice", e -> Op.apply(new DynamicUpdateSlice(), e.in()));
        table.put("gather", single(Indexing::gather));
        scatter(table, "scatter", (e, axes) -> new ScatterSet(axes, mode(e), isUnique(e)).apply(arguments(e)));
        scatter(table, "scatter-add", (e, axes) -> new ScatterAdd(axes, mode(e)).apply(arguments(e)));
        scatter(table, "scatter-sub", (e, axes) ->
                new ScatterAdd(axes, mode(e)).apply(e.in(0), e.in(1), e.in(2).neg()));
        scatter(table, "scatter-mul", (e, axes) -> new ScatterMul(axes, mode(e), isUnique(e)).apply(arguments(e)));
        scatter(table, "scatter-min", (e, axes) -> new ScatterExtreme(axes, mode(e), false).apply(arguments(e)));
        scatter(table, "scatter-max", (e, axes) -> new ScatterExtreme(axes, mode(e), true).apply(arguments(e)));
    }

    private interface Scattering { Tensor of(Eqn e, GatherAxes axes); }

    /** Under both spellings of its name. */
    private static void scatter(Map<String, Meaning> table, String name, Scattering scattering) {
        Meaning meaning = single(e -> scattering.of(e, updateAxes(e)));
        table.put(name, meaning);
        table.put(name.replace('-', '_'), meaning);
    }

    private static Tensor[] arguments(Eqn e) { return e.in().toArray(Tensor[]::new); }

    private static boolean isUnique(Eqn e) { return e.flag("unique_indices", false); }

    private static Tensor gather(Eqn e) {
        JsonNode d = e.params().path("dimension_numbers");
        var axes = new GatherAxes(Eqn.ints(d.path("offset_dims")), Eqn.ints(d.path("collapsed_slice_dims")),
                Eqn.ints(d.path("start_index_map")),
                Eqn.ints(d.path("operand_batching_dims")), Eqn.ints(d.path("start_indices_batching_dims")));
        Number fill = e.has("fill_value") ? Jaxpr.number(e.params().path("fill_value"))
                : Gather.defaultFill(e.in(0).dtype());
        return new Gather(axes, e.ints("slice_sizes"), mode(e), fill).apply(e.in(0), e.in(1));
    }

    private static GatherAxes updateAxes(Eqn e) {
        if (e.primitive().equals("scatter") && e.has("update_jaxpr")) throw e.unsupported("with a function of its own");
        JsonNode d = e.params().path("dimension_numbers");
        return new GatherAxes(Eqn.ints(d.path("update_window_dims")), Eqn.ints(d.path("inserted_window_dims")),
                Eqn.ints(d.path("scatter_dims_to_operand_dims")),
                Eqn.ints(d.path("operand_batching_dims")), Eqn.ints(d.path("scatter_indices_batching_dims")));
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
