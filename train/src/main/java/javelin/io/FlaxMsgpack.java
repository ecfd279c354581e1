package javelin.io;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.tree.TreeException;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;
import javelin.io.Msgpack.Value;

/**
 * Nested maps of tensors as Flax's {@code serialization.to_bytes} writes and {@code msgpack_restore} reads them: what
 * is read is what {@code new Variables(...)} takes. A tensor is an extension of type 1 that holds shape, name of the
 * element type, and row-major little-endian elements; one of more than a gigabyte is a map of such chunks.
 */
public final class FlaxMsgpack {
    private static final int ARRAY = 1, COMPLEX = 2, SCALAR = 3;
    private static final String CHUNKED = "__msgpack_chunked_array__", SHAPE = "shape", CHUNKS = "chunks";
    private static final int CHUNK_BYTES = 1 << 30;

    private FlaxMsgpack() {}

    /**
     * The tensors of a file, in maps as they were. Python's own numbers become scalars of the type that holds them all:
     * i64, f64, bool; {@code None} is left out, lists are maps by place, as Flax has them.
     *
     * @throws FormatException if {@code file} is not well-formed, or holds anything else
     */
    public static Map<String, ?> read(Path file) throws IOException {
        try (Arena arena = Arena.ofShared(); FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (FormatException e) {
            throw new FormatException(file + " is not a file of Flax's", e);
        }
    }

    /** As above, from memory. */
    public static Map<String, ?> of(byte[] file) { return read(MemorySegment.ofArray(file)); }

    /** The tree that was written to a file: as {@code template}, which gives structure, names and types. */
    public static <T> T read(Path file, T template) throws IOException {
        return NamedTensors.restore(template, NamedTensors.of(read(file)));
    }

    private static Map<String, ?> read(MemorySegment bytes) {
        if (Msgpack.read(bytes) instanceof Value.Entries(var entries)
                && tree(entries, "") instanceof Map<?, ?> map) return strings(map);
        throw new FormatException("it holds no map");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ?> strings(Map<?, ?> map) { return (Map<String, ?>) map; }

    /** A map, or a tensor if it was cut into chunks. */
    private static Object tree(Map<String, Value> entries, String path) {
        if (entries.containsKey(CHUNKED)) return chunked(entries, path);
        Map<String, Object> all = new TreeMap<>();
        entries.forEach((name, value) -> node(value, path.isEmpty() ? name : path + "/" + name)
                .ifPresent(node -> all.put(name, node)));
        return Collections.unmodifiableMap(all);
    }

    private static Optional<Object> node(Value value, String path) {
        return switch (value) {
            case Value.Nil() -> Optional.empty();
            case Value.Entries(var entries) -> Optional.of(tree(entries, path));
            case Value.Extension e -> Optional.of(array(e, path));
            case Value.Flag(boolean on) -> Optional.of(Array.scalar(on ? 1L : 0L, DType.BOOL));
            case Value.Whole(long number) -> Optional.of(Array.scalar(number, DType.I64));
            case Value.Real(double number) -> Optional.of(Array.scalar(number, DType.F64));
            case Value.Text _, Value.Bytes _, Value.Items _ ->
                throw new FormatException(path + " is " + value.getClass().getSimpleName() + ", not a tensor");
        };
    }

    private static Array array(Value.Extension e, String path) {
        if (e.type() == COMPLEX) throw new FormatException(path + " is a complex number, which Javelin does not have");
        if (e.type() != ARRAY && e.type() != SCALAR)
            throw new FormatException(path + " is an extension of type " + e.type());
        if (!(Msgpack.read(e.content()) instanceof Value.Items(var parts) && parts.size() == 3
                && parts.get(0) instanceof Value.Items(var sizes) && parts.get(1) instanceof Value.Text name
                && parts.get(2) instanceof Value.Bytes(var elements)))
            throw new FormatException(path + " is no tensor: shape, element type and elements are needed");
        DType dtype = dtype(name.toString(), path);
        TensorType type = new TensorType(dtype, shape(sizes, path));
        if (type.bytes() != elements.byteSize())
            throw new FormatException(path + " is a " + type + " of " + type.bytes()
                + " bytes, and the file has " + elements.byteSize());
        return Elements.read(type, elements);
    }

    private static Shape shape(List<Value> sizes, String path) {
        List<Long> all = new ArrayList<>();
        for (Value v : sizes) {
            if (!(v instanceof Value.Whole(long size))) throw new FormatException(path + " has a bad shape");
            all.add(size);
        }
        return Shapes.of(all, path);
    }

    private static Array chunked(Map<String, Value> entries, String path) {
        Shape shape = shape(inOrder(entries.get(SHAPE), path), path);
        List<Array> chunks = new ArrayList<>();
        long elements = 0;
        for (Value v : inOrder(entries.get(CHUNKS), path)) {
            if (!(v instanceof Value.Extension e)) throw new FormatException(path + " has a chunk that is no tensor");
            chunks.add(array(e, path));
            elements += chunks.getLast().type().elements();
        }
        if (chunks.isEmpty() || elements != shape.elements())
            throw new FormatException(path + " has " + elements + " elements in chunks, its shape is " + shape);
        DType dtype = chunks.getFirst().type().dtype();
        Object storage = dtype.allocate(shape.elements());
        int at = 0;
        for (Array chunk : chunks) {
            if (chunk.type().dtype() != dtype) throw new FormatException(path + " has chunks of several element types");
            System.arraycopy(chunk.storage(), 0, storage, at, chunk.type().elements());
            at += chunk.type().elements();
        }
        return Array.wrap(new TensorType(dtype, shape), storage);
    }

    /** The values of a map whose keys are 0, 1, 2, ... */
    private static List<Value> inOrder(Value value, String path) {
        List<Value> all = new ArrayList<>();
        if (value instanceof Value.Entries(var entries))
            while (entries.containsKey(Integer.toString(all.size())))
                all.add(entries.get(Integer.toString(all.size())));
        if (!(value instanceof Value.Entries(var entries) && entries.size() == all.size()))
            throw new FormatException(path + " is not cut into chunks as Flax does it");
        return all;
    }

    private static DType dtype(String name, String path) {
        for (DType t : DType.values()) if (name(t).equals(name)) return t;
        throw new FormatException(path + " is of " + name + ", which Javelin does not have");
    }

    /** NumPy's name. */
    private static String name(DType t) {
        return switch (t.kind()) {
            case FLOAT -> (t.name().startsWith("B") ? "bfloat" : "float") + 8 * t.bytes();
            case SIGNED -> "int" + 8 * t.bytes();
            case UNSIGNED -> "uint" + 8 * t.bytes();
            case BOOLEAN -> t.name().toLowerCase(Locale.ROOT);
        };
    }

    /** Writes the tensors of a tree, in nested maps by the parts of their names. See {@link AtomicFile}. */
    public static void write(Path file, Object tree) throws IOException {
        AtomicFile.write(file, out -> write(out, tree));
    }

    /** As above, to a stream. */
    public static void write(OutputStream out, Object tree) throws IOException { write(out, tree, CHUNK_BYTES); }

    static void write(OutputStream out, Object tree, int chunkBytes) throws IOException {
        Map<String, Object> nested = new TreeMap<>();
        NamedTensors.bySteps(tree).forEach((steps, tensor) -> put(nested, steps, tensor));
        DataOutputStream to = new DataOutputStream(out);
        write(to, nested, chunkBytes);
        to.flush();
    }

    private static void put(Map<String, Object> nested, List<String> steps, Tensor tensor) {
        Object old;
        if (steps.size() == 1) old = nested.put(steps.getFirst(), tensor);
        else {
            old = nested.computeIfAbsent(steps.getFirst(), _ -> new TreeMap<String, Object>());
            if (old instanceof Map<?, ?> inner) {
                @SuppressWarnings("unchecked") var map = (Map<String, Object>) inner;
                put(map, steps.subList(1, steps.size()), tensor);
                return;
            }
        }
        if (old != null) throw new TreeException("two nodes of the tree are named " + String.join("/", steps));
    }

    private static void write(DataOutputStream out, Object node, int chunkBytes) throws IOException {
        if (node instanceof Map<?, ?> map) {
            Msgpack.writeEntries(out, map.size());
            for (var e : map.entrySet()) {
                Msgpack.writeText(out, (String) e.getKey());
                write(out, e.getValue(), chunkBytes);
            }
        } else if (node instanceof Tensor t) {
            if (t.type().bytes() <= chunkBytes) writeArray(out, t.array());
            else writeChunks(out, t.array(), chunkBytes / t.dtype().bytes());
        } else throw new IllegalStateException("a node is a " + node.getClass());
    }

    private static void writeArray(DataOutputStream out, Array array) throws IOException {
        byte[] head = Msgpack.bytes(inner -> {
            Msgpack.writeItems(inner, 3);
            Msgpack.writeItems(inner, array.rank());
            for (int size : array.shape().sizes()) Msgpack.writeWhole(inner, size);
            Msgpack.writeText(inner, name(array.dtype()));
            Msgpack.writeBytesHead(inner, array.type().bytes());
        });
        Msgpack.writeExtensionHead(out, ARRAY, head.length + array.type().bytes());
        out.write(head);
        Elements.write(array, out);
    }

    private static void writeChunks(DataOutputStream out, Array array, int most) throws IOException {
        int elements = array.type().elements(), chunks = Math.ceilDiv(elements, most);
        Msgpack.writeEntries(out, 3);
        Msgpack.writeText(out, CHUNKED);
        Msgpack.writeTrue(out);
        Msgpack.writeText(out, SHAPE);
        Msgpack.writeEntries(out, array.rank());
        for (int a = 0; a < array.rank(); a++) {
            Msgpack.writeText(out, Integer.toString(a));
            Msgpack.writeWhole(out, array.size(a));
        }
        Msgpack.writeText(out, CHUNKS);
        Msgpack.writeEntries(out, chunks);
        for (int c = 0; c < chunks; c++) {
            int n = Math.min(most, elements - c * most);
            Object part = array.dtype().allocate(n);
            System.arraycopy(array.storage(), c * most, part, 0, n);
            Msgpack.writeText(out, Integer.toString(c));
            writeArray(out, Array.wrap(TensorType.of(array.dtype(), n), part));
        }
    }
}
