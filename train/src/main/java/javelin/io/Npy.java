package javelin.io;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * One tensor as NumPy's {@code save} writes and {@code load} reads it. NumPy has no bf16: it is written as two bytes
 * without a meaning ({@code V2}), as JAX does, and read back as bf16. Arrays of objects (pickles) are refused.
 */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MOST_HEADER_BYTES = 1 << 16, ALIGNMENT = 64;
    private static final Pattern ENTRY =
            Pattern.compile("\\s*'(\\w+)'\\s*:\\s*('[^']*+'|\\([0-9L,\\s]*+\\)|True|False)\\s*,?");
    private static final Pattern TYPE = Pattern.compile("([<>|=])([fiubV])(\\d)");

    private Npy() {}

    /** @throws FormatException if {@code file} is no well-formed npy file, or of an unknown element type */
    public static Array read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(in, Files.size(file));
        } catch (FormatException | EOFException e) {
            throw new FormatException(file + " is not an npy file", e);
        }
    }

    /** Writes one tensor. See {@link AtomicFile}. */
    public static void write(Path file, Tensor tensor) throws IOException {
        AtomicFile.write(file, out -> write(out, tensor.array()));
    }

    /** A stream of exactly {@code bytes} bytes: nothing larger is allocated before they are seen to suffice. */
    static Array read(InputStream in, long bytes) throws IOException {
        ByteBuffer start = ByteBuffer.wrap(exactly(in, 8)).order(ByteOrder.LITTLE_ENDIAN);
        for (byte b : MAGIC) require(start.get() == b, "it does not begin as one");
        int version = start.get();
        require(version >= 1 && version <= 3, "its version is " + version);
        int lengthBytes = version == 1 ? 2 : 4;
        ByteBuffer length = ByteBuffer.wrap(exactly(in, lengthBytes)).order(ByteOrder.LITTLE_ENDIAN);
        long headerBytes = version == 1 ? Short.toUnsignedLong(length.getShort())
                : Integer.toUnsignedLong(length.getInt());
        require(headerBytes <= Math.min(bytes, MOST_HEADER_BYTES), "it says its header has " + headerBytes + " bytes");
        var entries = entries(new String(exactly(in, (int) headerBytes), StandardCharsets.UTF_8));

        var descr = TYPE.matcher(entries.get("descr").replace("'", ""));
        require(descr.matches(), "its elements are " + entries.get("descr") + ", which Javelin does not have");
        DType dtype = dtype(descr.group(2) + descr.group(3));
        ByteOrder order = switch (descr.group(1)) {
            case ">" -> ByteOrder.BIG_ENDIAN;
            case "=" -> ByteOrder.nativeOrder();
            default -> ByteOrder.LITTLE_ENDIAN;
        };
        List<Long> sizes = sizes(entries.get("shape"));
        Shape shape = Shapes.of(sizes, "it");
        TensorType type = new TensorType(dtype, shape);
        long rest = bytes - 8 - lengthBytes - headerBytes;
        require(type.bytes() == rest, "it has " + rest + " bytes of elements where " + type + " needs " + type.bytes());
        if (!entries.get("fortran_order").equals("True") || shape.rank() < 2) return Elements.read(type, in, order);
        TensorType columns = type.withShape(new Shape(shape.sizes().reversed()));
        return Elements.read(columns, in, order).transpose(IntStream.range(0, shape.rank())
                .map(i -> shape.rank() - 1 - i).toArray()).array();
    }

    private static byte[] exactly(InputStream in, int n) throws IOException {
        byte[] bytes = in.readNBytes(n);
        require(bytes.length == n, "it ends within its header");
        return bytes;
    }

    /** The three entries of the header, a Python dictionary, as text. */
    private static Map<String, String> entries(String header) {
        String text = header.strip();
        require(text.length() >= 2 && text.startsWith("{") && text.endsWith("}"), "its header is no dictionary");
        Map<String, String> entries = new HashMap<>();
        var entry = ENTRY.matcher(text).region(1, text.length() - 1);
        while (entry.lookingAt()) {
            require(entries.put(entry.group(1), entry.group(2)) == null, "its header has " + entry.group(1) + " twice");
            entry.region(entry.end(), text.length() - 1);
        }
        require(text.substring(entry.regionStart(), text.length() - 1).isBlank() && entries.keySet()
                .equals(Set.of("descr", "fortran_order", "shape")), "its header is not understood; arrays of"
                + " objects and records are not read");
        require(entries.get("shape").startsWith("(")
                && entries.get("descr").startsWith("'"), "its header is not understood");
        return entries;
    }

    private static List<Long> sizes(String tuple) {
        List<Long> sizes = new ArrayList<>();
        for (String size : tuple.substring(1, tuple.length() - 1).split(",")) {
            if (size.isBlank()) continue;
            String digits = size.strip().replaceFirst("L$", "");
            require(digits.matches("\\d{1,18}"), "its shape is " + tuple);
            sizes.add(Long.parseLong(digits));
        }
        return sizes;
    }

    private static DType dtype(String code) {
        for (DType t : DType.values()) if (code(t).substring(1).equals(code)) return t;
        throw new FormatException("its elements are " + code + ", which Javelin does not have");
    }

    private static String code(DType t) {
        String kind = switch (t.kind()) {
            case FLOAT -> t == DType.BF16 ? "V" : "f";
            case SIGNED -> "i";
            case UNSIGNED -> "u";
            case BOOLEAN -> "b";
        };
        return (t.bytes() == 1 || t == DType.BF16 ? "|" : "<") + kind + t.bytes();
    }

    static void write(OutputStream out, Array array) throws IOException {
        out.write(head(array.type()));
        Elements.write(array, out);
    }

    /** Everything before the elements, its length a multiple of 64. */
    static byte[] head(TensorType type) {
        String shape = type.shape().sizes().stream().map(Object::toString)
                .collect(Collectors.joining(", ", "(", type.rank() == 1 ? ",)" : ")"));
        String header = "{'descr': '" + code(type.dtype()) + "', 'fortran_order': False, 'shape': " + shape + ", }";
        header += " ".repeat(Math.floorMod(-(10 + header.length() + 1), ALIGNMENT)) + "\n";
        return ByteBuffer.allocate(10 + header.length()).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC)
                .put((byte) 1).put((byte) 0)
                .putShort((short) header.length()).put(header.getBytes(StandardCharsets.US_ASCII)).array();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) throw new FormatException(otherwise);
    }
}
