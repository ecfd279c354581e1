// Hot: run by drivers, once for every top_k.
package javelin.compiler.library;

import javelin.core.ops.Lines;
import javelin.core.ops.Order;
import javelin.core.ops.TopK;

/**
 * A heap of the best so far, the worst of them on top, for few of many: most elements are only compared with that one.
 * Else by sorting. Lines are shared between threads.
 */
final class LargestElements extends LineByLine {
    /** Of 1 element in so many, or fewer, a heap is quicker than sorting. */
    private static final int FEW = 16;

    private final TopK.Largest top;
    private final Order order;
    private final Lines kept;

    LargestElements(TopK.Largest top, int threads) {
        super(top.lines(), threads);
        this.top = top;
        order = Order.of(top.type());
        kept = top.lines().ofLength(top.k());
    }

    @Override void line(LineSort sorter, Object[] arrays, int[] offsets, int n) {
        int length = top.lines().length(), stride = top.lines().inner(), k = top.k();
        int start = offsets[0] + top.lines().start(n), to = kept.start(n);
        long[] keys = sorter.keys();
        sorter.begin();
        if (k <= length / FEW) {
            select(sorter, arrays[0], start, stride);
        } else {
            Bits.read(arrays[0], start, stride, length, keys, 0);
            for (int i = 0; i < length; i++) keys[i] = ~order.total(keys[i]);    // the largest first
            sorter.byKeys(order.type().bytes());
        }
        int[] from = sorter.order(), positions = (int[]) arrays[2];
        Bits.gather(arrays[0], start, from, arrays[1], offsets[1] + to, stride, k);
        for (int i = 0; i < k; i++) positions[offsets[2] + to + i * stride] = from[i];
    }

    /** Puts the places of the k largest elements in front of the sorter's order, the largest first. */
    private void select(LineSort sorter, Object x, int start, int stride) {
        int n = top.lines().length(), k = top.k();
        if (k == 0) return;
        long[] keys = sorter.keys();                                     // of the elements in the heap
        int[] heap = sorter.order();
        for (int i = 0; i < k; i++) {
            keys[i] = order.total(Order.bits(x, start + i * stride));
            heap[i] = i;
        }
        for (int h = k / 2 - 1; h >= 0; h--) sink(keys, heap, h, k);
        for (int i = k; (i = next(x, start, stride, i, n, keys[0])) < n; i++) {
            long key = order.total(Order.bits(x, start + i * stride));
            if (key <= keys[0]) continue;
            keys[0] = key;
            heap[0] = i;
            sink(keys, heap, 0, k);
        }
        for (int end = k - 1; end > 0; end--) {
            swap(keys, heap, 0, end);
            sink(keys, heap, 0, end);
        }
    }

    /** The first of elements i to n - 1 that may be above the place {@code least}; n if none is. */
    private int next(Object x, int start, int stride, int i, int n, long least) {
        switch (x) {
            case float[] a when stride == 1 -> {
                float bar = Float.intBitsToFloat((int) order.ofTotal(least));
                if (bar == 0 && 1 / bar < 0) bar = -Float.MIN_VALUE;     // 0 is above -0
                for (; i < n; i++) if (!(a[start + i] <= bar)) break;
            }
            case double[] a when stride == 1 -> {
                double bar = Double.longBitsToDouble(order.ofTotal(least));
                if (bar == 0 && 1 / bar < 0) bar = -Double.MIN_VALUE;
                for (; i < n; i++) if (!(a[start + i] <= bar)) break;
            }
            default -> {
                for (; i < n; i++) if (order.total(Order.bits(x, start + i * stride)) > least) break;
            }
        }
        return i;
    }

    private static void swap(long[] keys, int[] heap, int a, int b) {
        long key = keys[a];
        int place = heap[a];
        keys[a] = keys[b];
        heap[a] = heap[b];
        keys[b] = key;
        heap[b] = place;
    }

    /**
     * Moves the element at {@code at} down until none below it is worse: less, or equal and further back. Which of two
     * is less no processor can foretell, that they are equal is rare: so the first is no branch.
     */
    private static void sink(long[] keys, int[] heap, int at, int n) {
        long key = keys[at];
        int place = heap[at];
        for (int child; (child = 2 * at + 1) < n; at = child) {
            if (child + 1 < n) {
                long left = keys[child], right = keys[child + 1];
                if (left == right) child += heap[child + 1] > heap[child] ? 1 : 0;
                else child += right < left ? 1 : 0;
            }
            if (!isWorse(keys[child], heap[child], key, place)) break;
            keys[at] = keys[child];
            heap[at] = heap[child];
        }
        keys[at] = key;
        heap[at] = place;
    }

    private static boolean isWorse(long key, int place, long than, int thanPlace) {
        return key < than || key == than && place > thanPlace;
    }
}
