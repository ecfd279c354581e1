package javelin;

import java.util.List;
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
    public static Tensor iota(TensorType type, int axis) { return Op.apply(new Iota(type, axis), List.of()).getFirst(); }

    /** {@code count} evenly spaced numbers from {@code from} to {@code to}, both included. */
    public static Tensor linspace(double from, double to, int count, DType dtype) {
        if (count == 1) return full(TensorType.of(dtype, 1), from);
        Tensor t = arange(count, dtype).div(count - 1);
        return Tensor.full(t.type(), 1).sub(t).mul(from).add(t.mul(to));
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
        if (tensors.isEmpty()) throw new ShapeException("concatenate", List.of(), "there is nothing to concatenate");
        Tensor first = tensors.getFirst();
        if (first.rank() == 0) throw new ShapeException("concatenate", Lists.map(tensors, Tensor::type), "scalars have no axis; use stack");
        return new Concatenate(axis < 0 ? axis + first.rank() : axis).apply(tensors.toArray(Tensor[]::new));
    }

    /** The tensors, all of one type, along a new axis. */
    public static Tensor stack(List<Tensor> tensors, int axis) { return concatenate(Lists.map(tensors, t -> t.expandDims(axis)), axis); }

    /** {@code condition ? ifTrue : ifFalse}, broadcasting. */
    public static Tensor where(Tensor condition, Tensor ifTrue, Tensor ifFalse) { return condition.where(ifTrue, ifFalse); }

    /** Row k is 1 at {@code indices[k]} and 0 elsewhere, all 0 if the index is outside 0..classes-1 (jax.nn.one_hot). */
    public static Tensor oneHot(Tensor indices, int classes, DType dtype) {
        Tensor counts = iota(new TensorType(indices.dtype(), indices.shape().insert(indices.rank(), classes)), indices.rank());
        return indices.expandDims(-1).eq(counts).astype(dtype);
    }

    /** Sums of products by letters, as jnp.einsum: {@code einsum("bij,bjk->bik", x, y)}; {@code ...} broadcasts. */
    public static Tensor einsum(String equation, Tensor... tensors) { return Einsum.of(equation, List.of(tensors)); }

    /** How often each of 0..length-1 occurs in {@code x}, negative numbers counting as 0 and larger ones not at all; i32. */
    public static Tensor bincount(Tensor x, int length) { return bincount(x, ones(x.type().withDType(DType.I32)), length); }

    /** The sum of the {@code weights} of each of 0..length-1 in {@code x}. */
    public static Tensor bincount(Tensor x, Tensor weights, int length) {
        Tensor ids = x.dtype().isInteger() ? x.maximum(0) : x;
        return Segments.sum(weights.reshape(-1), ids.reshape(-1), length);
    }

    /** A rank-0 tensor. */
    public static Tensor scalar(double value, DType dtype) { return Array.scalar(value, dtype); }
}
