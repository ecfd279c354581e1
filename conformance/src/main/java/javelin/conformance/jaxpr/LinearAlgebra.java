package javelin.conformance.jaxpr;

import static javelin.conformance.jaxpr.Primitives.single;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javelin.conformance.jaxpr.Primitives.Meaning;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Tensor;
import javelin.core.ops.Cholesky;
import javelin.core.ops.Eigh;
import javelin.core.ops.HouseholderProduct;
import javelin.core.ops.Lu;
import javelin.core.ops.PivotsToPermutation;
import javelin.core.ops.Qr;
import javelin.core.ops.Reflections;
import javelin.core.ops.Svd;
import javelin.core.ops.TriangularSolve;
import javelin.core.ops.TridiagonalSolve;
import javelin.core.type.TensorType;

/** Primitives on matrices; real ones, so that conjugating changes nothing. */
final class LinearAlgebra {
    private LinearAlgebra() {}

    static void add(Map<String, Meaning> table) {
        table.put("cholesky", single(e -> cholesky(e.in(0))));
        table.put("triangular_solve", single(e -> new TriangularSolve(e.flag("left_side", false), e.flag("lower", false),
                e.flag("transpose_a", false), e.flag("unit_diagonal", false)).apply(e.in(0), e.in(1))));
        table.put("lu", e -> Op.apply(new Lu(), e.in()));
        table.put("lu_pivots_to_permutation", single(e -> new PivotsToPermutation(e.integer("permutation_size")).apply(e.in(0))));
        table.put("geqrf", e -> Op.apply(new Reflections(), e.in()));
        table.put("householder_product", single(e -> new HouseholderProduct().apply(e.in(0), e.in(1))));
        table.put("qr", e -> {
            if (e.flag("pivoting", false)) throw e.unsupported("with pivoting");
            return Op.apply(new Qr(e.flag("full_matrices", false)), e.in());
        });
        table.put("eigh", e -> part(e, Op.apply(new Eigh(e.flag("lower", true)), e.in()), List.of(UnaryOperator.identity(), UnaryOperator.identity())));
        table.put("svd", e -> {
            Svd.Vectors vectors = !e.flag("compute_uv", true) ? Svd.Vectors.NONE
                    : e.flag("full_matrices", false) ? Svd.Vectors.FULL : Svd.Vectors.THIN;
            return part(e, Op.apply(new Svd(vectors), e.in()), List.of(UnaryOperator.identity(), UnaryOperator.identity(), u -> u.swapAxes(-1, -2)));
        });
        table.put("tridiagonal_solve", single(e -> new TridiagonalSolve().apply(e.in(0), e.in(1), e.in(2), e.in(3))));
    }

    /** JAX leaves the input above the diagonal, as a constant, unless there is no decomposition. */
    private static Tensor cholesky(Tensor a) {
        Tensor l = new Cholesky().apply(a);
        if (a.type().elements() == 0) return l;
        TensorType type = TensorType.i32(a.size(-2), a.size(-1));
        Tensor corner = l.stopGradient().slice(-1, 0, 1).slice(-2, 0, 1);
        Tensor above = corner.isNaN().where(corner, a.stopGradient());
        Tensor lower = javelin.Tensors.iota(type, 0).ge(javelin.Tensors.iota(type, 1));
        return lower.where(l, above);
    }

    /** The outputs, all or the columns {@code subset_by_index} names; {@code columns} turns each so that these come last. */
    private static List<Tensor> part(Eqn e, List<Tensor> all, List<UnaryOperator<Tensor>> columns) {
        if (!e.has("subset_by_index")) return all;
        List<Integer> range = e.ints("subset_by_index");
        return Lists.each(all.size(), i -> columns.get(i).apply(columns.get(i).apply(all.get(i)).slice(-1, range.get(0), range.get(1))));
    }
}
