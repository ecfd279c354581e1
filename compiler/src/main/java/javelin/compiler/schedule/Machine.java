package javelin.compiler.schedule;

/**
 * What a schedule may count on, and from which sizes on it uses it. Vector width and number of threads change speed and
 * not bits; tests set the sizes so that every tier meets every program.
 *
 * @param vectorBits  width of vectors kernels may use (64 to 512), or 0 for plain scalar code only
 * @param threads     how many threads may share a large loop, at least 1
 * @param tiny        tensors of up to this many elements live in local variables, where their equations are short
 * @param worthVector elements from which on vectors win more than HotSpot needs to compile them
 * @param worthThread about how many vector instructions' worth of elements make a loop worth sharing
 */
public record Machine(int vectorBits, int threads, int tiny, int worthVector, int worthThread) {
    public Machine(int vectorBits, int threads) { this(vectorBits, threads, 16, 4096, 1 << 19); }

    /** Vectors of {@code lanes} elements of {@code bytes} bytes each. */
    public int lanes(int bytes) { return Math.max(1, vectorBits / 8 / bytes); }

    public boolean hasVectors() { return vectorBits > 0; }
}
