package javelin.conformance.jaxpr;

import static javelin.conformance.jaxpr.Primitives.single;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javelin.conformance.jaxpr.Primitives.Meaning;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.ops.ArgExtreme;
import javelin.core.ops.DotGeneral;
import javelin.core.ops.ReduceMax;
import javelin.core.ops.ReduceMin;
import javelin.core.ops.ReduceProd;
import javelin.core.ops.ReduceSum;
import javelin.core.type.DType;
import tools.jackson.databind.JsonNode;

/** Primitives that combine many elements into one. */
final class Reducing {
    private Reducing() {}

    static void add(Map<String, Meaning> table) {
        reduction(table, "reduce_sum", ReduceSum::new);
        reduction(table, "reduce_prod", ReduceProd::new);
        reduction(table, "reduce_max", ReduceMax::new);
        reduction(table, "reduce_min", ReduceMin::new);
        logical(table, "reduce_or", ReduceMax::new);
        logical(table, "reduce_and", ReduceMin::new);
        extreme(table, "argmax", true);
        extreme(table, "argmin", false);
        table.put("dot_general", single(Reducing::dot));
    }

    private static void reduction(Map<String, Meaning> table, String name, Function<List<Integer>, SimpleOp> op) {
        table.put(name, single(e -> e.ints("axes").isEmpty() ? e.in(0) : op.apply(e.ints("axes")).apply(e.in(0))));
    }

    /** Of bools; the bits of integers have no reduction yet. */
    private static void logical(Map<String, Meaning> table, String name, Function<List<Integer>, SimpleOp> op) {
        table.put(name, single(e -> {
            if (e.in(0).dtype() != DType.BOOL) throw e.unsupported("of integers");
            return e.ints("axes").isEmpty() ? e.in(0) : op.apply(e.ints("axes")).apply(e.in(0));
        }));
    }

    private static void extreme(Map<String, Meaning> table, String name, boolean max) {
        table.put(name, single(e -> new ArgExtreme(e.ints("axes").getFirst(), max, e.out(0).dtype()).apply(e.in(0))));
    }

    /**
     * {@code dimension_numbers} is {@code [[lhs contract, rhs contract], [lhs batch, rhs batch]]}. Factors of different
     * types are both made the wider one.
     */
    private static Tensor dot(Eqn e) {
        JsonNode contract = e.params().path("dimension_numbers").path(0),
                batch = e.params().path("dimension_numbers").path(1);
        DType x = e.in(0).dtype(), y = e.in(1).dtype(),
                wide = y.isFloat() && !x.isFloat() || y.bytes() > x.bytes() ? y : x;
        var op = new DotGeneral(new DotGeneral.Side(Eqn.ints(batch.path(0)), Eqn.ints(contract.path(0))),
                new DotGeneral.Side(Eqn.ints(batch.path(1)), Eqn.ints(contract.path(1))),
                        Optional.of(e.out(0).dtype()));
        return op.apply(e.in(0).astype(wide), e.in(1).astype(wide));
    }

    static Tensor widened(Tensor x, DType asked) {
        return asked.bytes() > x.dtype().bytes() || asked.isFloat() && !x.dtype().isFloat() ? x.astype(asked) : x;
    }
}
