package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.ShapeException;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.linalg.Algorithm;
import javelin.core.linalg.Batch;
import javelin.core.lowering.Lowering;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * An op on the matrices in the last two axes of its first input; leading axes, the same for all operands, are a batch.
 */
interface MatrixOp extends Op, Algorithm {
    /** How many axes of {@code in} are leading. */
    default int leading(List<TensorType> in) { return in.getFirst().rank() - 2; }

    @Override default List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        return Lists.map(Op.apply(this, Lists.map(in, b -> b.spread(size))), Batched::mapped);
    }

    @Override default Lowering lower(List<TensorType> in) {
        return new Lowering.Library(new Batch(this, in, outputTypes(in), leading(in)));
    }

    /** The first input, which must be floating-point matrices. */
    default TensorType matrices(List<TensorType> in) {
        TensorType a = in.getFirst();
        if (a.rank() < 2) throw new ShapeException(this, in, "input 0 has rank " + a.rank()
                + "; matrices need two axes");
        return a.withDType(floating(in, a.dtype()));
    }

    /** {@link #matrices}, which must be square. */
    default TensorType squares(List<TensorType> in) {
        TensorType a = matrices(in);
        int rows = rows(a), columns = columns(a);
        if (rows != columns) throw new ShapeException(this, in, "the matrix is not square: it has " + rows
                + " rows and " + columns + " columns; they must be equal");
        return a;
    }

    private DType floating(List<TensorType> in, DType type) {
        if (!type.isFloat()) throw new ShapeException(this, in, "the elements are " + type
                + ", not floating-point numbers; convert with astype");
        return type;
    }

    /** Throws unless {@code holds}. */
    default void require(boolean holds, List<TensorType> in, String problem) {
        if (!holds) throw new ShapeException(this, in, problem);
    }

    static int rows(TensorType a) { return a.shape().size(a.rank() - 2); }

    static int columns(TensorType a) { return a.shape().size(a.rank() - 1); }

    /** {@code a} with other axes in place of its last two. */
    static TensorType with(TensorType a, int... sizes) {
        return a.withShape(new Shape(Lists.concat(a.shape().sizes().subList(0, a.rank() - 2),
                Shape.of(sizes).sizes())));
    }

    // what the derivative rules have in common

    static Tensor transposed(Tensor a) { return a.swapAxes(-1, -2); }

    /** The lower triangle of {@code a}, with as many more diagonals; the rest is 0. */
    static Tensor lower(Tensor a, int diagonals) { return triangle(a, diagonals).where(a, a.like(0)); }

    static Tensor upper(Tensor a) { return triangle(a, -1).where(a.like(0), a); }

    private static Tensor triangle(Tensor a, int diagonals) {
        TensorType type = TensorType.i32(a.size(-2), a.size(-1));
        return new Iota(type, 0).apply().add(diagonals).ge(new Iota(type, 1).apply());
    }

    static Tensor eye(Tensor like, int n) {
        TensorType type = TensorType.i32(n, n);
        return new Iota(type, 0).apply().eq(new Iota(type, 1).apply()).astype(like.dtype());
    }

    static Tensor diagonal(Tensor a) { return a.mul(eye(a, a.size(-1))).sum(a.rank() - 1); }

    /** A matrix op with one output. */
    interface Single extends MatrixOp, SimpleOp {
        @Override default List<Batched> batch(List<Batched> in) { return MatrixOp.super.batch(in); }

        @Override default Tensor batchedOutput(List<Batched> in) { return batch(in).getFirst().value(); }
    }
}
