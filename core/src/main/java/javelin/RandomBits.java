package javelin;

import java.util.List;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.Threefry;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Words out of a key, as jax.random's threefry_partitionable and, in {@link Key.Mode#ORIGINAL}, as before it. In the
 * first, element i in row-major order of any shape is the hash of (0, i): shapes here have fewer than 2^31 elements, so
 * the high word of the counter is 0.
 */
final class RandomBits {
    private final Tensor word0, word1;
    private final boolean original;

    RandomBits(Key key) {
        Tensor data = key.data();
        if (!data.type().equals(TensorType.of(DType.U32, 2)))
            throw new ShapeException("key", List.of(data.type()), "a key is u32[2]; if this is a stack of keys,"
                    + " map over it with vmap, or take one with at(i)");
        word0 = data.index(0);
        word1 = data.index(1);
        original = key.mode() == Key.Mode.ORIGINAL;
    }

    /** The key of {@code number}, a u32 scalar: u32[2]. */
    Tensor fold(Tensor number) { return Tensors.stack(hash(number.like(0), number), 0); }

    /** {@code count} keys: u32[count, 2]. */
    Tensor split(int count) {
        if (original) return inHalves(2 * count).reshape(count, 2);
        Tensor counter = rowMajor(Shape.of(count));
        return Tensors.stack(hash(Tensor.zeros(counter.type()), counter), 1);
    }

    /** 32 random bits for every element, u32. */
    Tensor words(Shape shape) {
        if (original) return inHalves(shape.elements()).reshape(shape);
        List<Tensor> words = hashOfPosition(shape);
        return words.get(0).xor(words.get(1));
    }

    /** 64 random bits for every element, u64. */
    Tensor longs(Shape shape) {
        List<Tensor> words = original ? Lists.map(inHalves(2 * shape.elements()).split(2, 0), h -> h.reshape(shape))
                : hashOfPosition(shape);
        Tensor high = words.get(0).astype(DType.U64), low = words.get(1).astype(DType.U64);
        return high.shiftLeft(high.like(32)).or(low);
    }

    /**
     * 8 or 16 random bits for every element, of an unsigned type: the low bits of a word, or one part of it after the
     * other.
     */
    private Tensor parts(DType type, Shape shape) {
        if (!original) return words(shape).astype(type);
        int perWord = Integer.SIZE / type.bits(), count = shape.elements();
        return inHalves(Math.ceilDiv(count, perWord)).bitcast(type).reshape(-1).slice(0, 0, count).reshape(shape);
    }

    /** Random bits for every element of an integer type. */
    Tensor bits(TensorType type) {
        DType unsigned = type.dtype().unsigned();
        Tensor bits = switch (unsigned) {
            case U64 -> longs(type.shape());
            case U32 -> words(type.shape());
            default -> parts(unsigned, type.shape());
        };
        return type.dtype() == unsigned ? bits : bits.bitcast(type.dtype());
    }

    /** Uniform on [0, 1): random bits for the fraction of a number in [1, 2), less 1; for bf16 only 8 are drawn. */
    Tensor unit(TensorType type) {
        DType integers = type.dtype().unsigned();
        Tensor bits = bits(type.withDType(type.dtype() == DType.BF16 ? DType.U8 : integers));
        Tensor one = Tensor.full(TensorType.of(integers), type.dtype().bits(1.0));
        Tensor fraction = bits.shiftRightLogical(bits.like(bits.dtype().bits() - type.dtype().fractionBits()))
                .astype(integers);
        return fraction.or(one).bitcast(type.dtype()).sub(1);
    }

    private List<Tensor> hashOfPosition(Shape shape) {
        Tensor counter = rowMajor(shape);
        return hash(Tensor.zeros(counter.type()), counter);
    }

    /**
     * The position of every element in row-major order, as a sum of iotas: it fuses with what reads it, a reshape may
     * not.
     */
    private static Tensor rowMajor(Shape shape) {
        TensorType type = new TensorType(DType.U32, shape);
        int[] strides = shape.strides();
        return Lists.range(0, shape.rank()).stream().filter(axis -> shape.size(axis) > 1)
                .map(axis -> strides[axis] == 1 ? Tensors.iota(type, axis) : Tensors.iota(type, axis)
                        .mul(strides[axis]))
                .reduce(Tensor::add).orElseGet(() -> Tensor.zeros(type));
    }

    /**
     * Counters 0..count-1, an odd one padded with a 0, hashed in pairs (i, i + count/2); the first words, then the
     * second ones.
     */
    private Tensor inHalves(int count) {
        int half = (count + 1) / 2;
        Tensor first = Tensors.arange(half, DType.U32), second = first.add(half);
        if (count % 2 == 1) second = second.eq(count).where(second.like(0), second);
        return Tensors.concatenate(hash(first, second), 0).slice(0, 0, count);
    }

    private List<Tensor> hash(Tensor counter0, Tensor counter1) {
        Shape shape = counter0.shape();
        return Op.apply(new Threefry(),
                List.of(word0.broadcastTo(shape), word1.broadcastTo(shape), counter0, counter1));
    }
}
