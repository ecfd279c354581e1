package javelin.core.ops;

import java.util.List;
import javelin.core.Op;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.linalg.Triangular;
import javelin.core.type.TensorType;

/** The determinant of a square matrix. */
public record Det() implements MatrixOp.Single {
    @Override public TensorType outputType(List<TensorType> in) { return MatrixOp.with(squares(in)); }

    /** {@code tr(adj(a) da)}, which exists where a is singular too. */
    @Override public Tensor jvp(int i, Tensor da, List<Tensor> x, Tensor y) {
        Tensor a = x.getFirst(), products = MatrixOp.transposed(adjugate(a)).mul(da);
        return products.sum(a.rank() - 2, a.rank() - 1);
    }

    /**
     * {@code det(a) a^-1}, by LU decomposition. With rank n - 1 the last element of U is 0, and only the last unknown,
     * which would be divided by it, counts: so that is multiplied by the product of the others instead. Below that rank
     * the adjugate is 0.
     */
    private static Tensor adjugate(Tensor a) {
        int n = a.size(-1), rank = a.rank();
        if (n == 0) return a;
        List<Tensor> factors = Op.apply(new Lu(), List.of(a));
        Tensor lu = factors.get(0), pivots = factors.get(1), u = MatrixOp.diagonal(lu);
        Tensor rows = new Iota(TensorType.i32(n), 0).apply();
        Tensor odd = pivots.ne(rows).astype(lu.dtype()).sum(rank - 2);
        Tensor sign = odd.rem(2).mul(-2).add(1), but = sign.mul(u.slice(-1, 0, n - 1).prod(rank - 2));
        Tensor all = but.mul(u.index(-1, n - 1));
        Tensor x = TriangularSolve.left(true).withUnitDiagonal().apply(lu,
                Lu.rows(MatrixOp.eye(a, n).broadcastTo(a.shape()), factors.get(2)));
        // U's last element taken for 1: the last unknown is then times the product of the others, the rest times det
        Tensor last = rows.eq(n - 1).astype(lu.dtype());
        Tensor scale = last.mul(but.expandDims(-1)).add(last.neg().add(1).mul(all.expandDims(-1))).expandDims(-1);
        Tensor corner = last.expandDims(-1).mul(last).broadcastTo(lu.shape());
        Tensor scaled = x.mul(scale);
        Tensor result = TriangularSolve.left(false).apply(corner.ne(0).where(lu.like(1), lu), scaled);
        Tensor finite = result.isFinite().all(rank - 2, rank - 1).reshape(MatrixOp.with(a.type(), 1, 1).shape());
        return finite.where(result, result.like(0));
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        Matrix a = in.getFirst();
        int n = a.rows();
        Matrix pivots = Matrix.zeros(n, 1);
        Triangular.lu(a, pivots, Matrix.zeros(n, 1));
        double det = 1;
        for (int i = 0; i < n; i++) det *= pivots.at(i) == i ? a.at(i, i) : -a.at(i, i);
        out.getFirst().set(0, det);
    }

    @Override public String toString() { return "det"; }
}
