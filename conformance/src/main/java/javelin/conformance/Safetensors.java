package javelin.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javelin.core.Array;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The arrays of a safetensors file, by name: eight bytes with the header's length, a JSON header with element type,
 * shape and place of every array, then the arrays, row-major and little-endian. Nothing in the file is trusted: sizes
 * and places are checked against each other and against the length of the file.
 */
public final class Safetensors {
    private record Entry(String dtype, Shape shape, int from, int to) {}

    private final ByteBuffer data;
    private final Map<String, Entry> entries = new HashMap<>();

    /** @throws IllegalArgumentException if {@code file} is no well-formed safetensors file */
    public Safetensors(byte[] file) {
        require(file.length >= 8, "is shorter than its first field");
        long headerBytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        require(headerBytes >= 2 && headerBytes <= file.length - 8, "says its header has " + headerBytes + " bytes");
        JsonNode header = JsonMapper.shared().readTree(new String(file, 8, (int) headerBytes, StandardCharsets.UTF_8));
        require(header.isObject(), "has a header that is no JSON object");
        int start = 8 + (int) headerBytes;
        data = ByteBuffer.wrap(file, start, file.length - start).slice().order(ByteOrder.LITTLE_ENDIAN);
        for (var e : header.properties())
            if (!e.getKey().equals("__metadata__")) entries.put(e.getKey(), entry(e.getKey(), e.getValue()));
    }

    public static Safetensors read(Path file) throws IOException { return new Safetensors(Files.readAllBytes(file)); }

    private Entry entry(String name, JsonNode entry) {
        String dtype = entry.path("dtype").asString("");
        long[] sizes = longs(entry.path("shape")), place = longs(entry.path("data_offsets"));
        require(LongStream.of(sizes).allMatch(s -> s >= 0 && s <= Integer.MAX_VALUE), name + " has a bad shape");
        require(place.length == 2 && 0 <= place[0] && place[0] <= place[1] && place[1] <= data.capacity(),
                name + " lies outside the file");
        Shape shape = Shape.of(LongStream.of(sizes).mapToInt(s -> (int) s).toArray());
        require(place[1] - place[0] == (long) shape.elements() * bytes(dtype),
                name + " has a size that is not its shape's");
        return new Entry(dtype, shape, (int) place[0], (int) place[1]);
    }

    private static long[] longs(JsonNode list) {
        return IntStream.range(0, list.size()).mapToLong(i -> list.get(i).asLong(-1)).toArray();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) throw new IllegalArgumentException("not a safetensors file: " + otherwise);
    }

    private static int bytes(String dtype) {
        return switch (dtype) {
            case "BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2" -> 1;
            case "U16", "I16", "F16", "BF16" -> 2;
            case "U32", "I32", "F32" -> 4;
            case "U64", "I64", "F64", "C64" -> 8;
            case "C128" -> 16;
            default -> throw new IllegalArgumentException("not a safetensors file: there is no element type " + dtype);
        };
    }

    private static Optional<DType> supported(String dtype) {
        return List.of(DType.values()).stream().filter(t -> t.name().equals(dtype)).findFirst();
    }

    /** A file with those of this one's arrays that are named, of whatever element type, in the order of their names. */
    byte[] only(SortedSet<String> names) {
        var header = JsonMapper.shared().createObjectNode();
        int bytes = 0;
        for (String name : names) {
            Entry e = entries.get(name);
            var entry = header.putObject(name).put("dtype", e.dtype());
            var shape = entry.putArray("shape");
            e.shape().sizes().forEach(shape::add);
            entry.putArray("data_offsets").add(bytes).add(bytes += e.to() - e.from());
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + text.length + bytes).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length).put(text);
        for (String name : names)
            file.put(data.slice(entries.get(name).from(), entries.get(name).to() - entries.get(name).from()));
        return file.array();
    }

    public boolean has(String name) { return entries.containsKey(name); }

    /**
     * The array of this name. Throws {@link Failure} if there is none, or if Javelin does not have its element type.
     */
    public Array array(String name) {
        Entry e = entries.get(name);
        if (e == null) throw new Failure("the case names an array that is not there", name);
        DType dtype = supported(e.dtype()).orElseThrow(() -> Failure.unsupported(
                "element type " + e.dtype().toLowerCase(java.util.Locale.ROOT)));
        int n = e.shape().elements();
        Object storage = dtype.allocate(n);
        ByteBuffer bytes = data.slice(e.from(), e.to() - e.from()).order(ByteOrder.LITTLE_ENDIAN);
        switch (storage) {
            case float[] a -> bytes.asFloatBuffer().get(a);
            case double[] a -> bytes.asDoubleBuffer().get(a);
            case int[] a -> bytes.asIntBuffer().get(a);
            case long[] a -> bytes.asLongBuffer().get(a);
            case short[] a -> bytes.asShortBuffer().get(a);
            case byte[] a -> bytes.get(a);
            default -> throw new IllegalStateException(dtype + " has an unknown storage");
        }
        return Array.wrap(new TensorType(dtype, e.shape()), storage);
    }
}
