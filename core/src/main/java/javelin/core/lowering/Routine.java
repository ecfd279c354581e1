package javelin.core.lowering;

/**
 * An algorithm over whole arrays, for ops whose elements cannot be told one by one: sorting, factorizations,
 * convolutions. Immutable and shared between threads; what one caller needs to work in is made once by {@link
 * #newScratch}.
 *
 * <p>Equal routines compute the same, so a routine is a record of what it was made for.
 */
public interface Routine {
    /** Room for one call at a time, reused from call to call. */
    default Object newScratch() { return this; }

    /**
     * Computes the outputs. Element i of array k, row-major, lies at {@code offsets[k] + i}.
     *
     * @param arrays  the storage of every input, which is only read, then of every output; no output is an input
     * @param scratch what {@link #newScratch} gave
     */
    void run(Object[] arrays, int[] offsets, Object scratch);
}
