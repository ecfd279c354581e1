package javelin.bench;

/**
 * The numbers of {@code numpy.random.RandomState(seed)}: the Mersenne twister MT19937 (Matsumoto and Nishimura, ACM
 * TOMACS
 * 8(1), 1998) with NumPy's legacy ways of making doubles, normal numbers (Marsaglia's polar method) and integers
 * (masked rejection). Normal numbers are NumPy's up to the last bit of a logarithm.
 */
final class NumpyRandom {
    private static final int N = 624, M = 397;

    private final int[] state = new int[N];
    private int next = N;
    private double spare;                                                // the second number of a pair, if there is one
    private boolean hasSpare;

    NumpyRandom(int seed) {
        state[0] = seed;
        for (int i = 1; i < N; i++) state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
    }

    /** 32 uniform bits. */
    private int bits() {
        if (next == N) twist();
        int y = state[next++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return y ^ y >>> 18;
    }

    private void twist() {
        for (int i = 0; i < N; i++) {
            int y = state[i] & 0x80000000 | state[(i + 1) % N] & 0x7fffffff;
            state[i] = state[(i + M) % N] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }
        next = 0;
    }

    /** Uniform on [0, 1), a multiple of 2^-53. */
    double unit() {
        int high = bits() >>> 5, low = bits() >>> 6;
        return (high * 67108864.0 + low) / 9007199254740992.0;
    }

    /** Uniform on [low, high). */
    double uniform(double low, double high) { return low + (high - low) * unit(); }

    double standardNormal() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        double x, y, square;
        do {
            x = 2 * unit() - 1;
            y = 2 * unit() - 1;
            square = x * x + y * y;
        } while (square >= 1 || square == 0);
        double f = Math.sqrt(-2 * Math.log(square) / square);
        spare = f * x;
        hasSpare = true;
        return f * y;
    }

    /** Uniform on low..high-1; the range must be below 2^32. */
    long integer(long low, long high) {
        long range = high - low - 1, mask = Long.highestOneBit(range) * 2 - 1, drawn;
        if (range == 0) return low;
        do drawn = bits() & mask;
        while (drawn > range);
        return low + drawn;
    }
}
