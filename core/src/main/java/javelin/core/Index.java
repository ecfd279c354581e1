package javelin.core;

import java.util.OptionalInt;
import javelin.core.type.DType;

/**
 * What stands for one axis between the brackets of NumPy's {@code x[...]}: {@code x.index(Index.all(), Index.from(1))}
 * is {@code x[:, 1:]}. Negative positions count from the end. Axes that are not spoken of are taken whole.
 */
public sealed interface Index {
    /** One element; the axis disappears. Throws if there is none such, where JAX would clamp. */
    record Single(int position) implements Index {}

    /** Python's {@code from:to:step}. */
    record Slice(OptionalInt from, OptionalInt to, int step) implements Index {
        public Slice {
            if (step == 0) throw new IllegalArgumentException("the step of a slice is not 0");
        }

        /** The same with another step; negative steps go backwards, {@code from} the higher end. */
        public Slice step(int step) { return new Slice(from, to, step); }

        /** How many elements of an axis of {@code size} this takes. */
        int count(int size) { return Math.max(0, Math.ceilDiv(end(size) - first(size), step)); }

        /** The first of them. */
        int first(int size) { return bound(from, size, step > 0 ? 0 : size - 1); }

        private int end(int size) { return bound(to, size, step > 0 ? size : -1); }

        private int bound(OptionalInt position, int size, int otherwise) {
            if (position.isEmpty()) return otherwise;
            int p = position.getAsInt();
            return Math.clamp(p < 0 ? p + size : p, step > 0 ? 0 : -1, step > 0 ? size : size - 1);
        }
    }

    /** A new axis of size 1. */
    record NewAxis() implements Index {}

    /** As many whole axes as are left, Python's {@code ...}. */
    record Rest() implements Index {}

    /**
     * The elements at integer positions, whose axes take the place of this one; or those where a bool mask, which
     * stands for as many axes as it has, is true. Several broadcast and go together, one axis of the result for all,
     * as in NumPy: in their place if they are neighbours, else in front.
     */
    record Positions(Tensor positions) implements Index {}

    static Single of(int position) { return new Single(position); }

    static Positions of(Tensor positions) { return new Positions(positions); }

    /** Elements from..to-1. */
    static Slice slice(int from, int to) { return slice(from, to, 1); }

    /** {@code from}, {@code from + step}, ... and not {@code to}. */
    static Slice slice(int from, int to, int step) { return new Slice(OptionalInt.of(from), OptionalInt.of(to), step); }

    static Slice all() { return new Slice(OptionalInt.empty(), OptionalInt.empty(), 1); }

    /** {@code from:}, to the end. */
    static Slice from(int from) { return new Slice(OptionalInt.of(from), OptionalInt.empty(), 1); }

    /** {@code :to}, from the start. */
    static Slice to(int to) { return new Slice(OptionalInt.empty(), OptionalInt.of(to), 1); }

    static NewAxis newAxis() { return new NewAxis(); }

    static Rest rest() { return new Rest(); }

    /** Whether this is a mask, a number for each element and not positions. */
    default boolean isMask() { return this instanceof Positions(Tensor p) && p.dtype() == DType.BOOL; }
}
