package javelin.core;

/** A compiled program. */
public interface Executable {
    /**
     * Runs once.
     *
     * @param inputs  the storage of every input (see {@link Array#storage()}), read only but for donated ones
     * @param outputs receives the storage of every output, each fresh or a donated input's
     */
    void run(Object[] inputs, Object[] outputs);
}
