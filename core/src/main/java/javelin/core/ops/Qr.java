package javelin.core.ops;

import java.util.List;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.linalg.Orthogonal;
import javelin.core.type.TensorType;

/**
 * {@code a = Q R} of an m x n matrix by Householder's reflections, so with the signs LAPACK gives: Q is m x k and R is
 * k x n, where k is min(m, n), or m if {@code full}.
 */
public record Qr(boolean full) implements MatrixOp {
    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        TensorType a = matrices(in);
        int m = MatrixOp.rows(a), n = MatrixOp.columns(a), k = full ? m : Math.min(m, n);
        return List.of(MatrixOp.with(a, m, k), MatrixOp.with(a, k, n));
    }

    /**
     * Of the square or thin part X = Q R: Townsend, "Differentiating the QR decomposition", 2018. The rest of R is Q^T
     * a.
     */
    @Override public List<Dual> jvp(List<Dual> in) {
        Tensor a = in.getFirst().primal(), da = in.getFirst().tangentOrZero();
        List<Tensor> out = Op.apply(this, List.of(a));
        Tensor q = out.get(0), r = out.get(1);
        int m = a.size(-2), n = a.size(-1), k = Math.min(m, n);
        Tensor thin = q.slice(-1, 0, k), square = r.slice(-1, 0, k).slice(-2, 0, k);
        Tensor x = TriangularSolve.right(false).apply(square, da.slice(-1, 0, k));
        Tensor inside = MatrixOp.transposed(thin).matmul(x);
        Tensor below = MatrixOp.lower(inside, -1), turn = below.sub(MatrixOp.transposed(below));
        Tensor dq = thin.matmul(turn.sub(inside)).add(x), dr = inside.sub(turn).matmul(square);
        if (n > k) {
            Tensor rest = MatrixOp.transposed(dq).matmul(a.slice(-1, k, n))
                    .add(MatrixOp.transposed(thin).matmul(da.slice(-1, k, n)));
            dr = new Concatenate(a.rank() - 1).apply(dr, rest);
        }
        if (full && m > k) {
            dq = new Concatenate(a.rank() - 1).apply(dq, complement(q, dq, k));
            dr = dr.pad(a.rank() - 2, 0, m - k, 0);
        }
        return List.of(Dual.of(q, dq), Dual.of(r, dr));
    }

    /**
     * How the columns beyond the k-th turn, {@code dq} being the tangent of the others: arXiv:2409.13374, equations 32
     * and 33.
     */
    private static Tensor complement(Tensor q, Tensor dq, int k) {
        int m = q.size(-1);
        Tensor thin = q.slice(-1, 0, k), rest = q.slice(-1, k, m);
        Tensor top = thin.slice(-2, 0, k), bottom = thin.slice(-2, k, m);
        Tensor zt = LuSolve.solve(MatrixOp.transposed(top.sub(MatrixOp.eye(top, k))), MatrixOp.transposed(bottom));
        Tensor z = MatrixOp.transposed(zt);
        Tensor moved = dq.slice(-2, k, m).sub(z.matmul(dq.slice(-2, 0, k)));
        return dq.matmul(zt).sub(thin.add(rest.matmul(z)).matmul(MatrixOp.transposed(moved)));
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        Matrix a = in.getFirst(), q = out.get(0), r = out.get(1);
        Matrix taus = Matrix.zeros(Math.min(a.rows(), a.columns()), 1);
        Orthogonal.qr(a, taus);
        r.fill(0);
        for (int i = 0; i < taus.rows(); i++) for (int j = i; j < r.columns(); j++) r.set(i, j, a.at(i, j));
        Orthogonal.product(a, taus, q);
    }

    @Override public String toString() { return full ? "qr[full]" : "qr"; }
}
