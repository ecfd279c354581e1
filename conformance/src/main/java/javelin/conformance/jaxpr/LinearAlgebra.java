package javelin.conformance.jaxpr;

import static javelin.conformance.jaxpr.Primitives.single;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javelin.Tensors;
import javelin.conformance.jaxpr.Primitives.Meaning;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Recorder.Traced;
import javelin.core.Tensor;
import javelin.core.ops.Cholesky;
import javelin.core.ops.ColumnOrder;
import javelin.core.ops.Eigh;
import javelin.core.ops.HouseholderProduct;
import javelin.core.ops.LinearSolve;
import javelin.core.ops.Lu;
import javelin.core.ops.PivotsToPermutation;
import javelin.core.ops.Qr;
import javelin.core.ops.Reflections;
import javelin.core.ops.Svd;
import javelin.core.ops.TriangularSolve;
import javelin.core.ops.TridiagonalSolve;
import javelin.core.type.TensorType;
import tools.jackson.databind.JsonNode;

/** Primitives on matrices; real ones, so that conjugating changes nothing. */
final class LinearAlgebra {
    private static final List<String> NAMES = List.of("matvec", "vecmat", "solve", "transpose_solve");

    private LinearAlgebra() {}

    static void add(Map<String, Meaning> table) {
        table.put("cholesky", single(e -> cholesky(e.in(0))));
        table.put("triangular_solve", single(e -> new TriangularSolve(e.flag("left_side", false),
                e.flag("lower", false),
                e.flag("transpose_a", false), e.flag("unit_diagonal", false)).apply(e.in(0), e.in(1))));
        table.put("lu", e -> Op.apply(new Lu(), e.in()));
        table.put("lu_pivots_to_permutation", single(e ->
                new PivotsToPermutation(e.integer("permutation_size")).apply(e.in(0))));
        table.put("geqrf", e -> Op.apply(new Reflections(), e.in()));
        table.put("householder_product", single(e -> new HouseholderProduct().apply(e.in(0), e.in(1))));
        table.put("qr", e -> {
            boolean full = e.flag("full_matrices", false);
            return e.flag("pivoting", false) ? ColumnOrder.qr(e.in(0), full) : Op.apply(new Qr(full), e.in());
        });
        table.put("eigh", e -> part(e, Op.apply(new Eigh(e.flag("lower", true)), e.in()),
                List.of(UnaryOperator.identity(), UnaryOperator.identity())));
        table.put("svd", e -> {
            Svd.Vectors vectors = !e.flag("compute_uv", true) ? Svd.Vectors.NONE
                    : e.flag("full_matrices", false) ? Svd.Vectors.FULL : Svd.Vectors.THIN;
            return part(e, Op.apply(new Svd(vectors), e.in()),
                    List.of(UnaryOperator.identity(), UnaryOperator.identity(), u -> u.swapAxes(-1, -2)));
        });
        table.put("custom_linear_solve", LinearAlgebra::linearSolve);
        table.put("tridiagonal_solve", single(e -> new TridiagonalSolve().apply(e.in(0), e.in(1), e.in(2), e.in(3))));
    }

    /** JAX leaves the input above the diagonal, as a constant, unless there is no decomposition. */
    private static Tensor cholesky(Tensor a) {
        Tensor l = new Cholesky().apply(a);
        if (a.type().elements() == 0) return l;
        TensorType type = TensorType.i32(a.size(-2), a.size(-1));
        Tensor corner = l.stopGradient().slice(-1, 0, 1).slice(-2, 0, 1);
        Tensor above = corner.isNaN().where(corner, a.stopGradient());
        Tensor lower = Tensors.iota(type, 0).ge(Tensors.iota(type, 1));
        return lower.where(l, above);
    }

    /**
     * The outputs, all or the columns {@code subset_by_index} names; {@code columns} turns each so that these come
     * last.
     */
    private static List<Tensor> part(Eqn e, List<Tensor> all, List<UnaryOperator<Tensor>> columns) {
        if (!e.has("subset_by_index")) return all;
        List<Integer> range = e.ints("subset_by_index");
        return Lists.each(all.size(), i -> columns.get(i).apply(columns.get(i).apply(all.get(i)).slice(-1,
                range.get(0), range.get(1))));
    }

    /**
     * Its programs are matvec, vecmat, solve and transposed solve; their constants come in that order, then the right
     * side.
     */
    private static List<Tensor> linearSolve(Eqn e) {
        JsonNode jaxprs = e.params().path("jaxprs"), lengths = e.params().path("const_lengths");
        List<Optional<Traced>> traced = new ArrayList<>();
        List<List<Tensor>> constants = new ArrayList<>();
        int at = 0;
        for (int k = 0; k < 4; k++) {
            JsonNode p = jaxprs.path(k);
            int n = lengths.isArray() ? lengths.path(k).asInt() : lengths.path(NAMES.get(k)).asInt();
            traced.add(p.isNull() || p.isMissingNode() ? Optional.empty()
                    : Optional.of(e.jaxpr().trace(p.has("program") ? p.path("program") : p)));
            constants.add(Lists.concat(traced.get(k).map(Traced::captured).orElse(List.of()),
                    e.in().subList(at, at += n)));
        }
        var forward = system(traced.get(0).orElseThrow(), constants.get(0), traced.get(2).orElseThrow(),
                constants.get(2));
        boolean both = traced.get(1).isPresent() && traced.get(3).isPresent();
        Optional<LinearSolve.System> transposed = both
                ? Optional.of(system(traced.get(1).get(), constants.get(1), traced.get(3).get(), constants.get(3)))
                : Optional.empty();
        List<Tensor> given = Lists.concat(constants.get(0), constants.get(2));
        if (both) given = Lists.concat(given, constants.get(1), constants.get(3));
        return Op.apply(new LinearSolve(forward, transposed), Lists.concat(given, e.in().subList(at, e.in().size())));
    }

    private static LinearSolve.System system(Traced matvec, List<Tensor> matvecConstants, Traced solve,
            List<Tensor> solveConstants) {
        return new LinearSolve.System(matvec.program(), matvecConstants.size(), solve.program(), solveConstants.size());
    }
}
