// Hot: taken and given back for every part of a call.
package javelin.compiler.library;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/** As many rooms to work in as threads may share a call. */
final class Spaces<T> {
    private final AtomicReferenceArray<T> free;

    Spaces(int threads, Supplier<T> space) {
        free = new AtomicReferenceArray<>(threads);
        for (int i = 0; i < threads; i++) free.set(i, space.get());
    }

    /** One that nobody else has; there is one, if no more threads ask than were announced. */
    T take() {
        for (int i = 0; ; i = (i + 1) % free.length()) {
            T space = free.getAndSet(i, null);
            if (space != null) return space;
        }
    }

    void give(T space) {
        for (int i = 0; ; i = (i + 1) % free.length()) if (free.compareAndSet(i, null, space)) return;
    }
}
