// Hot: plain loops, no allocation.
package javelin.compiler.library;

import java.util.Arrays;
import javelin.core.ops.Order;

/**
 * Sorts one line at a time, by one key after the other from the last to the first, each time keeping the order of what
 * is equal. What is sorted are longs: 32 bits of a key above, the element's place so far below.
 */
final class LineSort {
    /** Below it the JDK's sort, in vectors on many machines, is as fast as a radix sort, and allocates nothing. */
    private static final int RADIX = 4096;
    private static final int DIGIT = 11, BUCKETS = 1 << DIGIT, DIGITS = 3;

    private final int n;
    private final long[] keys;
    private final int[] counts;
    private long[] packed, spare;
    private int[] from, next;
    private boolean inPlace;                                             // nothing has moved: from is not filled

    LineSort(int length) {
        n = length;
        keys = new long[n];
        packed = new long[n];
        spare = new long[n < RADIX ? 0 : n];
        counts = new int[n < RADIX ? 0 : DIGITS * BUCKETS];
        from = new int[n];
        next = new int[n];
    }

    /** Element i of the line as sorted so far was element {@code order()[i]} at first. */
    int[] order() { return from; }

    /** The places of the line's elements, as {@link #load} left them. */
    long[] keys() { return keys; }

    /** Begins another line. */
    void begin() { inPlace = true; }

    /** Reads the bits of the line's elements, {@code stride} apart. */
    void load(Object array, int start, int stride) {
        switch (array) {
            case float[] a -> { for (int i = 0; i < n; i++) keys[i] = Float.floatToRawIntBits(a[start + i * stride]); }
            case double[] a -> { for (int i = 0; i < n; i++) keys[i] = Double.doubleToRawLongBits(a[start + i * stride]); }
            case long[] a -> { for (int i = 0; i < n; i++) keys[i] = a[start + i * stride]; }
            case int[] a -> { for (int i = 0; i < n; i++) keys[i] = a[start + i * stride]; }
            default -> { for (int i = 0; i < n; i++) keys[i] = Order.bits(array, start + i * stride); }
        }
    }

    /** From bits to places in the order of sorting; whether these tell the elements' bits. */
    boolean toSorting(Order order) {
        boolean exact = true;
        for (int i = 0; i < n; i++) {
            long bits = keys[i], key = order.sorting(bits);
            exact &= key == order.total(bits);
            keys[i] = key;
        }
        return exact;
    }

    /** Sorts by keys of so many bytes each. */
    void by(int bytes) {
        if (bytes == 8) {
            pack(0, Integer.MIN_VALUE);
            pack(32, 0);
        } else {
            pack(0, 0);
        }
    }

    /** Sorts by 32 bits of the keys, from bit {@code shift} on, as signed numbers once {@code flip} is applied. */
    private void pack(int shift, int flip) {
        if (inPlace) for (int i = 0; i < n; i++) packed[i] = (long) ((int) (keys[i] >> shift) ^ flip) << 32 | i;
        else for (int i = 0; i < n; i++) packed[i] = (long) ((int) (keys[from[i]] >> shift) ^ flip) << 32 | i;
        if (n < RADIX) Arrays.sort(packed);
        else radix();
        if (inPlace) {
            for (int i = 0; i < n; i++) from[i] = (int) packed[i];
            inPlace = false;
            return;
        }
        for (int i = 0; i < n; i++) next[i] = from[(int) packed[i]];
        int[] t = from;
        from = next;
        next = t;
    }

    /** Least significant digit first; digits that are all the same are passed over. */
    private void radix() {
        Arrays.fill(counts, 0);
        for (int i = 0; i < n; i++) {
            int key = (int) (packed[i] >>> 32) ^ Integer.MIN_VALUE;
            for (int d = 0; d < DIGITS; d++) counts[d * BUCKETS + (key >>> d * DIGIT & BUCKETS - 1)]++;
        }
        for (int d = 0; d < DIGITS; d++) {
            boolean same = false;
            for (int b = d * BUCKETS, sum = 0; b < (d + 1) * BUCKETS; b++) {
                int count = counts[b];
                same |= count == n;
                counts[b] = sum;
                sum += count;
            }
            if (same) continue;
            distribute(packed, spare, d * BUCKETS, 32 + d * DIGIT, d == DIGITS - 1 ? 1 << 31 - d * DIGIT : 0);
            long[] t = packed;
            packed = spare;
            spare = t;
        }
    }

    private void distribute(long[] a, long[] b, int buckets, int shift, int flip) {
        for (int i = 0; i < n; i++) {
            long x = a[i];
            b[counts[buckets + (((int) (x >>> shift) ^ flip) & BUCKETS - 1)]++] = x;
        }
    }

    /** Sorts the places themselves, of elements of so many bytes. */
    void sortKeys(int bytes) {
        if (bytes == 8) {
            Arrays.sort(keys);
            return;
        }
        for (int i = 0; i < n; i++) next[i] = (int) keys[i];
        Arrays.sort(next);
        for (int i = 0; i < n; i++) keys[i] = next[i];
    }

    /** Writes the elements of the places in {@link #keys}. */
    void store(Order order, Object array, int start, int stride) {
        switch (array) {
            case float[] a -> { for (int i = 0; i < n; i++) a[start + i * stride] = Float.intBitsToFloat((int) order.ofTotal(keys[i])); }
            case double[] a -> { for (int i = 0; i < n; i++) a[start + i * stride] = Double.longBitsToDouble(order.ofTotal(keys[i])); }
            case long[] a -> { for (int i = 0; i < n; i++) a[start + i * stride] = order.ofTotal(keys[i]); }
            case int[] a -> { for (int i = 0; i < n; i++) a[start + i * stride] = (int) order.ofTotal(keys[i]); }
            case short[] a -> { for (int i = 0; i < n; i++) a[start + i * stride] = (short) order.ofTotal(keys[i]); }
            case byte[] a -> { for (int i = 0; i < n; i++) a[start + i * stride] = (byte) order.ofTotal(keys[i]); }
            default -> throw new IllegalStateException("no element type is stored in a " + array.getClass());
        }
    }

    /** {@code out[i] = x[order[i]]} for the first {@code count}, along lines {@code stride} apart. */
    void gather(Object x, int xo, Object out, int oo, int stride, int count) {
        switch (x) {
            case float[] a -> { var b = (float[]) out; for (int i = 0; i < count; i++) b[oo + i * stride] = a[xo + from[i] * stride]; }
            case double[] a -> { var b = (double[]) out; for (int i = 0; i < count; i++) b[oo + i * stride] = a[xo + from[i] * stride]; }
            case long[] a -> { var b = (long[]) out; for (int i = 0; i < count; i++) b[oo + i * stride] = a[xo + from[i] * stride]; }
            case int[] a -> { var b = (int[]) out; for (int i = 0; i < count; i++) b[oo + i * stride] = a[xo + from[i] * stride]; }
            default -> { for (int i = 0; i < count; i++) System.arraycopy(x, xo + from[i] * stride, out, oo + i * stride, 1); }
        }
    }
}
