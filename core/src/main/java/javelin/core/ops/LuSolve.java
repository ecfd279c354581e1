package javelin.core.ops;

import java.util.List;
import javelin.core.LinearOp;
import javelin.core.Op;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.linalg.Triangular;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * The x with {@code op(a) x = b}, where op(a) is a or its transpose. Inputs: a, its factors and its permutation as
 * {@link Lu} gives them, and b. Derivatives are those of the system and not of the factors, which count as constants:
 * one decomposition serves for the solution and for all of its derivatives.
 */
public record LuSolve(boolean transpose) implements MatrixOp.Single, LinearOp.Simple {
    /** {@code a^-1 b} for square matrices a and as many matrices b. */
    public static Tensor solve(Tensor a, Tensor b) {
        List<Tensor> factors = Op.apply(new Lu(), List.of(a.stopGradient()));
        return new LuSolve(false).apply(a, factors.get(0), factors.get(2), b);
    }

    @Override public TensorType outputType(List<TensorType> in) {
        TensorType a = squares(in), b = in.get(3);
        require(a.equals(in.get(1)), in, "the factors do not fit; they must be of the matrix's shape and type");
        require(in.get(2).equals(MatrixOp.with(a, MatrixOp.rows(a)).withDType(DType.I32)), in,
                "the permutation does not fit; it must be i32, one number for each row");
        require(a.dtype() == b.dtype(), in, "the inputs differ in element type; convert with astype");
        require(b.rank() == a.rank() && b.equals(MatrixOp.with(b.withShape(a.shape()), MatrixOp.rows(a),
                MatrixOp.columns(b))), in,
                "the right side does not fit; it must have the matrix's leading axes and as many rows");
        return b;
    }

    @Override public Tensor jvp(int i, Tensor tangent, List<Tensor> in, Tensor x) {
        if (i == 1) return Tensor.zeros(x.type());
        Tensor right = i == 3 ? tangent : (transpose ? MatrixOp.transposed(tangent) : tangent).matmul(x).neg();
        return apply(in.get(0), in.get(1), in.get(2), right);
    }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        return new LuSolve(!transpose).apply(in.get(0).known(), in.get(1).known(), in.get(2).known(), ct);
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        Matrix lu = in.get(1), permutation = in.get(2), b = in.get(3), x = out.getFirst();
        Matrix work = transpose ? b : x;
        for (int i = 0; i < b.rows() && !transpose; i++) row(x, i).copy(row(b, (int) permutation.at(i)));
        Triangular.solve(transpose ? lu.transposed() : lu, true, !transpose, work);
        Triangular.solve(transpose ? lu.transposed() : lu, false, transpose, work);
        for (int i = 0; i < b.rows() && transpose; i++) row(x, (int) permutation.at(i)).copy(row(b, i));
    }

    private static Matrix row(Matrix a, int i) { return a.block(i, 0, 1, a.columns()); }

    @Override public String toString() { return transpose ? "lu_solve[transposed]" : "lu_solve"; }
}
