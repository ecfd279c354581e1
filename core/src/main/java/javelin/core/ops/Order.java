package javelin.core.ops;

import javelin.core.type.DType;

/**
 * Elements of one type as longs in the order of their values. Floating-point numbers have two orders: that of sorting,
 * in which -0 equals 0, and every NaN is the same and last; and the total order of IEEE 754, in which bits decide.
 *
 * @param infinity the bits of positive infinity, for floating-point types
 */
public record Order(DType type, long infinity) {
    public static Order of(DType type) {
        if (!type.isFloat()) return new Order(type, 0);
        Object one = type.allocate(1);
        type.write(one, 0, Double.POSITIVE_INFINITY);
        return new Order(type, bits(one, 0));
    }

    /** Types whose elements have an order. */
    static boolean has(DType type) { return type.isFloat() || type.isInteger() || type == DType.BOOL; }

    /** The bits of an element, its sign extended. */
    public static long bits(Object storage, int i) {
        return switch (storage) {
            case float[] a -> Float.floatToRawIntBits(a[i]);
            case double[] a -> Double.doubleToRawLongBits(a[i]);
            case long[] a -> a[i];
            case int[] a -> a[i];
            case short[] a -> a[i];
            case byte[] a -> a[i];
            default -> throw new IllegalStateException("no element type is stored in a " + storage.getClass());
        };
    }

    /** All bits of an element but its sign. */
    private long magnitude() { return (1L << 8 * type.bytes() - 1) - 1; }

    /** For sorting: the place of the element of these bits. */
    public long sorting(long bits) {
        if (!type.isFloat()) return total(bits);
        long magnitude = bits & magnitude();
        return magnitude > infinity ? magnitude() : magnitude == 0 ? 0 : total(bits);
    }

    /**
     * For the largest elements as lax.top_k finds them: NaN above, -NaN below all others. No two elements are equal.
     */
    public long total(long bits) {
        return switch (type.kind()) {
            case FLOAT -> bits ^ bits >> 63 & magnitude();
            case SIGNED, BOOLEAN -> bits;
            case UNSIGNED -> bits ^ ~magnitude();
        };
    }

    /** The bits of the element at a {@link #total} place. */
    public long ofTotal(long place) { return total(place); }
}
