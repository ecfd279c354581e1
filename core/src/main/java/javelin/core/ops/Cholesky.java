package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.linalg.Triangular;
import javelin.core.type.TensorType;

/**
 * The lower triangle L with {@code a = L L^T}; NaN for a matrix that is not positive definite. Only the lower triangle
 * of a is read; the derivative takes a, and its tangent too, for symmetric, as JAX's does.
 */
public record Cholesky() implements MatrixOp.Single {
    @Override public TensorType outputType(List<TensorType> in) { return squares(in); }

    /** {@code L phi(L^-1 da L^-T)}, phi being the lower triangle with half the diagonal: Murray, arXiv:1602.07527. */
    @Override public Tensor jvp(int i, Tensor da, List<Tensor> x, Tensor l) {
        Tensor right = TriangularSolve.right(true).transposed().apply(l, da);
        Tensor both = TriangularSolve.left(true).apply(l, right);
        return l.matmul(MatrixOp.lower(both, 0).div(MatrixOp.eye(both, both.size(-1)).add(1)));
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        Triangular.cholesky(in.getFirst(), out.getFirst());
    }

    @Override public String toString() { return "cholesky"; }
}
