package javelin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Op;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.Threefry;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random numbers; the literal values without another source are those of JAX 0.10.2. */
class KeyTest {
    private static final TensorType F32 = TensorType.f32(5), U32 = TensorType.of(DType.U32, 5);

    private static long[] longs(Tensor x) { return x.array().toLongs(); }

    private static Tensor u32(long word) { return Array.scalar(word, DType.U32); }

    /** The known answers of the Random123 distribution (kat_vectors, threefry2x32, 20 rounds). */
    @Test void theHashGivesTheKnownAnswers() {
        long[][] known = {{0, 0, 0, 0, 0x6b200159L, 0x99ba4efeL},
            {0xffffffffL, 0xffffffffL, 0xffffffffL, 0xffffffffL, 0x1cb996fcL, 0xbb002be7L},
            {0x13198a2eL, 0x03707344L, 0x243f6a88L, 0x85a308d3L, 0xc4923a9cL, 0x483df7a0L}};
        for (long[] k : known) {
            List<Tensor> words = Op.apply(new Threefry(), List.of(u32(k[0]), u32(k[1]), u32(k[2]), u32(k[3])));
            assertEquals(k[4], words.get(0).itemAsLong());
            assertEquals(k[5], words.get(1).itemAsLong());
        }
    }

    @Test void seedsBecomeKeys() {
        assertArrayEquals(new long[] {0, 42}, longs(Key.of(42).data()));
        assertArrayEquals(new long[] {0, 42}, longs(Key.of(42L).data()));
        assertArrayEquals(new long[] {0, 0xffffffffL}, longs(Key.of(-1).data()));
        assertArrayEquals(new long[] {0xffffffffL, 0xffffffffL}, longs(Key.of(-1L).data()));
        assertArrayEquals(new long[] {7, 9}, longs(Key.of(7L << 32 | 9).data()));
        for (long seed : new long[] {0, 42, -1, 7L << 32 | 9})
            assertArrayEquals(longs(Key.of(seed).data()), longs(Key.of(Array.scalar(seed, DType.I64)).data()));
        assertArrayEquals(longs(Key.of(-3).data()), longs(Key.of(Array.scalar(-3)).data()));
    }

    @Test void splitBitsAndUniformAreThoseOfJax() {
        long[][] split = {{1797259609L, 2579123966L, 928981903L, 3453687069L},
            {507451445L, 1853169794L, 1948878966L, 4237131848L}, {1832780943L, 270669613L, 64467757L, 2916123636L},
            {741045208L, 1847055613L, 85238482L, 2594297577L}};
        long[][] bits = {{4070199207L, 4202968722L, 1427181096L, 2012915765L, 2447653815L},
            {1883912375L, 2292451390L, 1915204986L, 1882898417L, 3854144420L},
            {2098992034L, 2919706841L, 2646866425L, 2409546199L, 1935504149L},
            {1111271205L, 2679469115L, 974515252L, 521976754L, 2127438447L}};
        int[] seeds = {0, 1, 42, 1701};
        for (int i = 0; i < seeds.length; i++) {
            assertArrayEquals(split[i], longs(Key.of(seeds[i]).stack(2).data()));
            assertArrayEquals(bits[i], longs(Key.of(seeds[i]).bits(U32)));
        }
        int[] uniform = {0x3f729a4e, 0x3f7a8436, 0x3eaa221c, 0x3eeff550};
        assertArrayEquals(uniform, (int[]) Key.of(0).uniform(TensorType.f32(4)).bitcast(DType.I32).array().storage());
        int[] other = {0x3efa3824, 0x3f2e0730, 0x3f1dc3f8, 0x3f0f9ec0};
        assertArrayEquals(other, (int[]) Key.of(42).uniform(TensorType.f32(4)).bitcast(DType.I32).array().storage());
    }

    @Test void normalsAreThoseOfJax() {
        float[][] expected = {{1.622642159f, 2.025264740f, -0.433594435f, -0.078617349f},
            {-0.154437184f, 0.084707275f, -0.135980487f, -0.155036256f},
            {-0.028304616f, 0.467131853f, 0.295702964f, 0.153545916f},
            {-0.647241116f, 0.315641105f, -0.749104738f, -1.167361975f}};
        int[] seeds = {0, 1, 42, 1701};
        for (int i = 0; i < seeds.length; i++)
            assertArrayEquals(expected[i], Key.of(seeds[i]).normal(TensorType.f32(4)).array().toFloats(), 2e-7f);
        assertEquals(-0.028304616, Key.of(42).normal(TensorType.f32()).item(), 1e-8);
    }

    @Test void originalModeIsThatOfOldJax() {
        long[] bits = {56197195L, 4200222568L, 961309823L};
        assertArrayEquals(bits, longs(Key.of(1701).original().bits(TensorType.of(DType.U32, 3))));
        long[] split = {2285895361L, 1501764800L, 1518642379L, 4090693311L, 433833334L, 4221794875L, 839183663L,
                3740430601L};
        assertArrayEquals(split, longs(Key.of(0).original().stack(4).data()));
        assertArrayEquals(new long[] {2285895361L, 433833334L}, longs(Key.of(0).original().foldIn(4).data()));
        assertEquals(-0.18471177, Key.of(42).original().normal(TensorType.f32()).item(), 1e-7);
    }

    @Test void splitIsFoldInAndDoesNotDependOnItsCount() {
        Key key = Key.of(5);
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(longs(key.foldIn(i).data()), longs(key.split(3).get(i).data()));
            assertArrayEquals(longs(key.foldIn(i).data()), longs(key.split(9).get(i).data()));
        }
        assertArrayEquals(longs(key.foldIn(7).data()), longs(key.foldIn(Array.scalar(7L, DType.I64)).data()));
    }

    @Test void bitsDependOnTheShapeOnlyThroughThePosition() {
        Tensor flat = Key.of(3).bits(TensorType.of(DType.U32, 30));
        assertArrayEquals(longs(flat), longs(Key.of(3).bits(TensorType.of(DType.U32, 2, 3, 5))));
        assertArrayEquals(longs(flat), longs(Key.of(3).bits(TensorType.of(DType.U32, 30, 1))));
        assertEquals(0, Key.of(3).bits(TensorType.of(DType.U32, 0, 4)).array().toLongs().length);
        assertEquals(longs(flat)[0], Key.of(3).bits(TensorType.of(DType.U32)).itemAsLong());
        assertArrayEquals(longs(flat.bitcast(DType.I32)), longs(Key.of(3).bits(TensorType.i32(30))));
    }

    /** From JAX 0.10.2, key 42. */
    @Test void narrowTypesAreThoseOfJax() {
        Key key = Key.of(42), original = key.original();
        assertArrayEquals(new long[] {162, 217, 249, 215, 21}, longs(key.bits(TensorType.of(DType.U8, 5))));
        assertArrayEquals(new long[] {5026, 12505, 63993, 49623, 29461}, longs(key.bits(TensorType.of(DType.U16, 5))));
        assertArrayEquals(new long[] {45, 179, 215, 3, 244}, longs(original.bits(TensorType.of(DType.U8, 5))));
        assertArrayEquals(new long[] {8426, 37627, 63599, 6563, 55571},
                longs(original.bits(TensorType.of(DType.U16, 5))));
        assertArrayEquals(new long[] {276886910877598708L},
                longs(key.bits(TensorType.of(DType.U64, 2)).slice(0, 1, 2)));
        assertArrayEquals(new long[] {44, 14, 71, 69, 9}, longs(key.randint(TensorType.of(DType.I8, 5), 0, 100)));
        assertArrayEquals(new long[] {44, 14, 71, 69, 9}, longs(key.randint(TensorType.of(DType.U16, 5), 0, 100)));
        assertArrayEquals(new long[] {12, 43, 7, 29, 84}, longs(original.randint(TensorType.of(DType.I16, 5), 0, 100)));
        assertArrayEquals(new long[] {85, 18, 3, 71, 5}, longs(key.randint(TensorType.of(DType.U64, 5), 0, 100)));
        assertArrayEquals(new double[] {0.6328125, 0.84375, 0.96875, 0.8359375, 0.078125},
                key.uniform(TensorType.of(DType.BF16, 5)).array().toDoubles());
        assertArrayEquals(new double[] {0.12792969, 0.5732422, 0.96972656, 0.09960938, 0.84765625},
                original.uniform(TensorType.of(DType.F16, 5)).array().toDoubles(), 1e-7);
        assertArrayEquals(new double[] {0.34375, 1.015625, 1.890625, 0.984375, -1.40625},
                key.normal(TensorType.of(DType.BF16, 5)).array().toDoubles(), 0.016);
        assertArrayEquals(new double[] {-2.6425781, -2.1054688, 1.5859375, 0.5566406, -0.8886719},
                key.uniform(TensorType.of(DType.F16, 5), -3, 1.7).array().toDoubles(), 0.002);
    }

    /** With two words a and b of the hash: 32 bits are a xor b, 64 are a, then b. */
    @ParameterizedTest @EnumSource(Key.Mode.class)
    void doublesAreMadeOf64Bits(Key.Mode mode) {
        Key key = new Key(Key.of(11).data(), mode);
        long[] bits = longs(key.bits(TensorType.of(DType.I64, 7)));
        if (mode == Key.Mode.PARTITIONABLE) {
            long[] half = longs(key.bits(TensorType.of(DType.U32, 7)));
            for (int i = 0; i < 7; i++) assertEquals(half[i], (bits[i] >>> 32) ^ (bits[i] & 0xffffffffL));
        }
        double[] uniform = key.uniform(TensorType.f64(7)).array().toDoubles();
        for (int i = 0; i < 7; i++) assertEquals((bits[i] >>> 12) * 0x1p-52, uniform[i]);
    }

    @Test void uniformStaysWithinItsBounds() {
        double[] x = Key.of(8).uniform(TensorType.f32(4000), -2, 3).array().toDoubles();
        double mean = 0;
        for (double v : x) {
            assertTrue(v >= -2 && v < 3);
            mean += v / x.length;
        }
        assertEquals(0.5, mean, 4 * 5 / Math.sqrt(12.0 * 4000));         // four standard deviations of the mean
        Tensor u = Key.of(8).uniform(TensorType.f32(4000));
        float[] unit = u.array().toFloats();
        for (int i = 0; i < x.length; i++) assertEquals(Math.fma(unit[i], 5f, -2f), (float) x[i]);
    }

    @Test void normalsHaveMeanZeroAndVarianceOne() {
        for (TensorType type : List.of(TensorType.f32(5000), TensorType.f64(5000))) {
            double[] x = Key.of(2).normal(type).array().toDoubles();
            double sum = 0, squares = 0, fourths = 0;
            for (double v : x) {
                sum += v;
                squares += v * v;
                fourths += v * v * v * v;
            }
            assertEquals(0, sum / 5000, 4 / Math.sqrt(5000));
            assertEquals(1, squares / 5000, 4 * Math.sqrt(2.0 / 5000));
            assertEquals(3, fourths / 5000, 4 * Math.sqrt(96.0 / 5000));
        }
    }

    @Test void truncatedNormalsStayWithin() {
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            double[] x = Key.of(2).truncatedNormal(TensorType.of(dtype, 3000), -1, 2).array().toDoubles();
            for (double v : x) assertTrue(v > -1 && v < 2, "" + v);
            double mean = 0;
            for (double v : x) mean += v / x.length;
            assertEquals(0.2296, mean, 0.06);                            // (phi(-1) - phi(2)) / (Phi(2) - Phi(-1))
        }
    }

    @Test void bernoulliComparesUniforms() {
        float[] u = Key.of(4).uniform(TensorType.f32(100)).array().toFloats();
        long[] b = longs(Key.of(4).bernoulli(0.3, Shape.of(100)));
        for (int i = 0; i < 100; i++) assertEquals(u[i] < 0.3f ? 1 : 0, b[i]);
        Tensor p = Array.f64(0, 0.5, 1);
        Tensor drawn = Key.of(4).bernoulli(p);
        assertEquals(TensorType.of(DType.BOOL, 3), drawn.type());
        assertEquals(0, longs(drawn)[0]);
        assertEquals(1, longs(drawn)[2]);
    }

    /** Against the same formula in unbounded integers, for ranges that fit in half a word and that do not. */
    @ParameterizedTest @ValueSource(longs = {1, 3, 305, 65536, 65537, 1L << 31, (1L << 32) - 1, 1L << 32})
    void randintIsJaxsFormulaFor32Bits(long n) {
        TensorType type = TensorType.i32(50);
        List<Key> keys = Key.of(9).split(2);
        long[] high = longs(keys.get(0).bits(U32.withShape(type.shape()))),
                low = longs(keys.get(1).bits(U32.withShape(type.shape())));
        long[] drawn = longs(Key.of(9).randint(type, Integer.MIN_VALUE, Integer.MIN_VALUE + n));
        long half = 65536 % n, m = (half * half & 0xffffffffL) % n;
        for (int i = 0; i < 50; i++) {
            long offset = ((high[i] % n * m & 0xffffffffL) + low[i] % n & 0xffffffffL) % n;
            assertEquals(Integer.MIN_VALUE + offset, drawn[i]);
        }
    }

    @ParameterizedTest @ValueSource(longs = {1, 3, 1L << 32, (1L << 40) + 7, Long.MAX_VALUE})
    void randintIsJaxsFormulaFor64Bits(long n) {
        TensorType type = TensorType.of(DType.I64, 50);
        List<Key> keys = Key.of(9).split(2);
        long[] high = longs(keys.get(0).bits(type)), low = longs(keys.get(1).bits(type));
        long[] drawn = longs(Key.of(9).randint(type, -5, -5 + n));
        long m = BigInteger.ONE.shiftLeft(32).mod(BigInteger.valueOf(n)).pow(2).longValue();
        m = Long.remainderUnsigned(m, n);
        for (int i = 0; i < 50; i++) {
            long sum = Long.remainderUnsigned(high[i], n) * m + Long.remainderUnsigned(low[i], n);
            assertEquals(-5 + Long.remainderUnsigned(sum, n), drawn[i]);
        }
    }

    @Test void otherSamplersHaveTheirMeans() {
        TensorType type = TensorType.f64(4000);
        Key key = Key.of(6);
        assertEquals(1, key.exponential(type).mean().item(), 4 / Math.sqrt(4000));
        assertEquals(0.5772, key.gumbel(type).mean().item(), 4 * 1.2825 / Math.sqrt(4000));
        assertEquals(0, key.laplace(type).mean().item(), 4 * 1.4142 / Math.sqrt(4000));
        assertEquals(0, key.logistic(type).mean().item(), 4 * 1.8138 / Math.sqrt(4000));
        assertEquals(0.5, key.cauchy(type).lt(0).astype(DType.F64).mean().item(), 2 / Math.sqrt(4000));
        assertEquals(0, key.rademacher(type).mean().item(), 4 / Math.sqrt(4000));
        Tensor classes = key.categorical(Array.f32(0, 1, 2).broadcastTo(4000, 3), -1);
        assertEquals(Math.exp(2) / (1 + Math.exp(1) + Math.exp(2)), classes.eq(2).astype(DType.F64).mean().item(),
                2 / Math.sqrt(4000));
    }

    @Test void tracedAndMappedKeysGiveTheSameNumbers() {
        Key key = Key.of(12);
        var jitted = Transforms.jit((Key k) -> k.foldIn(3).normal(F32));
        assertTrue(key.foldIn(3).normal(F32).array().sameBits(jitted.apply(key).array()));
        Tensor mapped = Transforms.vmap((Key k) -> k.normal(F32)).apply(key.stack(3));
        for (int i = 0; i < 3; i++)
            assertTrue(key.split(3).get(i).normal(F32).array().sameBits(mapped.index(i).array()));
        Tensor seeds = Transforms.vmap((Tensor s) -> Key.of(s).uniform(F32)).apply(Array.i32(1, 2));
        assertTrue(Key.of(2).uniform(F32).array().sameBits(seeds.index(1).array()));
    }

    @Test void longConstantsAreExactInsideATrace() {
        long large = (1L << 60) + 1;
        Tensor zero = Tensor.zeros(TensorType.of(DType.I64));
        Tensor sum = Transforms.jit((Tensor x) -> x.add(Array.scalar(large, DType.I64))).apply(zero);
        assertEquals(large, sum.itemAsLong());
    }

    @Test void mistakesAreExplained() {
        String stack = assertThrows(ShapeException.class, () -> Key.of(0).stack(3).normal(F32)).getMessage();
        assertTrue(stack.contains("vmap") && stack.contains("u32[3,2]"), stack);
        String range = assertThrows(JavelinException.class, () -> Key.of(0).randint(TensorType.i32(2), 5, 5))
                .getMessage();
        assertTrue(range.contains("no integer in [5, 5)"), range);
        String type = assertThrows(ShapeException.class, () -> Key.of(0).normal(TensorType.i32(2))).getMessage();
        assertTrue(type.contains("randint"), type);
        assertThrows(JavelinException.class, () -> Key.of(0).randint(TensorType.i32(2), 0, 1L << 32));
        assertThrows(JavelinException.class, () -> Key.of(0).randint(TensorType.of(DType.I8, 2), -129, 5));
        assertThrows(ShapeException.class, () -> Key.of(Array.f32(1)));
    }

    @Test void multivariateNormalsHaveTheirMeansAndCovariances() {
        Tensor mean = Array.f64(1, -2), covariance = Array.of(TensorType.f64(2, 2), 2, 0.6, 0.6, 0.5);
        Tensor x = Key.of(5).multivariateNormal(mean, covariance, Shape.of(20_000)), centred = x.sub(mean);
        // four deviations of means of 20,000
        assertEquals(0, centred.mean(0).abs().max().item(), 4 * Math.sqrt(2.0 / 20_000));
        assertEquals(0, centred.transpose().matmul(centred).div(20_000).sub(covariance).abs().max().item(),
                4 * 2 * Math.sqrt(2.0 / 20_000));
    }
}
