package javelin.train;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Curves for TensorBoard: scalars by name and step, written as they come. The file is a sequence of TFRecords (length,
 * masked CRC-32C of it, content, masked CRC-32C of that), each a protocol buffer {@code tensorflow.Event}, written here
 * field by field; see tensorflow/core/util/event.proto and summary.proto.
 */
public final class EventFile implements AutoCloseable {
    private static final int VARINT = 0, EIGHT_BYTES = 1, LENGTH = 2, FOUR_BYTES = 5;
    private static final int CRC_MASK = 0xA282EAD8;

    private final OutputStream out;

    private EventFile(OutputStream out) { this.out = out; }

    /** A new file in {@code folder}, which TensorBoard shows as one run. */
    public static EventFile in(Path folder) throws IOException {
        Files.createDirectories(folder);
        Instant now = Instant.now();
        Path file = folder.resolve("events.out.tfevents.%d.javelin.%d".formatted(now.getEpochSecond(), now.getNano()));
        EventFile events = new EventFile(Files.newOutputStream(file));
        events.record(event(now).bytes(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8)));
        return events;
    }

    /** One point of every curve. */
    public void scalars(long step, Map<String, Double> values) throws IOException {
        Message summary = new Message();
        values.forEach((tag, value) -> summary.bytes(1, new Message().bytes(1, tag.getBytes(StandardCharsets.UTF_8))
                .number(2, FOUR_BYTES, Integer.toUnsignedLong(Float.floatToRawIntBits(value.floatValue()))).content()));
        record(event(Instant.now()).number(2, VARINT, step).bytes(5, summary.content()));
    }

    private static Message event(Instant time) {
        double seconds = Duration.between(Instant.EPOCH, time).toNanos() / 1e9;
        return new Message().number(1, EIGHT_BYTES, Double.doubleToRawLongBits(seconds));
    }

    private void record(Message message) throws IOException {
        byte[] content = message.content();
        ByteBuffer record = ByteBuffer.allocate(16 + content.length).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(content.length);
        record.putInt(maskedCrc(record.array(), 0, 8)).put(content).putInt(maskedCrc(content, 0, content.length));
        out.write(record.array());
    }

    static int maskedCrc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK;
    }

    @Override public void close() throws IOException { out.close(); }

    /** The fields of a protocol buffer. */
    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message number(int field, int kind, long value) {
            varint(field << 3 | kind);
            if (kind == VARINT) varint(value);
            else for (int i = 0; i < (kind == FOUR_BYTES ? 4 : 8); i++) bytes.write((int) (value >>> 8 * i));
            return this;
        }

        Message bytes(int field, byte[] content) {
            varint(field << 3 | LENGTH);
            varint(content.length);
            bytes.writeBytes(content);
            return this;
        }

        private void varint(long value) {
            for (; (value & ~0x7FL) != 0; value >>>= 7) bytes.write((int) (value & 0x7F | 0x80));
            bytes.write((int) value);
        }

        byte[] content() { return bytes.toByteArray(); }
    }
}
