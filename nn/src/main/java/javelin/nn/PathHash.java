package javelin.nn;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a module's path and its count of draws add to a random stream: the first 32 bits of the SHA-1 of the names in
 * UTF-8 and of the count in as few big-endian bytes as hold it, as flax.core.scope does. SHA-1 is written out (FIPS
 * 180-4, 6.1) because looking up the JDK's costs 25 ms of a cold start.
 */
final class PathHash {
    private PathHash() {}

    /** @param separated whether a zero byte comes before every part */
    static int of(List<String> path, int count, boolean separated) {
        var message = new ByteArrayOutputStream();
        for (String name : path) {
            if (separated) message.write(0);
            message.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        }
        if (separated) message.write(0);
        byte[] digits = BigInteger.valueOf(count).toByteArray();
        int sign = digits[0] == 0 ? 1 : 0;                               // a leading zero byte only says "positive"
        message.write(digits, sign, digits.length - sign);
        return sha1(message.toByteArray());
    }

    /** The first word of the SHA-1 of {@code message}. */
    static int sha1(byte[] message) {
        ByteBuffer padded = ByteBuffer.allocate((message.length + 9 + 63) / 64 * 64);
        padded.put(message).put((byte) 0x80).putLong(padded.capacity() - 8, 8L * message.length).rewind();
        int[] h = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
        int[] w = new int[80];
        while (padded.hasRemaining()) {
            for (int t = 0; t < 80; t++)
                w[t] = t < 16 ? padded.getInt() : Integer.rotateLeft(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
            int a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
            for (int t = 0; t < 80; t++) {
                int f = switch (t / 20) {
                    case 0 -> (b & c | ~b & d) + 0x5A827999;
                    case 1 -> (b ^ c ^ d) + 0x6ED9EBA1;
                    case 2 -> (b & c | b & d | c & d) + 0x8F1BBCDC;
                    default -> (b ^ c ^ d) + 0xCA62C1D6;
                };
                int next = Integer.rotateLeft(a, 5) + f + e + w[t];
                e = d;
                d = c;
                c = Integer.rotateLeft(b, 30);
                b = a;
                a = next;
            }
            h = new int[] {h[0] + a, h[1] + b, h[2] + c, h[3] + d, h[4] + e};
        }
        return h[0];
    }
}
