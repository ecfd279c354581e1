package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.LinearOp;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.linalg.Triangular;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * The x with {@code op(a) x = b}, or {@code x op(a) = b} if not {@code left}, where op(a) is a or its transpose. Only
 * the triangle of a that {@code lower} names is read, without its diagonal if that is taken to be 1 ({@code unit}).
 */
public record TriangularSolve(boolean left, boolean lower, boolean transpose, boolean unit)
        implements MatrixOp.Single, LinearOp.Simple {
    /** {@code a^-1 b} */
    public static TriangularSolve left(boolean lower) { return new TriangularSolve(true, lower, false, false); }

    /** {@code b a^-1} */
    public static TriangularSolve right(boolean lower) { return new TriangularSolve(false, lower, false, false); }

    /** The same with the transpose of a. */
    public TriangularSolve transposed() { return new TriangularSolve(left, lower, !transpose, unit); }

    public TriangularSolve withUnitDiagonal() { return new TriangularSolve(left, lower, transpose, true); }

    @Override public TensorType outputType(List<TensorType> in) {
        TensorType a = squares(in), b = in.get(1);
        require(a.dtype() == b.dtype(), in, "the inputs differ in element type; convert with astype");
        require(a.rank() == b.rank() && MatrixOp.with(a).shape().equals(MatrixOp.with(b).shape()), in,
                "the leading axes differ; broadcast one of the inputs");
        int size = left ? MatrixOp.rows(b) : MatrixOp.columns(b);
        require(size == MatrixOp.rows(a), in, "the right side has %d %s, but the matrix has %d; they must be equal"
                .formatted(size, left ? "rows" : "columns", MatrixOp.rows(a)));
        return b;
    }

    /** {@code op(a)^-1 (db - op(da) x)}; of da counts what op(a) reads of a. */
    @Override public Tensor jvp(int i, Tensor tangent, List<Tensor> in, Tensor x) {
        Tensor a = in.getFirst();
        if (i == 1) return apply(a, tangent);
        Tensor read = lower ? MatrixOp.lower(tangent, unit ? -1 : 0) : unit
                ? MatrixOp.transposed(MatrixOp.lower(MatrixOp.transposed(tangent), -1)) : MatrixOp.upper(tangent);
        Tensor da = transpose ? MatrixOp.transposed(read) : read;
        return apply(a, (left ? da.matmul(x) : x.matmul(da)).neg());
    }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        return transposed().apply(in.getFirst().known(), ct);
    }

    /** One matrix for the whole batch solves for all right sides at once. */
    @Override public List<Batched> batch(List<Batched> in) {
        Tensor a = in.get(0).value(), b = in.get(1).value();
        if (in.get(0).mapped() || b.type().elements() == 0) return MatrixOp.Single.super.batch(in);
        int size = Batched.size(in), at = left ? b.rank() - 1 : b.rank() - 2;
        Tensor beside = b.moveAxis(0, at - 1);
        Shape joined = b.shape().dropFirst().without(List.of(at - 1)).insert(at - 1, size * b.size(at));
        Tensor x = apply(a, beside.reshape(joined));
        return List.of(Batched.mapped(x.reshape(beside.shape()).moveAxis(at - 1, 0)));
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        Matrix a = in.get(0), b = in.get(1), x = out.getFirst();
        x.copy(b);
        boolean turned = transpose != !left;
        Triangular.solve(turned ? a.transposed() : a, lower != turned, unit, left ? x : x.transposed());
    }

    @Override public String toString() {
        return "triangular_solve[" + (left ? "left" : "right") + (lower ? " lower" : " upper")
                + (transpose ? " transposed" : "") + (unit ? " unit" : "") + "]";
    }
}
