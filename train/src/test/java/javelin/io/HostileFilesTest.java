package javelin.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostileFilesTest {
    private static final int MUTATIONS = 100_000;
    @TempDir Path folder;

    @FunctionalInterface
    private interface Reader {
        Object read(byte[] file) throws IOException;
    }

    /** Bytes flipped, set to extremes, cut, repeated: the reader gives something or throws what it should. */
    private static void fuzz(byte[] file, Reader reader) throws IOException {
        reader.read(file);
        Random random = new Random(1);
        var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bad = mutation(file, random);
            long before = thread.getCurrentThreadAllocatedBytes();
            try {
                reader.read(bad);
            } catch (FormatException | EOFException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                fail("mutation " + i + ": " + Arrays.toString(bad), e);
            }
            long allocated = thread.getCurrentThreadAllocatedBytes() - before;
            if (i > 100 && allocated > 100L * file.length + 1_000_000)
                fail("mutation " + i + " took " + allocated + " bytes");
        }
        assertTrue(refused > MUTATIONS / 4, "only " + refused + " were refused");
    }

    private static byte[] mutation(byte[] file, Random random) {
        byte[] bad = file.clone();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(4) == 0 ? random.nextInt(Math.min(32, bad.length)) : random.nextInt(bad.length);
            switch (random.nextInt(6)) {
                case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bad[at] = (byte) random.nextInt();
                case 2 -> bad[at] = (byte) (random.nextBoolean() ? 0xFF : 0x7F);
                case 3 -> bad = Arrays.copyOf(bad, 1 + random.nextInt(bad.length));
                case 4 -> Arrays.fill(bad, at, Math.min(bad.length, at + random.nextInt(9)), (byte) random.nextInt());
                default -> {
                    int from = random.nextInt(bad.length), length = random.nextInt(1 + bad.length - Math.max(from, at));
                    System.arraycopy(file.clone(), Math.min(from, file.length - length), bad, at, length);
                }
            }
        }
        return bad;
    }

    private static Map<String, Tensor> small() {
        var all = Examples.everyType(3);
        all.keySet().retainAll(List.of("f32", "bf16", "bool"));
        return all;
    }

    @Test void mutatedSafetensors() throws IOException {
        var out = new ByteArrayOutputStream();
        Safetensors.write(out, small(), Map.of("a", "b"));
        fuzz(out.toByteArray(), file -> Safetensors.of(file).arrays());
    }

    @Test void mutatedFlaxMsgpack() throws IOException {
        fuzz(Examples.content("flax-chunked.msgpack"), FlaxMsgpack::of);
        var out = new ByteArrayOutputStream();
        FlaxMsgpack.write(out, Examples.model(1));
        fuzz(out.toByteArray(), FlaxMsgpack::of);
    }

    @Test void mutatedNpy() throws IOException {
        fuzz(Examples.content("fortran-big-endian.npy"), file -> Npy.read(new ByteArrayInputStream(file), file.length));
    }

    @Test void mutatedNpz() throws IOException {
        Path file = folder.resolve("a.npz"), fuzzed = folder.resolve("b.npz");
        Npz.writeCompressed(file, Map.of("x", javelin.core.Array.f32(1, 2), "y", javelin.core.Array.i32(1)));
        try (var channel = FileChannel.open(fuzzed, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            fuzz(Files.readAllBytes(file), bytes -> {
                channel.write(ByteBuffer.wrap(bytes), 0);                    // opening it anew takes ten times longer
                channel.truncate(bytes.length);
                return Npz.read(fuzzed);
            });
        }
    }

    static byte[] safetensors(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length)
                .put(text).array();
    }

    private static String refusal(byte[] file) {
        return assertThrows(FormatException.class, () -> Safetensors.of(file)).reason();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "[2]; [0,4]; x has 4 bytes, which is not what its shape needs", "[1]; [0,5]; lies outside the file",
        "[1]; [-4,0]; lies outside the file", "[1]; [4,0]; lies outside the file", "[1]; [0]; lies outside the file",
        "[-1]; [0,4]; bad shape", "[1]; null; has no list", "[4294967297]; [0,4]; bad shape",
        "[1]; [0,4.0]; more than whole numbers", "[1]; [0,18446744073709551616]; not well-formed",
        "[65536,65536]; [0,4]; bad shape", "[0]; [0,0]; 4 bytes at its end belong to no tensor",
        "[1]; [0,4],\"dtype\":\"F32\"; not well-formed", "[1]; [0,4]},\"x\":{; not well-formed"})
    void placesThatDoNotFit(String shape, String offsets, String why) {
        String header = "{\"x\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
        String said = refusal(safetensors(header, 4));
        assertTrue(said.contains(why), said);
    }

    @Test void brokenHeaders() {
        assertEquals("it is shorter than its first field", refusal(new byte[3]));
        assertEquals("it says its header has 0 bytes, of at most 8", refusal(new byte[16]));
        byte[] huge = safetensors("{}", 0);
        huge[7] = (byte) 0xFF;
        assertEquals("it says its header has 18374686479671623682 bytes, of at most 2", refusal(huge));
        assertEquals("its header is no JSON object", refusal(safetensors("[1]", 0)));
        assertEquals("its header is not UTF-8", refusal(new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', (byte) 0xFF}));
        assertTrue(refusal(safetensors("{}{}", 0)).contains("goes on"));
        assertTrue(refusal(safetensors("{\"x\":" + "[".repeat(1000), 0)).contains("is no object"));
        assertTrue(refusal(safetensors("{\"x\":{\"a\":" + "[".repeat(1000), 0)).contains("not well-formed"));
        assertTrue(refusal(safetensors("{\"x\":{\"dtype\":\"F99\",\"shape\":[0],\"data_offsets\":[0,0]}}", 0))
                .contains("no element type F99"));
        String one = ":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":";
        assertTrue(refusal(safetensors("{\"x\"" + one + "[0,2]},\"y\"" + one + "[1,3]}}", 3)).contains("overlap"));
    }

    @Test void tensorsOfOtherTypesAreCopiedButNotRead() throws IOException {
        byte[] file = safetensors("{\"x\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2);
        file[file.length - 1] = 7;
        var tensors = Safetensors.of(file);
        assertTrue(assertThrows(FormatException.class, () -> tensors.array("x")).reason().contains("F8_E4M3"));
        var out = new ByteArrayOutputStream();
        tensors.writeSome(out, List.of("x"));
        assertEquals("F8_E4M3", Safetensors.of(out.toByteArray()).elementType("x"));
        assertEquals(7, out.toByteArray()[out.size() - 1]);
    }

    @Test void bombsInZips() throws IOException {
        Path file = folder.resolve("bomb.npz");
        Npz.writeCompressed(file, Map.of("x", Tensor.zeros(TensorType.f32(1 << 20))));
        assertTrue(Files.size(file) < 10_000);
        String said = assertThrows(FormatException.class, () -> Npz.read(file)).reason();
        assertTrue(said.contains("if that is meant, read it with a higher limit"), said);
        assertEquals(1 << 20, Npz.read(file, 1L << 23).get("x").type().elements());
    }

    @Test void otherThingsInZips() throws IOException {
        Path file = folder.resolve("other.npz");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("../evil.sh"));
            zip.closeEntry();
        }
        assertTrue(assertThrows(FormatException.class, () -> Npz.read(file)).reason().contains("no npy file"));
    }

    @Test void deepAndLongMsgpack() {
        byte[] deep = new byte[1_000_000];
        Arrays.fill(deep, (byte) 0x91);
        assertTrue(assertThrows(FormatException.class, () -> FlaxMsgpack.of(deep)).reason().contains("nests deeper"));
        byte[] many = {(byte) 0xDF, -1, -1, -1, -1, (byte) 0xA1, 'a', (byte) 0xDD, 0x7F, -1, -1, -1};
        assertTrue(assertThrows(FormatException.class, () -> FlaxMsgpack.of(many)).reason().contains("it ends within"));
        byte[] twice = {(byte) 0x82, (byte) 0xA1, 'a', 1, (byte) 0xA1, 'a', 1};
        assertEquals("it has the key a twice",
                assertThrows(FormatException.class, () -> FlaxMsgpack.of(twice)).reason());
        byte[] text = {(byte) 0x81, (byte) 0xA1, 'a', (byte) 0xA1, 'b'};
        assertEquals("a is Text, not a tensor",
                assertThrows(FormatException.class, () -> FlaxMsgpack.of(text)).reason());
    }

    @Test void theFileIsNamed() throws IOException {
        Path file = Files.write(folder.resolve("x.bin"), new byte[20]);
        for (var read : List.<org.junit.jupiter.api.function.Executable>of(() -> Safetensors.read(file),
                () -> Npz.read(file), () -> Npy.read(file), () -> FlaxMsgpack.read(file)))
            assertTrue(assertThrows(FormatException.class, read).reason().startsWith(file + " is not a"));
        assertArrayEquals(new byte[20], Files.readAllBytes(file));
    }
}
