package javelin.core;

/** A compiled program. */
public interface Executable {
    /**
     * Runs once.
     *
     * @param inputs  the storage of every input (see {@link Array#storage()}), read only but for donated ones
     * @param outputs receives the storage of every output: a donated input's, or what was in its place before, which
     *                is overwritten whatever it held, or, where that was null, a new array
     */
    void run(Object[] inputs, Object[] outputs);
}
