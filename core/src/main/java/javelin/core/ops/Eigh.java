package javelin.core.ops;

import java.util.List;
import javelin.core.Dual;
import javelin.core.Op;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.linalg.Symmetric;
import javelin.core.type.TensorType;

/**
 * Eigenvectors, as columns, and eigenvalues, ascending, of a symmetric matrix of which one triangle is read. The
 * derivative takes all of a for symmetric, as JAX's does; it does not exist where eigenvalues coincide.
 */
public record Eigh(boolean lower) implements MatrixOp {
    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        TensorType a = squares(in);
        return List.of(a, MatrixOp.with(a, MatrixOp.rows(a)));
    }

    /**
     * {@code dw = diag(X)} and {@code dv = v (F * X)} with {@code X = v^T da v} and F[i][j] = 1 / (w[j] - w[i]), 0 for
     * i = j.
     */
    @Override public List<Dual> jvp(List<Dual> in) {
        Tensor a = in.getFirst().primal(), da = in.getFirst().tangentOrZero();
        List<Tensor> out = Op.apply(this, List.of(a.add(MatrixOp.transposed(a)).div(2)));
        Tensor v = out.get(0), w = out.get(1), eye = MatrixOp.eye(w, w.size(-1));
        Tensor x = MatrixOp.transposed(v).matmul(da).matmul(v);
        Tensor f = eye.add(w.expandDims(-2)).sub(w.expandDims(-1)).reciprocal().sub(eye);
        return List.of(Dual.of(v, v.matmul(f.mul(x))), Dual.of(w, MatrixOp.diagonal(x)));
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        Symmetric.eigen(in.getFirst(), lower, out.get(0), out.get(1), epsilon);
    }

    @Override public String toString() { return "eigh[" + (lower ? "lower" : "upper") + "]"; }
}
