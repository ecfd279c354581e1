package javelin.core;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The memory of a result that was deleted, kept by the compiled function that made it for the next one: an array of the
 * same type and length, or nothing.
 */
final class Spare {
    private final AtomicReference<Object> memory = new AtomicReference<>();

    /** Gives the memory away, or null. */
    Object take() { return memory.get() == null ? null : memory.getAndSet(null); }

    void keep(Object storage) { memory.set(storage); }
}
