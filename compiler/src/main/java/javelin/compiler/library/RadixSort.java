// Hot: plain loops, no allocation.
package javelin.compiler.library;

import java.util.Arrays;

/**
 * Sorts longs by their upper 32 bits, as signed numbers, keeping the order of equal ones: once into buckets by the
 * highest bits, then every bucket, which mostly fits into a cache, by the others, least significant digit first.
 */
final class RadixSort {
    private static final int TOP = 11, BUCKETS = 1 << TOP, DIGIT = 7, VALUES = 1 << DIGIT, DIGITS = (32 - TOP) / DIGIT;
    /** Buckets of so many numbers or fewer are sorted by insertion. */
    private static final int FEW = 24;

    private final int[] buckets = new int[BUCKETS], counts = new int[VALUES];
    private long[] numbers, spare;

    RadixSort(int length) {
        numbers = new long[length];
        spare = new long[length];
    }

    /** What is to be sorted, and what has been. */
    long[] numbers() { return numbers; }

    /** Begins another array. */
    void begin() { Arrays.fill(buckets, 0); }

    /** Takes notice of the numbers at from..to-1; of all of them before they are sorted. */
    void count(int from, int to) { for (int i = from; i < to; i++) buckets[bucket(numbers[i])]++; }

    private static int bucket(long number) { return (int) (number >>> 64 - TOP) ^ BUCKETS / 2; }

    void sort() {
        int n = numbers.length, sum = 0;
        for (int b = 0; b < BUCKETS; b++) {
            int count = buckets[b];
            buckets[b] = sum;
            sum += count;
        }
        for (int i = 0; i < n; i++) spare[buckets[bucket(numbers[i])]++] = numbers[i];
        for (int b = 0, from = 0; b < BUCKETS; b++) {                    // each now ends where the next one started
            int to = buckets[b];
            if (to - from <= FEW) insert(from, to);
            else byDigits(from, to);
            from = to;
        }
    }

    /** A range of spare, sorted, into numbers. */
    private void insert(int from, int to) {
        for (int i = from; i < to; i++) {
            long x = spare[i];
            int at = i;
            for (; at > from && numbers[at - 1] >> 32 > x >> 32; at--) numbers[at] = numbers[at - 1];
            numbers[at] = x;
        }
    }

    /** As {@link #insert}: to numbers and back, and to numbers. */
    private void byDigits(int from, int to) {
        long[] a = spare, b = numbers;
        for (int d = 0; d < DIGITS; d++) {
            distribute(a, b, from, to, 32 + d * DIGIT);
            long[] t = a;
            a = b;
            b = t;
        }
    }

    private void distribute(long[] a, long[] b, int from, int to, int shift) {
        int[] next = counts;
        Arrays.fill(next, 0);
        for (int i = from; i < to; i++) next[(int) (a[i] >>> shift) & VALUES - 1]++;
        for (int v = 0, sum = from; v < VALUES; v++) {
            int count = next[v];
            next[v] = sum;
            sum += count;
        }
        for (int i = from; i < to; i++) {
            long x = a[i];
            b[next[(int) (x >>> shift) & VALUES - 1]++] = x;
        }
    }
}
