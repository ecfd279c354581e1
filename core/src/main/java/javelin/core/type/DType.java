package javelin.core.type;

/**
 * The element types, each with the Java array that stores it. Unsigned types are stored in the signed array of their
 * width, booleans as bytes 0 and 1.
 */
public enum DType {
    F32(Kind.FLOAT, 4, float[].class),
    F64(Kind.FLOAT, 8, double[].class),
    I32(Kind.SIGNED, 4, int[].class),
    I64(Kind.SIGNED, 8, long[].class),
    U32(Kind.UNSIGNED, 4, int[].class),
    U8(Kind.UNSIGNED, 1, byte[].class),
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

    /** The class of the Java array that holds elements of this type: {@code float[].class} for f32. */
    public Class<?> storage() { return storage; }

    /** Floating-point types can be differentiated; the tangent of any other type is zero. */
    public boolean isFloat() { return kind == Kind.FLOAT; }

    public boolean isInteger() { return kind == Kind.SIGNED || kind == Kind.UNSIGNED; }

    /** A new zeroed array for {@code elements} elements. */
    public Object allocate(int elements) { return java.lang.reflect.Array.newInstance(storage.getComponentType(), elements); }

    /**
     * {@code value} as this type holds it: a {@link Double} for floating-point types (rounded to f32 for f32), a
     * {@link Long} for integers (wrapped to their width) and booleans (0 or 1). Floating-point values go to integers
     * by truncation, saturating at the ends, NaN to 0, as JAX converts on a CPU.
     */
    public Number normalize(Number value) {
        boolean fractional = value instanceof Double || value instanceof Float;
        return switch (this) {
            case F64 -> fractional ? (Number) value.doubleValue() : (Number) (double) value.longValue();
            case F32 -> fractional ? (double) (float) value.doubleValue() : (double) (float) value.longValue();
            case BOOL -> (fractional ? value.doubleValue() != 0 : value.longValue() != 0) ? 1L : 0L;
            case I64 -> value.longValue();
            case I32 -> fractional ? (long) (int) value.doubleValue() : (long) (int) value.longValue();
            case U32 -> fractional ? Math.clamp((long) value.doubleValue(), 0L, 0xFFFFFFFFL) : value.longValue() & 0xFFFFFFFFL;
            case U8 -> fractional ? Math.clamp((long) value.doubleValue(), 0L, 0xFFL) : value.longValue() & 0xFFL;
        };
    }

    @Override public String toString() { return name().toLowerCase(java.util.Locale.ROOT); }
}
