package javelin.core;

import java.util.Arrays;
import java.util.List;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * A tensor with numbers, stored row-major in one Java array of its element type ({@code float[]} for f32, {@code int[]}
 * for i32 and u32, {@code short[]} for bf16, ...). Immutable but for its end: an array that was deleted, or donated to
 * a compiled function, has no numbers any more.
 */
public final class Array implements Tensor {
    private final TensorType type;
    private final Spare home;                                            // null if no compiled function made it
    private Object storage;                                              // null once deleted or donated

    private Array(TensorType type, Object storage) { this(type, storage, null); }

    private Array(TensorType type, Object storage, Spare home) {
        this.type = type;
        this.storage = storage;
        this.home = home;
    }

    /** A tensor over {@code storage}, without copying: the caller must not write to it any more. */
    public static Array wrap(TensorType type, Object storage) {
        if (!type.dtype().storage().isInstance(storage)
                || java.lang.reflect.Array.getLength(storage) != type.elements())
            throw new JavelinException("%s is stored in a %s of %d elements, not in a %s%s".formatted(type,
                    type.dtype().storage().getSimpleName(),
                    type.elements(), storage.getClass().getSimpleName(),
                    storage.getClass().isArray() ? " of " + java.lang.reflect.Array.getLength(storage) : ""));
        return new Array(type, storage);
    }

    /** As {@link #wrap}, for storage that is known to fit. */
    static Array of(TensorType type, Object storage) { return new Array(type, storage); }

    /** A result of a compiled function, which takes the memory back when the array is deleted. */
    static Array of(TensorType type, Object storage, Spare home) { return new Array(type, storage, home); }

    /** The array that {@code x} is outside every trace; what a trace has left behind is none. */
    static Array of(Tensor x) {
        return switch (x) {
            case Array a -> a;
            case Tracer t -> throw new EscapedTracerException(t);
        };
    }

    /** f32[n] of the given numbers, which are copied. */
    public static Array f32(float... numbers) {
        return new Array(TensorType.of(DType.F32, numbers.length), numbers.clone());
    }

    /** f64[n] of the given numbers, which are copied. */
    public static Array f64(double... numbers) {
        return new Array(TensorType.of(DType.F64, numbers.length), numbers.clone());
    }

    /** i32[n] of the given numbers, which are copied. */
    public static Array i32(int... numbers) {
        return new Array(TensorType.of(DType.I32, numbers.length), numbers.clone());
    }

    /** i64[n] of the given numbers, which are copied. */
    public static Array i64(long... numbers) {
        return new Array(TensorType.of(DType.I64, numbers.length), numbers.clone());
    }

    /** bool[n] of the given values. */
    public static Array bool(boolean... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) (values[i] ? 1 : 0);
        return new Array(TensorType.of(DType.BOOL, values.length), bytes);
    }

    /** f32[rows, columns] of the given numbers, which are copied; every row must have the same length. */
    public static Array f32(float[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        float[] all = new float[rows.length * columns];
        for (int r = 0; r < rows.length; r++) {
            if (rows[r].length != columns)
                throw new JavelinException("row " + r + " has " + rows[r].length + " numbers, row 0 has " + columns);
            System.arraycopy(rows[r], 0, all, r * columns, columns);
        }
        return new Array(TensorType.of(DType.F32, rows.length, columns), all);
    }

    /** {@code numbers} in row-major order, converted to {@code type}. */
    public static Array of(TensorType type, double... numbers) {
        if (numbers.length != type.elements())
            throw new JavelinException(type + " holds " + type.elements() + " elements, not " + numbers.length);
        Array array = new Array(type, type.dtype().allocate(numbers.length));
        for (int i = 0; i < numbers.length; i++) array.set(i, type.dtype().normalize(numbers[i]));
        return array;
    }

    /** A rank-0 tensor. */
    public static Array scalar(Number value, DType dtype) {
        Array array = new Array(TensorType.of(dtype), dtype.allocate(1));
        array.set(0, dtype.normalize(value));
        return array;
    }

    /** A rank-0 f32 tensor. */
    public static Array scalar(float value) { return scalar(value, DType.F32); }

    /** A rank-0 f64 tensor. */
    public static Array scalar(double value) { return scalar(value, DType.F64); }

    /** A rank-0 i32 tensor. */
    public static Array scalar(int value) { return scalar(value, DType.I32); }

    /** A tensor to be filled by {@link #set}, inside this package only. */
    static Array empty(TensorType type) { return new Array(type, type.dtype().allocate(type.elements())); }

    @Override public TensorType type() { return type; }

    /**
     * The Java array with the numbers, not a copy: reading is free, writing breaks every tensor that shares it.
     *
     * @throws JavelinException if this array was deleted or donated
     */
    public Object storage() {
        Object s = storage;
        if (s == null)
            throw new JavelinException("this " + type
                    + " was deleted, or donated to a compiled function, which has reused its memory; keep the"
                    + " function's result instead, or do not donate the argument");
        return s;
    }

    /**
     * Says that nobody needs these numbers any more ({@code jax.Array.delete}); reading them afterwards throws. The
     * next result of the compiled function that made them takes their place in memory: fresh memory has to be cleared
     * by the JVM first, and no cache holds it, which for results of megabytes can take as long as the function itself.
     * Whoever does not say so leaves the array to the garbage collector. Nothing happens to one that is gone already.
     * Of a tree: {@code Trees.leaves(tree).forEach(x -> x.array().delete())}.
     */
    public void delete() {
        Object s = storage;
        storage = null;
        if (s != null && home != null) home.keep(s);
    }

    /** Gives the storage away; whoever reads this array afterwards is told so. */
    Object donate() {
        Object s = storage();
        storage = null;
        return s;
    }

    /**
     * Element {@code i} in row-major order: a Double for floating-point types, a Long for the others (see {@link
     * DType}).
     */
    public Number get(int i) { return type.dtype().read(storage(), i); }

    /** The inverse of {@link #get}, for tensors under construction; {@code value} is normalized. */
    void set(int i, Number value) { type.dtype().write(storage(), i, value); }

    /** All elements in row-major order as doubles (exact but for 64-bit integers beyond 2^53); a fresh array. */
    public double[] toDoubles() {
        double[] all = new double[type.elements()];
        for (int i = 0; i < all.length; i++) all[i] = type.dtype().toDouble(get(i));
        return all;
    }

    /** All elements in row-major order as floats, rounded; a fresh array. */
    public float[] toFloats() {
        if (storage() instanceof float[] a) return a.clone();
        float[] all = new float[type.elements()];
        for (int i = 0; i < all.length; i++) all[i] = (float) type.dtype().toDouble(get(i));
        return all;
    }

    /** All elements in row-major order as longs; floating-point ones are truncated. A fresh array. */
    public long[] toLongs() {
        long[] all = new long[type.elements()];
        for (int i = 0; i < all.length; i++) all[i] = get(i).longValue();
        return all;
    }

    /** Same type and the same bits, but for those of NaN. */
    public boolean sameBits(Array that) {
        if (!type.equals(that.type)) return false;
        if (!type.dtype().isHalf()) return Arrays.deepEquals(new Object[] {storage()}, new Object[] {that.storage()});
        return Arrays.equals(toFloats(), that.toFloats());
    }

    /** As NumPy prints: nested brackets, long axes abbreviated. */
    @Override public String toString() {
        if (storage == null) return "deleted " + type;
        StringBuilder text = new StringBuilder();
        print(text, 0, 0, type.elements());
        return text.append(' ').append(type).toString();
    }

    private void print(StringBuilder text, int axis, int from, int count) {
        List<Integer> sizes = type.shape().sizes();
        if (axis == sizes.size()) {
            text.append(new Atom.Literal(get(from), TensorType.of(type.dtype())));
            return;
        }
        int size = sizes.get(axis), step = size == 0 ? 0 : count / size;
        text.append('[');
        for (int i = 0; i < size; i++) {
            if (i > 0) text.append(axis == sizes.size() - 1 ? " " : ("\n" + " ".repeat(axis + 1)));
            if (size > 8 && i == 4) {
                text.append("...");
                i = size - 4;
                text.append(axis == sizes.size() - 1 ? " " : ("\n" + " ".repeat(axis + 1)));
            }
            print(text, axis + 1, from + i * step, step);
        }
        text.append(']');
    }
}
