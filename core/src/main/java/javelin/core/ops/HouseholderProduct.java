package javelin.core.ops;

import java.util.List;
import javelin.core.NoRuleException;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.linalg.Orthogonal;
import javelin.core.type.TensorType;

/**
 * The first n columns of the product of the reflections that {@link Reflections} gives as m x n matrix and taus
 * (LAPACK's orgqr).
 */
public record HouseholderProduct() implements MatrixOp.Single {
    @Override public TensorType outputType(List<TensorType> in) {
        TensorType a = matrices(in), taus = in.get(1);
        require(taus.dtype() == a.dtype() && taus.rank() == a.rank() - 1, in,
                "the taus do not fit; they must be of the matrix's type with one axis less");
        int m = MatrixOp.rows(a), n = MatrixOp.columns(a);
        require(n <= m && taus.shape().size(taus.rank() - 1) <= n, in,
                "the matrix is too small; there must be at least as many rows as columns, and as many columns as taus");
        return a;
    }

    @Override public Tensor jvp(int i, Tensor tangent, List<Tensor> x, Tensor y) {
        throw new NoRuleException(this, "derivative", "use qr, which has one");
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        Orthogonal.product(in.get(0), in.get(1), out.getFirst());
    }

    @Override public String toString() { return "householder_product"; }
}
