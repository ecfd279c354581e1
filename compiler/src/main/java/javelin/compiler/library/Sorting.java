// Hot: run by drivers, once for every sort.
package javelin.compiler.library;

import javelin.core.ops.Order;
import javelin.core.ops.Sort;

/** Line by line, lines shared between threads: one or two operands by value, more by finding the order first. */
final class Sorting extends LineByLine {
    private final Sort.Sorted sort;
    private final Order[] orders;

    Sorting(Sort.Sorted sort, int threads) {
        super(sort.lines(), threads);
        this.sort = sort;
        orders = sort.types().subList(0, sort.keys()).stream().map(Order::of).toArray(Order[]::new);
    }

    @Override void line(LineSort sorter, Object[] arrays, int[] offsets, int n) {
        int operands = sort.types().size(), last = sort.keys() - 1;
        int start = sort.lines().start(n), stride = sort.lines().inner(), length = sort.lines().length();
        if (operands == 1 && sorter.alone(orders[0], arrays, offsets, start, stride)) return;
        if (operands == 2 && last == 0 && sorter.takesPairs(sort.types().get(0).bytes(), sort.types().get(1).bytes())
                && sorter.pair(orders[0], arrays, offsets, start, stride)) return;
        sorter.begin();
        for (int k = last; k >= 0; k--) sorter.by(orders[k], arrays[k], offsets[k] + start, stride);
        for (int k = 0; k < operands; k++)
            Bits.gather(arrays[k], offsets[k] + start, sorter.order(), arrays[operands + k],
                    offsets[operands + k] + start, stride, length);
    }
}
