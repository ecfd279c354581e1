package javelin.compiler.schedule;

/**
 * What a schedule may count on. Results never depend on it: a machine changes speed, not bits.
 *
 * @param vectorBits width of the vectors kernels may use (64 to 512), or 0 for plain scalar code only
 * @param threads    how many threads may share a large loop, at least 1
 */
public record Machine(int vectorBits, int threads) {
    /** Vectors of {@code lanes} elements of {@code bytes} bytes each. */
    public int lanes(int bytes) { return Math.max(1, vectorBits / 8 / bytes); }

    public boolean hasVectors() { return vectorBits > 0; }
}
