// Hot: plain loops, no allocation but two lines of floats for a task on halves.
package javelin.compiler.library;

import javelin.compiler.emit.PrefixKernels;
import javelin.compiler.run.Workers;
import javelin.core.lowering.Routine;
import javelin.core.ops.Lines;
import javelin.core.ops.Prefix;
import javelin.core.type.DType;
import javelin.core.type.Numbers;

/**
 * Prefix sums in linear time, in one grouping of additions whatever the machine: lines along the last axis are cut
 * into blocks of 1024 elements, each of eight pieces; element i of a piece is the sum of what is in front of the piece
 * and of the piece up to i. What is left over at the end, short lines, and lines along other axes are summed one by
 * one. Halves are summed in f32, and rounded at the end.
 */
record PrefixSums(Prefix prefix, PrefixKernels.Kernel kernel, int threads) implements Routine {
    private static final int CHAINS = PrefixKernels.CHAINS, PIECE = PrefixKernels.PIECE, BLOCK = CHAINS * PIECE;
    /** Elements that are worth handing to a thread. */
    private static final int WORTH_A_THREAD = 1 << 16;

    PrefixSums(Prefix prefix, int threads) {
        this(prefix, PrefixKernels.of(prefix.type().computation(), prefix.combine(), prefix.reverse()), threads);
    }

    @Override public Object newScratch() { return new Work(); }

    @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
        Lines lines = prefix.lines();
        if (lines.length() == 0 || lines.inner() == 0) return;
        var work = (Work) scratch;
        work.x = arrays[0];
        work.out = arrays[1];
        work.xo = offsets[0];
        work.oo = offsets[1];
        int each = Math.ceilDiv(WORTH_A_THREAD, lines.length() * lines.inner());
        Workers.run(work, 0, 0, lines.outer(), Math.max(1, each), threads);
        work.x = work.out = null;
    }

    /** One call under way; the parts of a task are ranges of the outer axes. */
    private final class Work implements Workers.Task {
        private Object x, out;
        private int xo, oo;

        @Override public void run(int step, int from, int to) {
            int line = prefix.lines().length() * prefix.lines().inner();
            if (prefix.type().isHalf()) halves(from, to, line);
            else for (int i = from; i < to; i++) lines(i * line);
        }

        private void lines(int start) {
            if (prefix.lines().inner() > 1) rows(start);
            else blocks(start);
        }

        /** By way of arrays of floats, one pair for a task. */
        private void halves(int from, int to, int line) {
            boolean bf16 = prefix.type() == DType.BF16;
            short[] halves = (short[]) x, rounded = (short[]) out;
            float[] wide = new float[line], sums = new float[line];
            var inF32 = new Work();
            inF32.x = wide;
            inF32.out = sums;
            for (int i = from; i < to; i++) {
                int xi = xo + i * line, oi = oo + i * line;
                for (int k = 0; k < line; k++) wide[k] = bf16 ? Float.intBitsToFloat(halves[xi + k] << 16)
                        : Float.float16ToFloat(halves[xi + k]);
                inF32.lines(0);
                for (int k = 0; k < line; k++) rounded[oi + k] = bf16
                        ? (short) (Float.floatToRawIntBits(Numbers.bfloat16(sums[k])) >>> 16)
                        : Float.floatToFloat16(sums[k]);
            }
        }

        private void rows(int start) {
            int n = prefix.lines().length(), inner = prefix.lines().inner(), back = prefix.reverse() ? inner : -inner;
            int at = prefix.reverse() ? start + (n - 1) * inner : start;
            System.arraycopy(x, xo + at, out, oo + at, inner);
            for (int i = 1; i < n; i++) {
                at -= back;
                kernel.rows(x, xo + at, out, oo + at + back, oo + at, inner);
            }
        }

        private void blocks(int start) {
            boolean reverse = prefix.reverse();
            int n = prefix.lines().length(), done = 0, sign = reverse ? -1 : 1;
            for (; done + BLOCK <= n; done += BLOCK) {
                int at = reverse ? start + n - 1 - done : start + done;
                kernel.pieces(x, xo + at, out, oo + at);
                for (int piece = at, p = 0; p < CHAINS; p++, piece += sign * PIECE) {
                    int lowest = reverse ? piece - PIECE + 1 : piece;
                    if (p > 0 || done > 0) kernel.spread(out, oo + piece - sign, oo + lowest, PIECE);
                }
            }
            tail(start, done, n);
        }

        /** Elements {@code done} to n - 1 of a line, one by one. */
        private void tail(int start, int done, int n) {
            if (done == n) return;
            boolean reverse = prefix.reverse();
            int sign = reverse ? -1 : 1, at = reverse ? start + n - 1 - done : start + done;
            if (done == 0) {
                System.arraycopy(x, xo + at, out, oo + at, 1);
                at += sign;
                done++;
            }
            kernel.line(x, xo + at, out, oo + at, n - done);
        }
    }
}
