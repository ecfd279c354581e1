package javelin.core.ops;

import java.util.List;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.linalg.Triangular;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * LU decomposition with partial pivoting, of any m x n matrix: L below the diagonal, without its unit diagonal, and U
 * above in one matrix; the pivots, i32[k] with k = min(m, n) (row i was exchanged with row pivots[i]); the permutation,
 * i32[m], with {@code a[permutation] = L U}.
 */
public record Lu() implements MatrixOp {
    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        TensorType a = matrices(in), indices = a.withDType(DType.I32);
        return List.of(a, MatrixOp.with(indices, Math.min(MatrixOp.rows(a), MatrixOp.columns(a))),
                MatrixOp.with(indices, MatrixOp.rows(a)));
    }

    /**
     * {@code dL = L tril(X, -1)} and {@code dU = triu(X) U} with {@code X = L^-1 da[permutation] U^-1}, both made
     * square.
     */
    @Override public List<Dual> jvp(List<Dual> in) {
        List<Tensor> out = Op.apply(this, List.of(in.getFirst().primal()));
        Tensor lu = out.get(0), permutation = out.get(2);
        int m = lu.size(-2), n = lu.size(-1), k = Math.min(m, n), rank = lu.rank();
        Tensor da = rows(in.getFirst().tangentOrZero(), permutation);
        Tensor l = MatrixOp.lower(lu.slice(-1, 0, k), -1).pad(rank - 1, 0, m - k, 0).add(MatrixOp.eye(lu, m));
        Tensor corner = n == k ? MatrixOp.eye(lu, n).mul(0) : MatrixOp.eye(lu, n - k).pad(0, k, 0, 0).pad(1, k, 0, 0);
        Tensor u = MatrixOp.upper(lu.slice(-2, 0, k)).pad(rank - 2, 0, n - k, 0).add(corner);
        Tensor x = TriangularSolve.right(false).apply(u, TriangularSolve.left(true).withUnitDiagonal().apply(l, da));
        Tensor dl = l.matmul(MatrixOp.lower(x, -1)), du = MatrixOp.upper(x).matmul(u);
        return List.of(Dual.of(lu, dl.add(du)), Dual.constant(out.get(1)), Dual.constant(permutation));
    }

    /** The rows of every matrix in the given order. */
    public static Tensor rows(Tensor a, Tensor permutation) {
        return a.type().elements() == 0 ? a : a.takeAlongAxis(permutation.expandDims(-1).broadcastTo(a.shape()), -2);
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        Matrix lu = out.get(0);
        lu.copy(in.getFirst());
        Triangular.lu(lu, out.get(1), out.get(2));
    }

    @Override public String toString() { return "lu"; }
}
