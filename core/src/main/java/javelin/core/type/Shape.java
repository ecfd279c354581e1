package javelin.core.type;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The sizes of a tensor's axes, outermost first; printed {@code [64,128]}. A scalar is {@code []}. */
public record Shape(List<Integer> sizes) {
    public Shape {
        sizes = List.copyOf(sizes);
        long elements = 1;
        for (int size : sizes) {
            if (size < 0) throw new IllegalArgumentException("a shape has no negative sizes: " + sizes);
            elements *= size;
            if (elements > Integer.MAX_VALUE)
                throw new IllegalArgumentException(sizes + " has more elements than a Java array can hold (2^31 - 1)");
        }
    }

    public static Shape of(int... sizes) { return new Shape(IntStream.of(sizes).boxed().toList()); }

    public int rank() { return sizes.size(); }

    public int size(int axis) { return sizes.get(axis); }

    /** How many elements: the product of the sizes, 1 for a scalar. */
    public int elements() {
        int n = 1;
        for (int size : sizes) n *= size;
        return n;
    }

    /** How far apart in a row-major array neighbours along each axis are. */
    public int[] strides() {
        int[] strides = new int[rank()];
        for (int a = rank() - 1, n = 1; a >= 0; n *= size(a), a--) strides[a] = n;
        return strides;
    }

    public Shape prepend(int size) { return insert(0, size); }

    public Shape insert(int axis, int size) {
        var s = new ArrayList<>(sizes);
        s.add(axis, size);
        return new Shape(s);
    }

    public Shape dropFirst() { return new Shape(sizes.subList(1, rank())); }

    /** The sizes of {@code axes}, in their order. */
    public Shape select(List<Integer> axes) { return new Shape(axes.stream().map(sizes::get).toList()); }

    /** This shape without {@code axes}. */
    public Shape without(List<Integer> axes) {
        return new Shape(IntStream.range(0, rank()).filter(a -> !axes.contains(a)).mapToObj(sizes::get).toList());
    }

    // written out, as TensorType's are: every call of a compiled function compares types
    @Override public boolean equals(Object o) { return o instanceof Shape s && sizes.equals(s.sizes); }

    @Override public int hashCode() { return sizes.hashCode(); }

    @Override public String toString() {
        return sizes.stream().map(Object::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
