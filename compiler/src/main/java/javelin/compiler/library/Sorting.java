// Hot: run by drivers, once for every sort.
package javelin.compiler.library;

import javelin.core.ops.Order;
import javelin.core.ops.Sort;

/** Line by line, lines shared between threads: numbers alone by value, otherwise the order first and then all operands. */
final class Sorting extends LineByLine {
    private final Sort.Sorted sort;
    private final Order[] orders;

    Sorting(Sort.Sorted sort, int threads) {
        super(sort.lines(), threads);
        this.sort = sort;
        orders = sort.types().subList(0, sort.keys()).stream().map(Order::of).toArray(Order[]::new);
    }

    @Override void line(LineSort sorter, Object[] arrays, int[] offsets, int n) {
        int start = sort.lines().start(n), operands = sort.types().size(), stride = sort.lines().inner(), last = sort.keys() - 1;
        sorter.begin();
        for (int k = last; k >= 0; k--) {
            sorter.load(arrays[k], offsets[k] + start, stride);
            if (sorter.toSorting(orders[k]) && operands == 1) {
                sorter.sortKeys(orders[k].type().bytes());
                sorter.store(orders[k], arrays[1], offsets[1] + start, stride);
                return;
            }
            sorter.by(orders[k].type().bytes());
        }
        for (int k = 0; k < operands; k++)
            sorter.gather(arrays[k], offsets[k] + start, arrays[operands + k], offsets[operands + k] + start, stride, sort.lines().length());
    }
}
