package javelin;

import java.util.List;
import java.util.stream.IntStream;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.Concatenate;
import javelin.core.ops.Iota;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** NumPy's functions that are not methods of a tensor. */
public final class Tensors {
    private Tensors() {}

    public static Tensor zeros(TensorType type) { return Tensor.zeros(type); }

    public static Tensor ones(TensorType type) { return Tensor.full(type, 1L); }

    public static Tensor full(TensorType type, double value) { return Tensor.full(type, value); }

    public static Tensor zerosLike(Tensor x) { return zeros(x.type()); }

    public static Tensor onesLike(Tensor x) { return ones(x.type()); }

    /** 0, 1, ..., n - 1. */
    public static Tensor arange(int n, DType dtype) { return iota(TensorType.of(dtype, n), 0); }

    /** Counts from 0 along {@code axis} (lax.broadcasted_iota). */
    public static Tensor iota(TensorType type, int axis) {
        return Op.apply(new Iota(type, axis), List.of()).getFirst();
    }

    /** {@code count} evenly spaced numbers from {@code from} to {@code to}, both included. */
    public static Tensor linspace(double from, double to, int count, DType dtype) {
        if (count == 1) return full(TensorType.of(dtype, 1), from);
        Tensor t = arange(count, dtype).div(count - 1);
        return Tensor.full(t.type(), 1).sub(t).mul(from).add(t.mul(to));
    }

    /** {@code from, from + step, ...} before {@code to}; step may be negative. */
    public static Tensor arange(double from, double to, double step, DType dtype) {
        return arange((int) Math.max(0, Math.ceil((to - from) / step)), dtype).mul(step).add(from);
    }

    /** {@code base} to the powers of {@code linspace(from, to, count)}. */
    public static Tensor logspace(double from, double to, int count, double base, DType dtype) {
        return linspace(from * Math.log(base), to * Math.log(base), count, dtype).exp();
    }

    /**
     * {@code count} numbers from {@code from} to {@code to}, both positive or both negative, each a constant times
     * the last.
     */
    public static Tensor geomspace(double from, double to, int count, DType dtype) {
        return logspace(0, Math.log(to / from), count, Math.E, dtype).mul(from);
    }

    /** The vectors' elements on a grid with an axis for each: with {@code "ij"} indexing of NumPy, in their order. */
    public static List<Tensor> meshgrid(Tensor... vectors) {
        int n = vectors.length;
        return Tensor.broadcastArrays("meshgrid", IntStream.range(0, n).mapToObj(i ->
                vectors[i].reshape(IntStream.range(0, n).map(a -> a == i ? -1 : 1).toArray())).toArray(Tensor[]::new));
    }

    /** The square matrix with a vector on its diagonal, or {@code offset} right of it. */
    public static Tensor diag(Tensor vector, int offset) {
        if (vector.rank() != 1) throw new ShapeException("diag", List.of(vector.type()),
                "makes a matrix of a vector; Linalg.diagonal gives the diagonal of a matrix");
        Tensor padded = vector.pad(0, Math.max(0, -offset), Math.max(0, offset), 0);      // by its row
        Tensor row = iota(TensorType.i32(padded.size(0), padded.size(0)), 0), column = iota(row.type(), 1);
        return column.sub(row).eq(offset).where(padded.expandDims(1), padded.like(0));
    }

    /** The identity matrix. */
    public static Tensor eye(int n, DType dtype) {
        TensorType square = TensorType.i32(n, n);
        return iota(square, 0).eq(iota(square, 1)).astype(dtype);
    }

    /** {@code bool[n, n]}, true on and below the diagonal: a causal mask. */
    public static Tensor tri(int n) {
        TensorType square = TensorType.i32(n, n);
        return iota(square, 0).ge(iota(square, 1));
    }

    /** The tensors one after the other along an existing axis. */
    public static Tensor concatenate(List<Tensor> tensors, int axis) {
        if (tensors.isEmpty())
            throw new ShapeException("concatenate", List.of(),
                    "there is nothing to concatenate; give a tensor at least");
        Tensor first = tensors.getFirst();
        if (first.rank() == 0)
            throw new ShapeException("concatenate", Lists.map(tensors, Tensor::type),
                    "scalars have no axis; use stack");
        return new Concatenate(first.axis(axis)).apply(tensors.toArray(Tensor[]::new));
    }

    /** The tensors, all of one type, along a new axis. */
    public static Tensor stack(List<Tensor> tensors, int axis) {
        return concatenate(Lists.map(tensors, t -> t.expandDims(axis)), axis);
    }

    /** The elements along {@code axis}, which disappears. */
    public static List<Tensor> unstack(Tensor x, int axis) { return Lists.each(x.size(axis), i -> x.index(axis, i)); }

    /** Tensors as rows, one below the other: along axis 0, a vector being one row. */
    public static Tensor vstack(Tensor... tensors) {
        return concatenate(Lists.map(List.of(tensors), Tensors::atLeast2d), 0);
    }

    /** Tensors side by side: along axis 1, vectors along their only axis. */
    public static Tensor hstack(Tensor... tensors) {
        List<Tensor> all = Lists.map(List.of(tensors), Tensors::atLeast1d);
        return concatenate(all, all.getFirst().rank() == 1 ? 0 : 1);
    }

    /** Along axis 2, after {@link #atLeast3d}. */
    public static Tensor dstack(Tensor... tensors) {
        return concatenate(Lists.map(List.of(tensors), Tensors::atLeast3d), 2);
    }

    /** Vectors as columns; matrices side by side. */
    public static Tensor columnStack(Tensor... tensors) {
        return concatenate(Lists.map(List.of(tensors), x -> x.rank() < 2 ? x.reshape(-1, 1) : x), 1);
    }

    public static Tensor atLeast1d(Tensor x) { return x.rank() < 1 ? x.expandDims(0) : x; }

    /** A vector becomes a row. */
    public static Tensor atLeast2d(Tensor x) { return x.rank() < 2 ? atLeast1d(x).expandDims(0) : x; }

    /** A vector of n becomes {@code [1, n, 1]}, a matrix {@code [m, n, 1]}, as in NumPy. */
    public static Tensor atLeast3d(Tensor x) { return x.rank() < 3 ? atLeast2d(x).expandDims(2) : x; }

    /** {@code condition ? ifTrue : ifFalse}, broadcasting. */
    public static Tensor where(Tensor condition, Tensor ifTrue, Tensor ifFalse) {
        return condition.where(ifTrue, ifFalse);
    }

    /**
     * Row k is 1 at {@code indices[k]} and 0 elsewhere, all 0 if the index is outside 0..classes-1 (jax.nn.one_hot).
     */
    public static Tensor oneHot(Tensor indices, int classes, DType dtype) {
        Tensor counts = iota(new TensorType(indices.dtype(), indices.shape().insert(indices.rank(), classes)),
                indices.rank());
        return indices.expandDims(-1).eq(counts).astype(dtype);
    }

    /** Sums of products by letters, as jnp.einsum: {@code einsum("bij,bjk->bik", x, y)}; {@code ...} broadcasts. */
    public static Tensor einsum(String equation, Tensor... tensors) { return Einsum.of(equation, List.of(tensors)); }

    /**
     * How often each of 0..length-1 occurs in {@code x}, negative numbers counting as 0 and larger ones not at all;
     * i32.
     */
    public static Tensor bincount(Tensor x, int length) {
        return bincount(x, ones(x.type().withDType(DType.I32)), length);
    }

    /** The sum of the {@code weights} of each of 0..length-1 in {@code x}. */
    public static Tensor bincount(Tensor x, Tensor weights, int length) {
        Tensor ids = x.dtype().isInteger() ? x.maximum(0) : x;
        return Segments.sum(weights.reshape(-1), ids.reshape(-1), length);
    }

    /** A rank-0 tensor. */
    public static Tensor scalar(double value, DType dtype) { return Array.scalar(value, dtype); }
}
