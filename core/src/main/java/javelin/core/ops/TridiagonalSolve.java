package javelin.core.ops;

import java.util.List;
import javelin.core.LinearOp;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.linalg.Triangular;
import javelin.core.type.TensorType;

/**
 * The x with {@code lower[i] x[i-1] + diagonal[i] x[i] + upper[i] x[i+1] = b[i]} for every column of b. Inputs: lower
 * (its first element is not read), diagonal, upper (nor its last), all {@code [..., n]}, and b, {@code [..., n,
 * columns]}.
 */
public record TridiagonalSolve() implements MatrixOp.Single, LinearOp.Simple {
    @Override public int leading(List<TensorType> in) { return in.getFirst().rank() - 1; }

    @Override public TensorType outputType(List<TensorType> in) {
        TensorType d = in.getFirst(), b = in.get(3);
        require(d.rank() > 0 && d.dtype().isFloat(), in,
                "the diagonals must be floating-point vectors; convert with astype");
        require(in.subList(0, 3).stream().allMatch(d::equals), in,
                "the three diagonals differ in shape or type; they must be the same");
        require(b.dtype() == d.dtype() && b.rank() == d.rank() + 1
                && b.shape().without(List.of(b.rank() - 1)).equals(d.shape()), in,
                "the right side does not fit; it must have the diagonals' shape and one axis more, for its columns");
        return b;
    }

    @Override public Tensor jvp(int i, Tensor tangent, List<Tensor> in, Tensor x) {
        if (i == 3) return apply(in.get(0), in.get(1), in.get(2), tangent);
        int axis = x.rank() - 2;
        Tensor factor = i == 0 ? x.pad(axis, 1, -1, 0) : i == 1 ? x : x.pad(axis, -1, 1, 0);
        return apply(in.get(0), in.get(1), in.get(2), tangent.expandDims(-1).mul(factor).neg());
    }

    /** The transposed matrix has the diagonals exchanged, each moved by one. */
    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        Tensor lower = in.get(0).known(), upper = in.get(2).known();
        int last = lower.rank() - 1;
        return apply(upper.pad(last, 1, -1, 0), in.get(1).known(), lower.pad(last, -1, 1, 0), ct);
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        out.getFirst().copy(in.get(3));
        Triangular.tridiagonal(in.get(0), in.get(1), in.get(2), out.getFirst());
    }

    @Override public String toString() { return "tridiagonal_solve"; }
}
