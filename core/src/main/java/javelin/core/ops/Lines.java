package javelin.core.ops;

import javelin.core.type.Shape;

/**
 * The lines of a row-major array along one axis: {@code outer * inner} of them, each of {@code length} elements that
 * lie {@code inner} apart.
 */
public record Lines(int outer, int length, int inner) {
    public static Lines of(Shape shape, int axis) {
        var sizes = shape.sizes();
        return new Lines(new Shape(sizes.subList(0, axis)).elements(), shape.size(axis),
                new Shape(sizes.subList(axis + 1, shape.rank())).elements());
    }

    public int count() { return outer * inner; }

    /** Where line {@code n} begins. */
    public int start(int n) { return n / inner * length * inner + n % inner; }

    /** The lines that keep {@code length} elements each of these. */
    public Lines ofLength(int length) { return new Lines(outer, length, inner); }
}
