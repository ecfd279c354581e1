// Hot: run by drivers.
package javelin.compiler.library;

import javelin.compiler.run.Workers;
import javelin.core.lowering.Routine;
import javelin.core.ops.Lines;

/** What is done to every line of an array alone. As many parts as threads, each with a sorter of its own. */
abstract class LineByLine implements Routine {
    /** Elements that are worth handing to a thread. */
    private static final int WORTH_A_THREAD = 1 << 13;

    private final Lines lines;
    private final int grain, threads;

    LineByLine(Lines lines, int threads) {
        this.lines = lines;
        this.threads = threads;
        int worth = Math.ceilDiv(WORTH_A_THREAD, Math.max(1, lines.length()));
        grain = Math.max(1, Math.max(worth, Math.ceilDiv(lines.count(), threads)));
    }

    /** Does line {@code n}. */
    abstract void line(LineSort sorter, Object[] arrays, int[] offsets, int n);

    @Override public Object newScratch() { return new Work(); }

    @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
        var work = (Work) scratch;
        work.arrays = arrays;
        work.offsets = offsets;
        if (lines.length() > 0) Workers.run(work, 0, 0, lines.count(), grain, threads);
        work.arrays = null;
    }

    private final class Work implements Workers.Task {
        private final LineSort[] sorters = new LineSort[Math.max(1, Math.ceilDiv(lines.count(), grain))];
        private Object[] arrays;
        private int[] offsets;

        Work() { for (int i = 0; i < sorters.length; i++) sorters[i] = new LineSort(lines.length()); }

        @Override public void run(int step, int from, int to) {
            LineSort sorter = sorters[from / grain];
            for (int n = from; n < to; n++) line(sorter, arrays, offsets, n);
        }
    }
}
