// Hot: run by drivers, once for every top_k.
package javelin.compiler.library;

import javelin.core.ops.Lines;
import javelin.core.ops.Order;
import javelin.core.ops.TopK;

/**
 * A heap of the best so far, the worst of them on top, for few of many; else by sorting. Lines are shared between
 * threads.
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
        Bits.read(arrays[0], start, stride, length, keys, 0);
        sorter.begin();
        if (k <= length / FEW) {
            for (int i = 0; i < length; i++) keys[i] = order.total(keys[i]);
            select(keys, sorter.order(), k, length);
        } else {
            for (int i = 0; i < length; i++) keys[i] = ~order.total(keys[i]);    // the largest first
            sorter.byKeys(order.type().bytes());
        }
        int[] from = sorter.order(), positions = (int[]) arrays[2];
        Bits.gather(arrays[0], start, from, arrays[1], offsets[1] + to, stride, k);
        for (int i = 0; i < k; i++) positions[offsets[2] + to + i * stride] = from[i];
    }

    /** Puts the places of the k largest keys in front of {@code heap}, the largest first. */
    private static void select(long[] keys, int[] heap, int k, int n) {
        if (k == 0) return;
        for (int i = 0; i < k; i++) heap[i] = i;
        for (int i = k / 2 - 1; i >= 0; i--) sink(keys, heap, i, k);
        long least = keys[heap[0]];
        for (int i = k; i < n; i++) {
            if (keys[i] <= least) continue;
            heap[0] = i;
            sink(keys, heap, 0, k);
            least = keys[heap[0]];
        }
        for (int end = k - 1; end > 0; end--) {
            int worst = heap[0];
            heap[0] = heap[end];
            heap[end] = worst;
            sink(keys, heap, 0, end);
        }
    }

    private static void sink(long[] keys, int[] heap, int at, int n) {
        int x = heap[at];
        for (int child; (child = 2 * at + 1) < n; at = child) {
            if (child + 1 < n && isWorse(keys, heap[child + 1], heap[child])) child++;
            if (!isWorse(keys, heap[child], x)) break;
            heap[at] = heap[child];
        }
        heap[at] = x;
    }

    private static boolean isWorse(long[] keys, int a, int b) {
        return keys[a] < keys[b] || keys[a] == keys[b] && a > b;
    }
}
