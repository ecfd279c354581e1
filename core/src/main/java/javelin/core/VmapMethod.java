package javelin.core;

/** How a call of Java code that knows nothing of batches is run on one. */
public enum VmapMethod {
    /** Once for every example. */
    SEQUENTIAL,
    /**
     * Once: batched arguments have the batch as axis 0, the others an axis 0 of size 1; so must the result be
     * batched.
     */
    EXPAND_DIMS,
    /** Once: every argument and every result has the batch as axis 0. */
    BROADCAST_ALL
}
