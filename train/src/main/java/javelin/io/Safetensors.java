package javelin.io;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.tree.TreeException;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * The tensors of a safetensors file, by name, read when asked for: the file is mapped, not loaded. It has eight bytes
 * with the header's length, a JSON header with element type, shape and place of every tensor, then their elements,
 * row-major and little-endian. The format is Hugging Face's. A mapped file must not be truncated while it is open.
 */
public final class Safetensors implements AutoCloseable {
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long MOST_HEADER_BYTES = 100_000_000;           // the limit of the format's own implementation

    private final Optional<Arena> mapping;
    private final SafetensorsHeader header;
    private final MemorySegment data;

    private Safetensors(MemorySegment file, Optional<Arena> mapping) {
        this.mapping = mapping;
        if (file.byteSize() < LENGTH.byteSize()) throw new FormatException("it is shorter than its first field");
        long bytes = file.get(LENGTH, 0), most = Math.min(MOST_HEADER_BYTES, file.byteSize() - LENGTH.byteSize());
        if (bytes < 2 || bytes > most)
            throw new FormatException("it says its header has " + Long.toUnsignedString(bytes)
                    + " bytes, of at most " + most);
        data = file.asSlice(LENGTH.byteSize() + bytes);
        header = SafetensorsHeader.parse(text(file.asSlice(LENGTH.byteSize(), bytes)), data.byteSize());
    }

    private static String text(MemorySegment bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.asByteBuffer()).toString();
        } catch (CharacterCodingException e) {
            throw new FormatException("its header is not UTF-8");
        }
    }

    /** @throws FormatException if these bytes are no well-formed safetensors file */
    public static Safetensors of(byte[] file) { return new Safetensors(MemorySegment.ofArray(file), Optional.empty()); }

    /** Maps a file, to be closed when it is not read any more. Throws {@link FormatException} if it is broken. */
    public static Safetensors open(Path file) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new Safetensors(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(),
                    arena), Optional.of(arena));
        } catch (FormatException e) {
            arena.close();
            throw new FormatException(file + " is not a safetensors file", e);
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** All tensors of a file. */
    public static SequencedMap<String, Array> read(Path file) throws IOException {
        try (Safetensors tensors = open(file)) {
            return tensors.arrays();
        }
    }

    /** The tree that was written to a file: as {@code template}, which gives structure, names and types. */
    public static <T> T read(Path file, T template) throws IOException {
        return NamedTensors.restore(template, read(file));
    }

    /** Writes the tensors of a tree, under the names that {@link NamedTensors} gives them. See {@link AtomicFile}. */
    public static void write(Path file, Object tree) throws IOException { write(file, tree, Map.of()); }

    /** As above, with texts for whoever reads the file. */
    public static void write(Path file, Object tree, Map<String, String> metadata) throws IOException {
        AtomicFile.write(file, out -> write(out, tree, metadata));
    }

    /** As above, to a stream. */
    public static void write(OutputStream out, Object tree, Map<String, String> metadata) throws IOException {
        Map<String, Tensor> tensors = NamedTensors.of(tree);
        var widestFirst = tensors.entrySet().stream()                    // so that all are aligned
                .sorted(Comparator.comparingInt((Map.Entry<String, Tensor> e) -> -e.getValue().dtype().bytes())
                        .thenComparing(Map.Entry::getKey)).toList();
        Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();
        long end = 0;
        for (var e : widestFirst) {
            if (e.getKey().equals(SafetensorsHeader.METADATA))
                throw new TreeException("no tensor of a safetensors file may be named " + SafetensorsHeader.METADATA);
            TensorType type = e.getValue().type();
            entries.put(e.getKey(), new SafetensorsHeader.Entry(type.dtype().name(), type.shape(),
                    end, end += type.bytes()));
        }
        writeHeader(out, new SafetensorsHeader(entries, metadata));
        for (var e : widestFirst) Elements.write(e.getValue().array(), out);
    }

    private static void writeHeader(OutputStream out, SafetensorsHeader header) throws IOException {
        byte[] text = header.print().getBytes(StandardCharsets.UTF_8);
        out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
        out.write(text);
    }

    /** Writes a file of some of this one's tensors, of whatever element type, in the order of {@code names}. */
    public void writeSome(OutputStream out, Collection<String> names) throws IOException {
        Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();
        long end = 0;
        for (String name : names) {
            var e = entry(name);
            entries.put(name, new SafetensorsHeader.Entry(e.elementType(), e.shape(), end, end += e.to() - e.from()));
        }
        writeHeader(out, new SafetensorsHeader(entries, Map.of()));
        for (String name : entries.keySet()) out.write(bytes(entry(name)).toArray(ValueLayout.JAVA_BYTE));
    }

    /** The names of the tensors, in the header's order. */
    public Set<String> names() { return Collections.unmodifiableSet(header.entries().keySet()); }

    /** What the writer wanted to be known of the file. */
    public Map<String, String> metadata() { return Collections.unmodifiableMap(header.metadata()); }

    /** The element type of a tensor as the file says it, as {@code F8_E4M3}; Javelin does not have all of them. */
    public String elementType(String name) { return entry(name).elementType(); }

    /** The type of a tensor, unless Javelin does not have its element type. */
    public Optional<TensorType> type(String name) {
        var e = entry(name);
        for (DType t : DType.values()) if (t.name().equals(e.elementType()))
            return Optional.of(new TensorType(t, e.shape()));
        return Optional.empty();
    }

    /** The tensor of this name. Throws if there is none, or if Javelin does not have its element type. */
    public Array array(String name) {
        TensorType type = type(name).orElseThrow(() -> new FormatException(name + " is of the element type "
                + elementType(name) + ", which Javelin does not have; let its writer convert it, to F32 for example"));
        return Elements.read(type, bytes(entry(name)));
    }

    /** All tensors. */
    public SequencedMap<String, Array> arrays() {
        SequencedMap<String, Array> all = new LinkedHashMap<>();
        for (String name : names()) all.put(name, array(name));
        return all;
    }

    private SafetensorsHeader.Entry entry(String name) {
        var e = header.entries().get(name);
        if (e == null) throw new JavelinException("there is no tensor " + name + "; there are " + names());
        return e;
    }

    private MemorySegment bytes(SafetensorsHeader.Entry e) { return data.asSlice(e.from(), e.to() - e.from()); }

    @Override public void close() { mapping.ifPresent(Arena::close); }
}
