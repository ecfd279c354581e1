package javelin;

import java.math.BigInteger;
import java.util.List;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * Uniform integers in a range, as jax.random.randint: two words, of at least 32 random bits, modulo the size of the
 * range.
 */
final class RandomIntegers {
    private RandomIntegers() {}

    static Tensor draw(Key key, TensorType type, long low, long high) {
        DType dtype = type.dtype();
        if (!dtype.isInteger())
            throw new ShapeException("randint", List.of(type), "draws integers; convert with astype");
        BigInteger from = exact(low, dtype), to = exact(high, dtype);
        BigInteger most = exact(dtype.highest().longValue(), dtype).add(BigInteger.ONE);
        if (from.compareTo(to) >= 0)
            throw new JavelinException("randint: there is no integer in [" + from + ", " + to
                    + "); high is exclusive and must be larger than low");
        if (from.compareTo(exact(dtype.lowest().longValue(), dtype)) < 0 || to.compareTo(most) > 0)
            throw new JavelinException("randint: [" + from + ", " + to + ") is not within " + dtype);
        DType drawn = dtype.bits() < Integer.SIZE ? DType.I32 : dtype;
        return words(key.split(2), type.withDType(drawn), low, to.subtract(from)).astype(dtype);
    }

    private static BigInteger exact(long value, DType dtype) {
        return dtype == DType.U64 ? new BigInteger(Long.toUnsignedString(value)) : BigInteger.valueOf(value);
    }

    /**
     * {@code ((H mod n) m + L mod n) mod n} with {@code m = 2^bits mod n}, wrapping at the type's width as JAX does.
     */
    private static Tensor words(List<Key> keys, TensorType type, long low, BigInteger n) {
        int bits = type.dtype().bits();
        DType unsigned = type.dtype().unsigned();
        List<Tensor> words = Lists.map(keys, k -> k.bits(type.withDType(unsigned)));
        Tensor offset = words.get(1);                                    // n = 2^bits: every word is in range
        if (n.bitLength() <= bits) {
            BigInteger half = BigInteger.ONE.shiftLeft(bits / 2).mod(n), all = BigInteger.ONE.shiftLeft(bits);
            Tensor size = number(n, unsigned), m = number(half.multiply(half).mod(all).mod(n), unsigned);
            offset = words.get(0).rem(size).mul(m).add(words.get(1).rem(size)).rem(size);
        }
        return offset.astype(type.dtype()).add(Array.scalar(low, type.dtype()));
    }

    private static Tensor number(BigInteger value, DType dtype) { return Array.scalar(value.longValue(), dtype); }
}
