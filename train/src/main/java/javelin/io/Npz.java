package javelin.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javelin.core.Array;
import javelin.core.Tensor;

/** Named tensors as NumPy's {@code savez} writes and {@code load} reads them: a zip of {@code npy} files. */
public final class Npz {
    private static final String SUFFIX = ".npy";
    private static final int MOST_EXPANSION = 64, SMALL_BYTES = 1 << 16;
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);   // equal tensors, equal files

    private Npz() {}

    /**
     * All tensors of a file. Compressed ones may take 64 times the size of the file, no more.
     *
     * @throws FormatException if it is no well-formed npz file, or if it expands to more
     */
    public static SequencedMap<String, Array> read(Path file) throws IOException {
        return read(file, Files.size(file) * MOST_EXPANSION + SMALL_BYTES);
    }

    /** As above, with another limit to the bytes that all tensors take together. */
    public static SequencedMap<String, Array> read(Path file, long mostBytes) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return arrays(zip, mostBytes);
        } catch (FormatException | ZipException | EOFException | IllegalArgumentException e) {
            throw new FormatException(file + " is not an npz file", e);
        }
    }

    private static SequencedMap<String, Array> arrays(ZipFile zip, long mostBytes) throws IOException {
        SequencedMap<String, ZipEntry> entries = new LinkedHashMap<>();
        long left = mostBytes;
        for (var all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry e = all.nextElement();
            require(e.getName().endsWith(SUFFIX), "it has " + e.getName() + ", which is no npy file");
            String name = e.getName().substring(0, e.getName().length() - SUFFIX.length());
            require(entries.put(name, e) == null, "it has " + name + " twice");
            require(e.getSize() >= 0 && e.getSize() <= left, "it expands to more than " + mostBytes
                    + " bytes; if that is meant, read it with a higher limit");
            left -= e.getSize();
        }
        SequencedMap<String, Array> arrays = new LinkedHashMap<>();
        for (var e : entries.entrySet()) arrays.put(e.getKey(), array(zip, e.getKey(), e.getValue()));
        return arrays;
    }

    private static Array array(ZipFile zip, String name, ZipEntry entry) throws IOException {
        try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
            Array array = Npy.read(in, entry.getSize());
            require(in.read() < 0, "it is longer than it says");
            require(in.getChecksum().getValue() == entry.getCrc(), "its checksum is wrong");
            return array;
        } catch (FormatException | ZipException | EOFException e) {
            throw new FormatException(name, e);
        }
    }

    /** The tree that was written to a file: as {@code template}, which gives structure, names and types. */
    public static <T> T read(Path file, T template) throws IOException {
        return NamedTensors.restore(template, read(file));
    }

    /** Writes the tensors of a tree, under the names that {@link NamedTensors} gives them. See {@link AtomicFile}. */
    public static void write(Path file, Object tree) throws IOException {
        AtomicFile.write(file, out -> write(out, tree, ZipEntry.STORED));
    }

    /** As {@link #write}, smaller and slower. */
    public static void writeCompressed(Path file, Object tree) throws IOException {
        AtomicFile.write(file, out -> write(out, tree, ZipEntry.DEFLATED));
    }

    private static void write(OutputStream out, Object tree, int method) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Map.Entry<String, Tensor> e : NamedTensors.of(tree).entrySet()) {
            Array array = e.getValue().array();
            ZipEntry entry = new ZipEntry(e.getKey() + SUFFIX);
            entry.setTimeLocal(NO_TIME);
            entry.setMethod(method);
            if (method == ZipEntry.STORED) {                             // its checksum comes first
                var crc = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
                Npy.write(crc, array);
                entry.setCrc(crc.getChecksum().getValue());
                entry.setSize(Npy.head(array.type()).length + array.type().bytes());
            }
            zip.putNextEntry(entry);
            Npy.write(zip, array);
            zip.closeEntry();
        }
        zip.finish();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) throw new FormatException(otherwise);
    }
}
