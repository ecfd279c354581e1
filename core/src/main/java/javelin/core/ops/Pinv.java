package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.linalg.Singular;
import javelin.core.type.TensorType;

/** The pseudo-inverse by Moore and Penrose; singular values up to {@code rtol} times the largest count as 0. */
public record Pinv(double rtol) implements MatrixOp.Single {
    @Override public TensorType outputType(List<TensorType> in) {
        TensorType a = matrices(in);
        return MatrixOp.with(a, MatrixOp.columns(a), MatrixOp.rows(a));
    }

    /** {@code -p da p + (1 - p a) da^T p^T p + p p^T da^T (1 - a p)}: Golub and Pereyra, 1973, equation 4.12. */
    @Override public Tensor jvp(int i, Tensor da, List<Tensor> x, Tensor p) {
        Tensor a = x.getFirst(), pt = MatrixOp.transposed(p), dat = MatrixOp.transposed(da);
        Tensor left = dat.matmul(pt).matmul(p), right = p.matmul(pt).matmul(dat);
        return left.sub(p.matmul(a.matmul(left))).add(right.sub(right.matmul(a).matmul(p))).sub(p.matmul(da).matmul(p));
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        Matrix a = in.getFirst(), p = out.getFirst();
        int m = a.rows(), n = a.columns(), k = Math.min(m, n);
        Matrix s = Matrix.zeros(k, 1), u = Matrix.zeros(m, k), vt = Matrix.zeros(k, n);
        Singular.decompose(a, s, u, vt, epsilon);
        p.fill(0);
        for (int r = 0; r < k; r++) {
            if (s.at(r) <= rtol * s.at(0)) continue;
            for (int i = 0; i < n; i++)
                for (int j = 0; j < m; j++) p.set(i, j, p.at(i, j) + vt.at(r, i) * (u.at(j, r) / s.at(r)));
        }
    }

    @Override public String toString() { return "pinv[" + rtol + "]"; }
}
