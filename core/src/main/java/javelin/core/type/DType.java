package javelin.core.type;

import java.util.Locale;

/**
 * The element types, each with the Java array that stores it. Unsigned types are stored in the signed array of their
 * width, bf16 and f16 as the bits of shorts, booleans as bytes 0 and 1.
 *
 * <p>Single numbers are Doubles for floating-point types, exact for the type, and Longs for the others; a u64 from 2^63
 * up is the negative Long of the same bits.
 */
public enum DType {
    F32(Kind.FLOAT, 4, float[].class),
    F64(Kind.FLOAT, 8, double[].class),
    /** f32 with 7 bits of fraction. As those of f16, its numbers are computed in f32 and rounded once an op. */
    BF16(Kind.FLOAT, 2, short[].class),
    /** IEEE 754's binary16. */
    F16(Kind.FLOAT, 2, short[].class),
    I8(Kind.SIGNED, 1, byte[].class),
    I16(Kind.SIGNED, 2, short[].class),
    I32(Kind.SIGNED, 4, int[].class),
    I64(Kind.SIGNED, 8, long[].class),
    U8(Kind.UNSIGNED, 1, byte[].class),
    U16(Kind.UNSIGNED, 2, short[].class),
    U32(Kind.UNSIGNED, 4, int[].class),
    U64(Kind.UNSIGNED, 8, long[].class),
    BOOL(Kind.BOOLEAN, 1, byte[].class);

    /** What arithmetic an element type has. */
    public enum Kind { FLOAT, SIGNED, UNSIGNED, BOOLEAN }

    private final Kind kind;
    private final int bytes;
    private final Class<?> storage;

    DType(Kind kind, int bytes, Class<?> storage) {
        this.kind = kind;
        this.bytes = bytes;
        this.storage = storage;
    }

    public Kind kind() { return kind; }

    /** Bytes of one element in memory. */
    public int bytes() { return bytes; }

    /** Bits of one element in memory. */
    public int bits() { return bytes * Byte.SIZE; }

    /** The class of the Java array that holds elements of this type: {@code float[].class} for f32. */
    public Class<?> storage() { return storage; }

    /** Floating-point types can be differentiated; the tangent of any other type is zero. */
    public boolean isFloat() { return kind == Kind.FLOAT; }

    public boolean isInteger() { return kind == Kind.SIGNED || kind == Kind.UNSIGNED; }

    /** bf16 and f16. */
    public boolean isHalf() { return this == BF16 || this == F16; }

    /** The type in which numbers of this type are computed and summed: f32 for halves, itself for the others. */
    public DType computation() { return isHalf() ? F32 : this; }

    /** The unsigned integers of the same width. */
    public DType unsigned() {
        return switch (bytes) {
            case 1 -> U8;
            case 2 -> U16;
            case 4 -> U32;
            default -> U64;
        };
    }

    /** The signed integers of the same width. */
    public DType signed() {
        return switch (bytes) {
            case 1 -> I8;
            case 2 -> I16;
            case 4 -> I32;
            default -> I64;
        };
    }

    /** Bits of a floating-point type's fraction: {@code 2^-fractionBits} is the distance from 1 to the next number. */
    public int fractionBits() {
        return switch (this) {
            case F32 -> 23;
            case F64 -> 52;
            case BF16 -> 7;
            case F16 -> 10;
            default -> throw new IllegalStateException(this + " has no fraction");
        };
    }

    /** The smallest normal number of a floating-point type. */
    public double leastNormal() {
        return switch (this) {
            case F64 -> Double.MIN_NORMAL;
            case F16 -> 0x1p-14;
            default -> Float.MIN_NORMAL;
        };
    }

    /** The largest finite number of a floating-point type. */
    public double largest() {
        return (2 - Math.scalb(1.0, -fractionBits())) * Math.scalb(1.0, this == F64 ? 1023 : this == F16 ? 15 : 127);
    }

    /** No number is below: -infinity for floating-point types. */
    public Number lowest() {
        return switch (kind) {
            case FLOAT -> Double.NEGATIVE_INFINITY;
            case SIGNED -> -1L << bits() - 1;
            case UNSIGNED, BOOLEAN -> 0L;
        };
    }

    /** No number is above: infinity for floating-point types. */
    public Number highest() {
        return switch (kind) {
            case FLOAT -> Double.POSITIVE_INFINITY;
            case SIGNED -> ~(-1L << bits() - 1);
            case UNSIGNED -> -1L >>> Long.SIZE - bits();
            case BOOLEAN -> 1L;
        };
    }

    /** A new zeroed array for {@code elements} elements. */
    public Object allocate(int elements) {
        return java.lang.reflect.Array.newInstance(storage.getComponentType(), elements);
    }

    /**
     * {@code value} as this type holds it: a {@link Double} for floating-point types (rounded; to halves by way of
     * f32), a {@link Long} for integers (wrapped to their width) and booleans (0 or 1). Floating-point values go to
     * integers by truncation, saturating at the ends, NaN to 0, as JAX converts on a CPU.
     */
    public Number normalize(Number value) {
        boolean fractional = value instanceof Double || value instanceof Float;
        return switch (kind) {
            case FLOAT -> this == F64 ? fractional ? value.doubleValue() : (double) value.longValue()
                    : (double) rounded(fractional ? (float) value.doubleValue() : (float) value.longValue());
            case BOOLEAN -> (fractional ? value.doubleValue() != 0 : value.longValue() != 0) ? 1L : 0L;
            case SIGNED, UNSIGNED -> fractional ? saturated(value.doubleValue()) : wrapped(value.longValue());
        };
    }

    private float rounded(float x) { return this == BF16 ? Numbers.bfloat16(x) : this == F16 ? Numbers.float16(x) : x; }

    private long saturated(double x) {
        return this == U64 ? Numbers.toUnsigned(x) : Math.clamp((long) x, lowest().longValue(), highest().longValue());
    }

    private long wrapped(long x) {
        int unused = Long.SIZE - bits();
        return kind == Kind.SIGNED ? x << unused >> unused : x << unused >>> unused;
    }

    /** A number of this type as a double: exact but for 64-bit integers beyond 2^53. */
    public double toDouble(Number value) {
        return this == U64 ? Numbers.unsignedToDouble(value.longValue()) : value.doubleValue();
    }

    /** The bits a number of this type is stored as, the lowest of the long. */
    public long bits(Number value) {
        return switch (this) {
            case F32 -> Float.floatToRawIntBits(value.floatValue());
            case F64 -> Double.doubleToRawLongBits(value.doubleValue());
            case BF16 -> Float.floatToRawIntBits(value.floatValue()) >>> 16;
            case F16 -> Float.floatToFloat16(value.floatValue());
            default -> value.longValue();
        };
    }

    /** The number that is stored as the lowest bits of {@code bits}. */
    public Number ofBits(long bits) {
        return switch (this) {
            case F32 -> (double) Float.intBitsToFloat((int) bits);
            case F64 -> Double.longBitsToDouble(bits);
            case BF16 -> (double) Float.intBitsToFloat((int) bits << 16);
            case F16 -> (double) Float.float16ToFloat((short) bits);
            default -> normalize(bits);
        };
    }

    /** Element {@code i} of an array of this type's {@link #storage}. */
    public Number read(Object array, int i) {
        return switch (array) {
            case float[] a -> (double) a[i];
            case double[] a -> a[i];
            case long[] a -> a[i];
            case int[] a -> ofBits(a[i]);
            case short[] a -> ofBits(a[i]);
            case byte[] a -> ofBits(a[i]);
            default -> throw new IllegalStateException("no element type is stored in a " + array.getClass());
        };
    }

    /** Puts a number of this type into an array of its {@link #storage}. */
    public void write(Object array, int i, Number value) {
        switch (array) {
            case float[] a -> a[i] = value.floatValue();
            case double[] a -> a[i] = value.doubleValue();
            case long[] a -> a[i] = value.longValue();
            case int[] a -> a[i] = (int) value.longValue();
            case short[] a -> a[i] = (short) bits(value);
            case byte[] a -> a[i] = (byte) value.longValue();
            default -> throw new IllegalStateException("no element type is stored in a " + array.getClass());
        }
    }

    @Override public String toString() { return name().toLowerCase(Locale.ROOT); }
}
