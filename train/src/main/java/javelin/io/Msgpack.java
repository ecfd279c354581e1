package javelin.io;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of MessagePack (msgpack.org, the specification of 2013 with bin and ext) that Flax's files use. Written by
 * hand because the library for Java calls methods of {@code sun.misc.Unsafe} that Java 25 warns of and will remove.
 */
final class Msgpack {
    private static final int DEEPEST = 200;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment bytes;
    private long at;

    private Msgpack(MemorySegment bytes) { this.bytes = bytes; }

    /** A value. Texts and bytes are not copied: a long one takes no memory of its own. */
    sealed interface Value {
        record Nil() implements Value {}
        record Flag(boolean on) implements Value {}
        record Whole(long number) implements Value {}
        record Real(double number) implements Value {}
        record Text(MemorySegment utf8) implements Value {
            @Override public String toString() { return text(utf8); }
        }
        record Bytes(MemorySegment content) implements Value {}
        record Items(List<Value> values) implements Value {}
        record Entries(Map<String, Value> values) implements Value {}
        record Extension(int type, MemorySegment content) implements Value {}
    }

    private static final Value NIL = new Value.Nil(), TRUE = new Value.Flag(true), FALSE = new Value.Flag(false);

    /** The one value that {@code bytes} are. Throws {@link FormatException} if they are not. */
    static Value read(MemorySegment bytes) {
        Msgpack reader = new Msgpack(bytes);
        Value value = reader.value(0);
        if (reader.at != bytes.byteSize()) throw new FormatException("it goes on after its end, at byte " + reader.at);
        return value;
    }

    private Value value(int depth) {
        if (depth > DEEPEST) throw new FormatException("it nests deeper than " + DEEPEST + " levels");
        int code = Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, advance(1)));
        if (code < 0x80) return new Value.Whole(code);
        if (code < 0x90) return entries(code & 0x0F, depth);
        if (code < 0xA0) return items(code & 0x0F, depth);
        if (code < 0xC0) return new Value.Text(next(code & 0x1F));
        if (code >= 0xE0) return new Value.Whole((byte) code);
        return switch (code) {
            case 0xC0 -> NIL;
            case 0xC2 -> FALSE;
            case 0xC3 -> TRUE;
            case 0xC4, 0xC5, 0xC6 -> new Value.Bytes(next(unsigned(1 << code - 0xC4)));
            case 0xC7, 0xC8, 0xC9 -> extension(unsigned(1 << code - 0xC7));
            case 0xCA -> new Value.Real(Float.intBitsToFloat(bytes.get(INT, advance(4))));
            case 0xCB -> new Value.Real(Double.longBitsToDouble(bytes.get(LONG, advance(8))));
            case 0xCC, 0xCD, 0xCE -> new Value.Whole(unsigned(1 << code - 0xCC));
            case 0xCF -> {
                long number = bytes.get(LONG, advance(8));
                if (number < 0) throw new FormatException("the number " + Long.toUnsignedString(number) + " is no i64");
                yield new Value.Whole(number);
            }
            case 0xD0 -> new Value.Whole(bytes.get(ValueLayout.JAVA_BYTE, advance(1)));
            case 0xD1 -> new Value.Whole(bytes.get(SHORT, advance(2)));
            case 0xD2 -> new Value.Whole(bytes.get(INT, advance(4)));
            case 0xD3 -> new Value.Whole(bytes.get(LONG, advance(8)));
            case 0xD4, 0xD5, 0xD6, 0xD7, 0xD8 -> extension(1 << code - 0xD4);
            case 0xD9, 0xDA, 0xDB -> new Value.Text(next(unsigned(1 << code - 0xD9)));
            case 0xDC, 0xDD -> items(unsigned(2 << code - 0xDC), depth);
            case 0xDE, 0xDF -> entries(unsigned(2 << code - 0xDE), depth);
            default -> throw new FormatException("no value begins with the byte " + code);
        };
    }

    private Value items(long count, int depth) {
        List<Value> values = new ArrayList<>();                      // as large as what is there
        for (long i = 0; i < count; i++) values.add(value(depth + 1));
        return new Value.Items(values);
    }

    private Value entries(long count, int depth) {
        Map<String, Value> values = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            String key = switch (value(depth + 1)) {
                case Value.Text text -> text.toString();
                case Value.Whole(long number) -> Long.toString(number);
                case Value other -> throw new FormatException("a key is a " + other.getClass().getSimpleName());
            };
            if (values.put(key, value(depth + 1)) != null)
                throw new FormatException("it has the key " + key + " twice");
        }
        return new Value.Entries(values);
    }

    private Value extension(long length) {
        int type = bytes.get(ValueLayout.JAVA_BYTE, advance(1));
        return new Value.Extension(type, next(length));
    }

    private long unsigned(int width) {
        return switch (width) {
            case 1 -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, advance(1)));
            case 2 -> Short.toUnsignedLong(bytes.get(SHORT, advance(2)));
            default -> Integer.toUnsignedLong(bytes.get(INT, advance(4)));
        };
    }

    private MemorySegment next(long length) { return bytes.asSlice(advance(length), length); }

    /** The place of the next {@code length} bytes, which are then behind us. */
    private long advance(long length) {
        if (length > bytes.byteSize() - at) throw new FormatException("it ends within a value of " + length + " bytes");
        long from = at;
        at += length;
        return from;
    }

    private static String text(MemorySegment utf8) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8.asByteBuffer()).toString();
        } catch (CharacterCodingException e) {
            throw new FormatException("a text is not UTF-8");
        }
    }

    // writing: always the shortest form, as Python's library does

    static void writeEntries(DataOutputStream out, int count) throws IOException { head(out, count, 0x80, 15, 0xDE); }

    static void writeItems(DataOutputStream out, int count) throws IOException { head(out, count, 0x90, 15, 0xDC); }

    private static void head(DataOutputStream out, int count, int small, int most, int wide) throws IOException {
        if (count <= most) out.writeByte(small | count);
        else if (count <= 0xFFFF) {
            out.writeByte(wide);
            out.writeShort(count);
        } else {
            out.writeByte(wide + 1);
            out.writeInt(count);
        }
    }

    static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length < 32) out.writeByte(0xA0 | utf8.length);
        else writeLength(out, 0xD9, utf8.length);
        out.write(utf8);
    }

    static void writeTrue(DataOutputStream out) throws IOException { out.writeByte(0xC3); }

    /** A number that is not negative. */
    static void writeWhole(DataOutputStream out, int number) throws IOException {
        if (number < 0x80) out.writeByte(number);
        else writeLength(out, 0xCC, number);
    }

    /** What bytes have before them. */
    static void writeBytesHead(DataOutputStream out, long length) throws IOException { writeLength(out, 0xC4, length); }

    /** What an extension has before it. */
    static void writeExtensionHead(DataOutputStream out, int type, long length) throws IOException {
        if (Long.bitCount(length) == 1 && length <= 16) out.writeByte(0xD4 + Long.numberOfTrailingZeros(length));
        else writeLength(out, 0xC7, length);
        out.writeByte(type);
    }

    private static void writeLength(DataOutputStream out, int code, long length) throws IOException {
        if (length <= 0xFF) {
            out.writeByte(code);
            out.writeByte((int) length);
        } else if (length <= 0xFFFF) {
            out.writeByte(code + 1);
            out.writeShort((int) length);
        } else {
            out.writeByte(code + 2);
            out.writeInt((int) length);
        }
    }

    /** Bytes written in memory. */
    interface Part {
        void writeTo(DataOutputStream out) throws IOException;
    }

    static byte[] bytes(Part part) throws IOException {
        var bytes = new ByteArrayOutputStream();
        part.writeTo(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }
}
