package javelin.core.ops;

import java.util.List;
import javelin.core.Dual;
import javelin.core.NoRuleException;
import javelin.core.Op;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.linalg.Singular;
import javelin.core.type.TensorType;

/**
 * {@code a = U diag(s) Vt} of an m x n matrix: s, descending; then, unless {@code NONE} are wanted, U and Vt,
 * which have k = min(m, n) columns and rows, or are square if {@code FULL}.
 */
public record Svd(Vectors vectors) implements MatrixOp {
    /** How many singular vectors. */
    public enum Vectors { NONE, THIN, FULL }

    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        TensorType a = matrices(in);
        int m = MatrixOp.rows(a), n = MatrixOp.columns(a), k = Math.min(m, n);
        TensorType s = MatrixOp.with(a, k);
        return switch (vectors) {
            case NONE -> List.of(s);
            case THIN -> List.of(s, MatrixOp.with(a, m, k), MatrixOp.with(a, k, n));
            case FULL -> List.of(s, MatrixOp.with(a, m, m), MatrixOp.with(a, n, n));
        };
    }

    /**
     * With {@code X = U^T da V}: ds = diag(X), dU = U (F * (X s + (X s)^T)) and dV likewise, F[i][j] = 1 / (s[j]^2 -
     * s[i]^2), plus what leaves the space the vectors span. It does not exist where singular values coincide.
     */
    @Override public List<Dual> jvp(List<Dual> in) {
        Tensor a = in.getFirst().primal(), da = in.getFirst().tangentOrZero();
        int m = a.size(-2), n = a.size(-1);
        if (vectors == Vectors.FULL && m != n)
            throw new NoRuleException(this, "derivative, since the vectors beyond min(m, n) are not determined",
                    "use thin vectors");
        List<Tensor> out = Op.apply(new Svd(Vectors.THIN), List.of(a));
        Tensor s = out.get(0), u = out.get(1), ut = MatrixOp.transposed(u), vt = out.get(2);
        Tensor v = MatrixOp.transposed(vt);
        Tensor x = ut.matmul(da).matmul(v);
        Dual values = Dual.of(s, MatrixOp.diagonal(x));
        if (vectors == Vectors.NONE) return List.of(values);
        Tensor columns = s.expandDims(-2), rows = s.expandDims(-1), eye = MatrixOp.eye(s, s.size(-1));
        Tensor f = columns.add(rows).mul(columns.sub(rows)).add(eye).reciprocal().sub(eye);
        Tensor zeros = s.eq(0).astype(s.dtype()), inverse = s.add(zeros).reciprocal().sub(zeros);
        Tensor xs = columns.mul(x), sx = rows.mul(x);
        Tensor turned = x.sub(MatrixOp.transposed(x)).div(2).mul(eye.mul(inverse.expandDims(-1)));
        Tensor du = u.matmul(f.mul(xs.add(MatrixOp.transposed(xs))).add(turned));
        Tensor dv = v.matmul(f.mul(sx.add(MatrixOp.transposed(sx))));
        if (m > n) {
            Tensor outside = da.matmul(v);
            du = du.add(outside.sub(u.matmul(ut.matmul(outside))).div(columns));
        }
        if (n > m) {
            Tensor outside = MatrixOp.transposed(da).matmul(u);
            dv = dv.add(outside.sub(v.matmul(vt.matmul(outside))).div(columns));
        }
        return List.of(values, Dual.of(u, du), Dual.of(vt, MatrixOp.transposed(dv)));
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        if (vectors == Vectors.NONE) Singular.values(in.getFirst(), out.getFirst(), epsilon);
        else Singular.decompose(in.getFirst(), out.get(0), out.get(1), out.get(2), epsilon);
    }

    @Override public String toString() { return "svd[" + vectors.name().toLowerCase(java.util.Locale.ROOT) + "]"; }
}
