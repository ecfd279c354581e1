package javelin.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import javelin.core.Array;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** The elements of a tensor as bytes, row-major. */
final class Elements {
    private static final int CHUNK_BYTES = 1 << 16;

    private Elements() {}

    /** The tensor whose little-endian elements are all of {@code bytes}, which has as many as the type needs. */
    static Array read(TensorType type, MemorySegment bytes) {
        Object storage = type.dtype().allocate(type.elements());
        segment(storage).copyFrom(bytes);
        return finish(type, storage, ByteOrder.LITTLE_ENDIAN);
    }

    /** As above, from a stream: its next bytes, in the given order. */
    static Array read(TensorType type, InputStream in, ByteOrder order) throws IOException {
        Object storage = type.dtype().allocate(type.elements());
        MemorySegment to = segment(storage);
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, to.byteSize())];
        for (long at = 0; at < to.byteSize(); at += chunk.length) {
            int n = (int) Math.min(chunk.length, to.byteSize() - at);
            if (in.readNBytes(chunk, 0, n) < n) throw new EOFException("it ends within the elements of a tensor");
            MemorySegment.copy(MemorySegment.ofArray(chunk), 0, to, at, n);
        }
        return finish(type, storage, order);
    }

    /** Writes the elements, little-endian. */
    static void write(Array array, OutputStream out) throws IOException {
        Object storage = array.storage();
        boolean swapped = ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN && array.type().dtype().bytes() > 1;
        if (swapped) storage = swappedCopy(array);
        MemorySegment from = segment(storage);
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, from.byteSize())];
        for (long at = 0; at < from.byteSize(); at += chunk.length) {
            int n = (int) Math.min(chunk.length, from.byteSize() - at);
            MemorySegment.copy(from, at, MemorySegment.ofArray(chunk), 0, n);
            out.write(chunk, 0, n);
        }
    }

    private static Object swappedCopy(Array array) {
        Object copy = array.type().dtype().allocate(array.type().elements());
        segment(copy).copyFrom(segment(array.storage()));
        swap(copy);
        return copy;
    }

    private static MemorySegment segment(Object storage) {
        return switch (storage) {
            case float[] a -> MemorySegment.ofArray(a);
            case double[] a -> MemorySegment.ofArray(a);
            case int[] a -> MemorySegment.ofArray(a);
            case long[] a -> MemorySegment.ofArray(a);
            case short[] a -> MemorySegment.ofArray(a);
            case byte[] a -> MemorySegment.ofArray(a);
            default -> throw new IllegalStateException("no tensor is stored in a " + storage.getClass());
        };
    }

    private static Array finish(TensorType type, Object storage, ByteOrder order) {
        if (order != ByteOrder.nativeOrder()) swap(storage);
        if (type.dtype() == DType.BOOL && storage instanceof byte[] a)   // any bit makes it true
            for (int i = 0; i < a.length; i++) if (a[i] != 0) a[i] = 1;
        return Array.wrap(type, storage);
    }

    /** Reverses the bytes of every element: bytes are moved, for a float may not keep the bits of a NaN. */
    private static void swap(Object storage) {
        MemorySegment all = segment(storage);
        int width = (int) (all.byteSize() / Math.max(1, java.lang.reflect.Array.getLength(storage)));
        for (long at = 0; at < all.byteSize(); at += width)
            for (int i = 0; i < width / 2; i++) {
                long left = at + i, right = at + width - 1 - i;
                byte kept = all.get(ValueLayout.JAVA_BYTE, left);
                all.set(ValueLayout.JAVA_BYTE, left, all.get(ValueLayout.JAVA_BYTE, right));
                all.set(ValueLayout.JAVA_BYTE, right, kept);
            }
    }
}
