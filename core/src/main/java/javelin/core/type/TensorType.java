package javelin.core.type;

/** What a tensor is without its numbers: element type and shape, printed {@code f32[64,128]}. */
public record TensorType(DType dtype, Shape shape) {
    public static TensorType of(DType dtype, int... sizes) { return new TensorType(dtype, Shape.of(sizes)); }

    public static TensorType f32(int... sizes) { return of(DType.F32, sizes); }

    public static TensorType f64(int... sizes) { return of(DType.F64, sizes); }

    public static TensorType i32(int... sizes) { return of(DType.I32, sizes); }

    public int rank() { return shape.rank(); }

    public int elements() { return shape.elements(); }

    /** Bytes of all elements in memory. */
    public long bytes() { return (long) elements() * dtype.bytes(); }

    public TensorType withShape(Shape shape) { return new TensorType(dtype, shape); }

    public TensorType withDType(DType dtype) { return new TensorType(dtype, shape); }

    @Override public boolean equals(Object o) {
        return o instanceof TensorType t && dtype == t.dtype && shape.equals(t.shape);
    }

    @Override public int hashCode() { return 31 * dtype.hashCode() + shape.hashCode(); }

    @Override public String toString() { return dtype.toString() + shape; }
}
