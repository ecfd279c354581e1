package javelin.conformance.jaxpr;

import static javelin.conformance.jaxpr.Primitives.single;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import javelin.conformance.jaxpr.Primitives.Meaning;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.ops.CumLogSumExp;
import javelin.core.ops.CumMax;
import javelin.core.ops.CumMin;
import javelin.core.ops.CumProd;
import javelin.core.ops.CumSum;
import javelin.core.ops.Iota;
import javelin.core.ops.Sort;
import javelin.core.ops.TopK;
import javelin.core.type.DType;

/** Primitives that go along an axis in order: sorts and prefix sums. */
final class Ordering {
    private Ordering() {}

    static void add(Map<String, Meaning> table) {
        cumulative(table, "cumsum", CumSum::new);
        cumulative(table, "cumprod", CumProd::new);
        cumulative(table, "cummax", CumMax::new);
        cumulative(table, "cummin", CumMin::new);
        cumulative(table, "cumlogsumexp", CumLogSumExp::new);
        table.put("sort", e -> Op.apply(new Sort(axis(e, e.integer("dimension", -1)), e.integer("num_keys", 1)),
                e.in()));
        table.put("top_k", e -> indexed(e, Op.apply(new TopK(e.integer("k"), axis(e, e.integer("axis", -1))), e.in())));
        table.put("approx_top_k", Ordering::approximate);
    }

    private static void cumulative(Map<String, Meaning> table, String name, BiFunction<Integer, Boolean, SimpleOp> op) {
        table.put(name, single(e -> op.apply(axis(e, e.integer("axis")), e.flag("reverse", false)).apply(e.in(0))));
    }

    private static int axis(Eqn e, int axis) { return axis < 0 ? axis + e.in(0).rank() : axis; }

    private static List<Tensor> indexed(Eqn e, List<Tensor> out) {
        return List.of(out.get(0), out.get(1).astype(e.out(1).dtype()));
    }

    /** On a CPU exact: what comes first once all is sorted. */
    private static List<Tensor> approximate(Eqn e) {
        Tensor x = e.in(0);
        int axis = axis(e, e.integer("reduction_dimension", -1)), k = e.out(0).shape().size(axis);
        if (e.flag("is_max_k", true)) return indexed(e, Op.apply(new TopK(k, axis), List.of(x)));
        Tensor places = Op.apply(new Iota(x.type().withDType(DType.I32), axis), List.of()).getFirst();
        return indexed(e, Lists.map(Op.apply(new Sort(axis, 1), List.of(x, places)), t -> t.slice(axis, 0, k)));
    }
}
