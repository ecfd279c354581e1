package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** The permutation of {@code size} rows that exchanging row i with row pivots[i], for i = 0, 1, ..., comes to. */
public record PivotsToPermutation(int size) implements MatrixOp.Single, javelin.core.SimpleOp.ZeroDerivative {
    @Override public int leading(List<TensorType> in) { return in.getFirst().rank() - 1; }

    @Override public TensorType outputType(List<TensorType> in) {
        TensorType pivots = in.getFirst();
        require(pivots.rank() > 0 && pivots.dtype() == DType.I32, in,
                "pivots are i32 along the last axis; convert with astype");
        int last = pivots.rank() - 1;
        require(pivots.shape().size(last) <= size, in, "there are more pivots than rows; there may be one for each");
        Shape batch = pivots.shape().without(List.of(last));
        return pivots.withShape(batch.insert(last, size));
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        Matrix pivots = in.getFirst(), permutation = out.getFirst();
        for (int i = 0; i < size; i++) permutation.set(i, i);
        for (int i = 0; i < pivots.rows(); i++) permutation.swapRows(i, (int) Math.clamp(pivots.at(i), 0, size - 1));
    }

    @Override public String toString() { return "lu_pivots_to_permutation[" + size + "]"; }
}
