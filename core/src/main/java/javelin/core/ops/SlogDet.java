package javelin.core.ops;

import java.util.List;
import javelin.core.Dual;
import javelin.core.Op;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.linalg.Triangular;
import javelin.core.type.TensorType;

/** The sign of the determinant of a square matrix and the logarithm of its magnitude: 0 and -inf if it is singular. */
public record SlogDet() implements MatrixOp {
    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        TensorType one = MatrixOp.with(squares(in));
        return List.of(one, one);
    }

    /** {@code d log |det a| = tr(a^-1 da)}: Jacobi's formula. */
    @Override public List<Dual> jvp(List<Dual> in) {
        Tensor a = in.getFirst().primal();
        List<Tensor> out = Op.apply(this, List.of(a));
        Tensor x = MatrixOp.diagonal(LuSolve.solve(a, in.getFirst().tangentOrZero()));
        return List.of(Dual.constant(out.get(0)), Dual.of(out.get(1), x.sum(x.rank() - 1)));
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        Matrix a = in.getFirst();
        int n = a.rows();
        Matrix pivots = Matrix.zeros(n, 1);
        Triangular.lu(a, pivots, Matrix.zeros(n, 1));
        double sign = 1, log = 0;
        for (int i = 0; i < n; i++) {
            double u = a.at(i, i);
            sign *= pivots.at(i) == i ? Math.signum(u) : -Math.signum(u);
            log += Math.log(Math.abs(u));
        }
        out.get(0).set(0, sign);
        out.get(1).set(0, log);
    }

    @Override public String toString() { return "slogdet"; }
}
