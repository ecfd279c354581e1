package javelin;

import java.math.BigInteger;
import java.util.List;
import javelin.core.JavelinException;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** Uniform integers in a range, as jax.random.randint: two words of random bits taken modulo the size of the range. */
final class RandomIntegers {
    private RandomIntegers() {}

    static Tensor draw(Key key, TensorType type, long low, long high) {
        long least, most;
        switch (type.dtype()) {
            case I32 -> { least = Integer.MIN_VALUE; most = 1L << 31; }
            case U32 -> { least = 0; most = 1L << 32; }
            case I64 -> { least = Long.MIN_VALUE; most = Long.MAX_VALUE; }
            default -> throw new ShapeException("randint", List.of(type), "draws u32, i32 or i64; convert with astype");
        }
        if (low >= high)
            throw new JavelinException("randint: there is no integer in [" + low + ", " + high
                    + "); high is exclusive and must be larger than low");
        if (low < least || high > most)
            throw new JavelinException("randint: [" + low + ", " + high + ") is not within " + type.dtype());
        List<Key> keys = key.split(2);
        return type.dtype() == DType.I64 ? longs(keys, type, low, high - low) : words(keys, type, low, high - low);
    }

    /** {@code ((H mod n) m + L mod n) mod n} with {@code m = 2^32 mod n}, wrapping at 2^32 as JAX does. */
    private static Tensor words(List<Key> keys, TensorType type, long low, long n) {
        TensorType u32 = type.withDType(DType.U32);
        Tensor l = keys.get(1).bits(u32);
        Tensor offset = l;                                               // n = 2^32: every word is in range
        if (n < 1L << 32) {
            Tensor h = keys.get(0).bits(u32);
            long half = (1L << 16) % n, m = (half * half & 0xFFFFFFFFL) % n;
            offset = h.rem(n).mul(m).add(l.rem(n)).rem(n);
        }
        return offset.astype(type.dtype()).add(low);
    }

    /** The same with 64-bit words; {@code low + n} fits, but n, if negative as a long, is larger than 2^63. */
    private static Tensor longs(List<Key> keys, TensorType type, long low, long n) {
        if (n < 0)
            throw new JavelinException("randint: the range from " + low
                    + " has more than 2^63 integers; use bits for all of i64");
        Tensor h = remainder(keys.get(0).bits(type), n), l = remainder(keys.get(1).bits(type), n);
        BigInteger half = BigInteger.ONE.shiftLeft(32).mod(BigInteger.valueOf(n));
        long m = Long.remainderUnsigned(half.multiply(half).longValue(), n);
        return remainder(h.mul(constant(m)).add(l), n).add(constant(low));
    }

    /** x mod n with x unsigned: H. Warren, Hacker's Delight, 9-3 (unsigned division from signed). */
    private static Tensor remainder(Tensor x, long n) {
        Tensor quotient = x.shiftRightLogical(constant(1)).div(constant(n)).shiftLeft(constant(1));
        Tensor r = x.sub(quotient.mul(constant(n))), less = r.sub(constant(n));
        return r.lt(0).or(less.ge(0)).where(less, r);
    }

    private static Tensor constant(long value) { return Tensor.full(TensorType.of(DType.I64), value); }
}
