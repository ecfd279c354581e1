package javelin.conformance.jaxpr;

import static javelin.conformance.jaxpr.Primitives.single;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javelin.Windows;
import javelin.conformance.jaxpr.Primitives.Meaning;
import javelin.core.Lists;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.ops.ConvGeneral;
import javelin.core.ops.ReduceWindowMax;
import javelin.core.ops.ReduceWindowMin;
import javelin.core.ops.ReduceWindowSum;
import javelin.core.ops.Window;
import javelin.core.ops.WindowGather;
import javelin.core.ops.WindowScatter;
import javelin.core.ops.WindowWinner;
import javelin.core.type.DType;
import tools.jackson.databind.JsonNode;

/** Primitives that slide windows over their input, and reductions by a program. */
final class Windowing {
    private Windowing() {}

    static void add(Map<String, Meaning> table) {
        table.put("conv_general_dilated", single(Windowing::convolution));
        reduction(table, "reduce_window_sum", ReduceWindowSum::new);
        reduction(table, "reduce_window_max", ReduceWindowMax::new);
        reduction(table, "reduce_window_min", ReduceWindowMin::new);
        table.put("reduce_window", Windowing::reduceWindow);
        table.put("reduce", Windowing::reduce);
        table.put("select_and_gather_add", single(e -> new WindowGather(windows(e)).apply(e.in(0), chosen(e))));
        table.put("select_and_scatter_add", single(e ->
                new WindowScatter(windows(e), e.in(1).shape()).apply(e.in(0), chosen(e))));
    }

    private static void reduction(Map<String, Meaning> table, String name, Function<List<Window>, SimpleOp> op) {
        table.put(name, single(e -> op.apply(windows(e)).apply(e.in(0))));
    }

    /** The numbers of the elements that {@code select_prim} chooses from the windows of input 1. */
    private static Tensor chosen(Eqn e) {
        boolean max = e.text("select_prim", "ge").startsWith("ge");
        SimpleOp extreme = max ? new ReduceWindowMax(windows(e)) : new ReduceWindowMin(windows(e));
        return new WindowWinner(windows(e)).apply(e.in(1), extreme.apply(e.in(1)));
    }

    private static List<Window> windows(Eqn e) {
        return windows(e, e.ints("window_dimensions"), "base_dilation", "window_dilation");
    }

    private static List<Window> windows(Eqn e, List<Integer> sizes, String base, String dilation) {
        List<Integer> ones = Lists.map(sizes, _ -> 1), strides = e.ints("window_strides", ones);
        List<Integer> bases = e.ints(base, ones), dilations = e.ints(dilation, ones);
        JsonNode padding = e.params().path("padding");
        return Lists.each(sizes.size(), a -> new Window(sizes.get(a), strides.get(a), padding.path(a).path(0).asInt(0),
                padding.path(a).path(1).asInt(0), bases.get(a), dilations.get(a)));
    }

    private static List<Tensor> reduceWindow(Eqn e) {
        int n = e.in().size() / 2;
        return Windows.reduceWindows(e.in().subList(0, n), e.in().subList(n, 2 * n), windows(e),
                (x, y) -> e.inline("jaxpr", Lists.concat(x, y)));
    }

    private static List<Tensor> reduce(Eqn e) {
        int n = e.in().size() / 2;
        return Windows.reduce(e.in().subList(0, n), e.in().subList(n, 2 * n), e.ints("dimensions"),
                (x, y) -> e.inline("jaxpr", Lists.concat(x, y)));
    }

    /** A wider type asked for is that of the products too; a narrower one is rounded to at the end. */
    private static Tensor convolution(Eqn e) {
        JsonNode d = e.params().path("dimension_numbers");
        var rhs = ConvGeneral.Order.of(Eqn.ints(d.path("rhs_spec")));
        List<Integer> sizes = Lists.map(rhs.space(), e.in(1).shape()::size);
        var op = new ConvGeneral(ConvGeneral.Order.of(Eqn.ints(d.path("lhs_spec"))), rhs,
                ConvGeneral.Order.of(Eqn.ints(d.path("out_spec"))), windows(e, sizes, "lhs_dilation", "rhs_dilation"),
                e.integer("feature_group_count", 1), e.integer("batch_group_count", 1));
        DType asked = e.out(0).dtype();
        return op.apply(Reducing.widened(e.in(0), asked), Reducing.widened(e.in(1), asked)).astype(asked);
    }
}
