// Hot: plain loops, no allocation.
package javelin.compiler.library;

import java.util.Arrays;

/**
 * Sorts longs by their upper 32 bits, as signed numbers, keeping the order of equal ones: least significant digit
 * first, passing over digits that are all the same.
 */
final class RadixSort {
    private static final int DIGIT = 11, BUCKETS = 1 << DIGIT, DIGITS = 3;

    private final int[] counts = new int[DIGITS * BUCKETS];
    private long[] numbers, spare;

    RadixSort(int length) {
        numbers = new long[length];
        spare = new long[length];
    }

    /** What {@link #count} is told of, to be sorted, and what has been. */
    long[] numbers() { return numbers; }

    /** Begins another array. */
    void begin() { Arrays.fill(counts, 0); }

    /** Takes notice of the numbers at from..to-1; of all of them before they are sorted. */
    void count(int from, int to) {
        for (int i = from; i < to; i++) {
            int key = (int) (numbers[i] >>> 32) ^ Integer.MIN_VALUE;
            counts[key & BUCKETS - 1]++;
            counts[BUCKETS + (key >>> DIGIT & BUCKETS - 1)]++;
            counts[2 * BUCKETS + (key >>> 2 * DIGIT)]++;
        }
    }

    void sort() {
        for (int d = 0; d < DIGITS; d++) {
            if (!toStarts(d * BUCKETS)) continue;
            distribute(numbers, spare, d * BUCKETS, 32 + d * DIGIT, d == DIGITS - 1 ? 1 << 31 - d * DIGIT : 0);
            long[] t = numbers;
            numbers = spare;
            spare = t;
        }
    }

    /** Turns counts into where each bucket starts; whether there is more than one bucket. */
    private boolean toStarts(int from) {
        int sum = 0, used = 0;
        for (int b = from; b < from + BUCKETS; b++) {
            int count = counts[b];
            if (count > 0) used++;
            counts[b] = sum;
            sum += count;
        }
        return used > 1;
    }

    private void distribute(long[] a, long[] b, int buckets, int shift, int flip) {
        for (int i = 0; i < a.length; i++) {
            long x = a[i];
            b[counts[buckets + (((int) (x >>> shift) ^ flip) & BUCKETS - 1)]++] = x;
        }
    }
}
