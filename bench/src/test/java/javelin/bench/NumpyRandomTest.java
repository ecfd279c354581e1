package javelin.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Against NumPy 2, {@code R = numpy.random.RandomState(0)} and then, in one stream, the calls named here. */
class NumpyRandomTest {
    @Test void oneStreamOfNormalsIntegersAndUniforms() {
        var random = new NumpyRandom(0);
        assertArrayEquals(new double[] {1.764052345967664, 0.4001572083672233, 0.9787379841057392, 2.240893199201458,
                1.8675579901499675},
                // R.standard_normal(5)
                DoubleStream.generate(random::standardNormal).limit(5).toArray());
        // R.randint(0, 10, 8)
        assertArrayEquals(new long[] {4, 7, 6, 8, 8, 1, 6, 7},
                LongStream.generate(() -> random.integer(0, 10)).limit(8).toArray());
        assertArrayEquals(new long[] {2222, 7768, 2897, 9893},
                LongStream.generate(() -> random.integer(0, 10_000)).limit(4).toArray());
        assertArrayEquals(new double[] {836078.927458614, 337396.823021108, 648172.2238793251},
                // R.uniform(1, 1e6, 3)
                DoubleStream.generate(() -> random.uniform(1, 1e6)).limit(3).toArray());
        // the spare of the third pair
        assertEquals(-0.977277879876411, random.standardNormal());
        assertEquals(0.42837336964863926, random.standardNormal());
    }

    @Test void aRangeOfOneDrawsNothing() {
        var random = new NumpyRandom(0);
        assertEquals(7, random.integer(7, 8));
        assertEquals(1.764052345967664, random.standardNormal());
    }
}
