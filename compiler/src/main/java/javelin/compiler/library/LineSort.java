// Hot: plain loops, no allocation once its memory is there.
package javelin.compiler.library;

import java.util.Arrays;
import javelin.core.ops.Order;

/**
 * Sorts one line at a time. What is sorted are longs: 32 bits of a key above, and below what goes along, the place of
 * the element or another element. Keys of 64 bits are two of 32.
 */
final class LineSort {
    /** Below it the JDK's sort, in vectors on many machines, is as fast as a radix sort, and allocates nothing. */
    private static final int RADIX = 4096;
    private static final int BLOCK = 1024;

    private final int n;
    private final RadixSort radix;
    private final long[] bits = new long[BLOCK], others = new long[BLOCK];
    private long[] keys = {};
    private int[] from = {}, next = {};
    private boolean moved;

    LineSort(int length) {
        n = length;
        radix = new RadixSort(length);
    }

    // by value

    /** Sorts elements alone; false, and nothing done, if there are different ones that are equal in order, as zeros. */
    boolean alone(Order order, Object[] arrays, int[] offsets, int start, int stride) {
        boolean wide = order.type().bytes() == 8, exact = true;
        if (wide) allKeys();
        else places();
        for (int b = 0; b < n; b += BLOCK) {
            int count = Math.min(BLOCK, n - b);
            exact &= sorting(order, arrays[0], offsets[0] + start + b * stride, stride, count);
            if (wide) System.arraycopy(bits, 0, keys, b, count);
            else for (int i = 0; i < count; i++) next[b + i] = (int) bits[i];
        }
        if (!exact) return false;
        if (wide) Arrays.sort(keys);
        else Arrays.sort(next);
        for (int b = 0; b < n; b += BLOCK) {
            int count = Math.min(BLOCK, n - b);
            for (int i = 0; i < count; i++) bits[i] = order.ofTotal(wide ? keys[b + i] : next[b + i]);
            Bits.write(bits, arrays[1], offsets[1] + start + b * stride, stride, count);
        }
        return true;
    }

    /** Whether {@link #pair} can sort elements of so many bytes. */
    boolean takesPairs(int keyBytes, int otherBytes) { return n >= RADIX && keyBytes <= 4 && otherBytes <= 4; }

    /** Sorts elements and takes others along; false, and nothing done, as {@link #alone}. */
    boolean pair(Order order, Object[] arrays, int[] offsets, int start, int stride) {
        long[] numbers = radix.numbers();
        boolean exact = true;
        radix.begin();
        for (int b = 0; b < n; b += BLOCK) {
            int count = Math.min(BLOCK, n - b), at = start + b * stride;
            exact &= sorting(order, arrays[0], offsets[0] + at, stride, count);
            Bits.read(arrays[1], offsets[1] + at, stride, count, others, 0);
            for (int i = 0; i < count; i++) numbers[b + i] = bits[i] << 32 | others[i] & 0xFFFFFFFFL;
            radix.count(b, b + count);
        }
        if (!exact) return false;
        radix.sort();
        numbers = radix.numbers();
        for (int b = 0; b < n; b += BLOCK) {
            int count = Math.min(BLOCK, n - b), at = start + b * stride;
            for (int i = 0; i < count; i++) {
                bits[i] = order.ofTotal(numbers[b + i] >> 32);
                others[i] = numbers[b + i];
            }
            Bits.write(bits, arrays[2], offsets[2] + at, stride, count);
            Bits.write(others, arrays[3], offsets[3] + at, stride, count);
        }
        return true;
    }

    /** Reads a block's places in the order of sorting; whether they tell the elements' bits. */
    private boolean sorting(Order order, Object x, int start, int stride, int count) {
        Bits.read(x, start, stride, count, bits, 0);
        boolean exact = true;
        for (int i = 0; i < count; i++) {
            long key = order.sorting(bits[i]);
            exact &= key == order.total(bits[i]);
            bits[i] = key;
        }
        return exact;
    }

    // by places, one key after the other from the last to the first, each keeping the order of what is equal

    /** Begins another line. */
    void begin() {
        places();
        moved = false;
    }

    /** Element i of the line as sorted so far was element {@code order()[i]} at first. */
    int[] order() { return from; }

    /** Room for a key of every element. */
    long[] keys() {
        allKeys();
        return keys;
    }

    /** Sorts by elements as they are ordered. */
    void by(Order order, Object x, int start, int stride) {
        allKeys();
        Bits.read(x, start, stride, n, keys, 0);
        for (int i = 0; i < n; i++) keys[i] = order.sorting(keys[i]);
        byKeys(order.type().bytes());
    }

    /** Sorts by {@link #keys}, of so many bytes. */
    void byKeys(int bytes) {
        if (bytes == 8) byWord(0, Integer.MIN_VALUE);
        byWord(bytes == 8 ? 32 : 0, 0);
    }

    /** By 32 bits of the keys, from bit {@code shift} on, as signed numbers once {@code flip} is applied. */
    private void byWord(int shift, int flip) {
        long[] numbers = radix.numbers();
        for (int i = 0; i < n; i++) numbers[i] = (long) ((int) (keys[moved ? from[i] : i] >> shift) ^ flip) << 32 | i;
        if (n < RADIX) {
            Arrays.sort(numbers);
        } else {
            radix.begin();
            radix.count(0, n);
            radix.sort();
            numbers = radix.numbers();
        }
        if (!moved) for (int i = 0; i < n; i++) next[i] = (int) numbers[i];
        else for (int i = 0; i < n; i++) next[i] = from[(int) numbers[i]];
        int[] t = from;
        from = next;
        next = t;
        moved = true;
    }

    private void allKeys() { if (keys.length < n) keys = new long[n]; }

    private void places() {
        if (from.length == n) return;
        from = new int[n];
        next = new int[n];
    }
}
