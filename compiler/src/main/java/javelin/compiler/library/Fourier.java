// Hot: run by drivers, once for every Fourier transform.
package javelin.compiler.library;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import javelin.compiler.emit.LoadedKernel;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.run.Workers;
import javelin.compiler.schedule.Machine;
import javelin.core.lowering.Routine;
import javelin.core.ops.Fft;
import javelin.core.ops.Lines;
import javelin.core.type.DType;

/**
 * Fourier transforms of lines, in steps of small factors of their length. What is done side by side, in vectors: if the
 * length has factors for it, the columns of a line written as a matrix, then its rows (the four steps of Bailey, FFTs
 * in external or hierarchical memory, 1990); otherwise some lines. Lengths with a large prime factor become
 * convolutions (Bluestein, A linear filtering approach to the computation of discrete Fourier transform, 1970). What is
 * computed for a line does not depend on its neighbours, on vectors or on threads.
 */
final class Fourier implements Routine {
    /** Factors for which there are steps, tried in this order. */
    private static final int[] RADICES = {4, 2, 3, 5, 7, 11, 13};
    /** Lines side by side fill the longest vectors, if the room for them stays in a core's own cache. */
    private static final int MOST_LINES = 16, CACHE_BYTES = 1 << 20;
    /** What the sizes of a line as a matrix are multiples of: no vector has more lanes. */
    private static final int LANES = 16;
    /** Elements of a line that are copied before those of the next; elements worth handing to a thread. */
    private static final int BLOCK = 64, WORTH_A_THREAD = 1 << 13;
    /** Elements below which it takes no time to speak of, whatever HotSpot makes of it. */
    private static final int WORTH_WARMING = 4096;

    /**
     * @param turned whether it reads real parts as imaginary and the other way round
     * @param clear  from which number on what it has written to is cleared, for Bluestein's zeros; -1 for nothing
     */
    private record Step(LoadedKernel kernel, int[] numbers, Object table, boolean turned, int clear) {}

    private final Fft.OfLines what;
    private final Machine machine;
    private final int n, lines, group, rows;
    private final List<Step> steps = new ArrayList<>();
    private final LoadedKernel in, inRest, out, outRest;

    Fourier(Fft.OfLines what, Machine machine) {
        this.what = what;
        this.machine = machine;
        n = what.lines().length();
        lines = what.lines().outer();
        boolean smooth = isSmooth(n);
        rows = smooth ? n : smoothFrom(2 * n - 1);
        int fitting = CACHE_BYTES / (4 * what.type().bytes() * Math.max(1, rows));
        int columns = smooth ? matrix(n) : 0;
        group = columns > 0 ? 1 : Math.max(1, Math.min(Math.min(lines, MOST_LINES), fitting));
        if (columns > 0) fourSteps(n / columns, columns);
        else if (smooth) factors(n, group, false, false);
        else bluestein();
        in = copy(BLOCK, true);
        inRest = copy(Math.max(1, n % BLOCK), true);
        out = copy(BLOCK, false);
        outRest = copy(Math.max(1, n % BLOCK), false);
    }

    // made once

    private static boolean isSmooth(int n) {
        for (int r : RADICES) while (n > 1 && n % r == 0) n /= r;
        return n <= 1;
    }

    /** The first length from {@code n} on that has factors 2, 3 and 5 only. */
    private static int smoothFrom(int n) {
        for (int m = n; ; m++) {
            int rest = m;
            for (int p : new int[] {2, 3, 5}) while (rest % p == 0) rest /= p;
            if (rest == 1) return m;
        }
    }

    /** The columns of {@code n} elements as a matrix about as wide as high; 0 if there is none of whole vectors. */
    private static int matrix(int n) {
        for (int rows = (int) Math.sqrt(n) / LANES * LANES; rows > 0; rows -= LANES)
            if (n % rows == 0 && n / rows % LANES == 0) return n / rows;
        return 0;
    }

    private void fourSteps(int high, int wide) {
        factors(high, wide, false, true);
        var kernel = loaded(FourierKernels.transpose(what.type(), high, wide));
        steps.add(new Step(kernel, kernel.numbers(0, high / FourierKernels.ROWS), new Object(), false, -1));
        factors(wide, high, false, false);
    }

    /** @param scaled whether column j of row i is multiplied by root i j at the end */
    private void factors(int length, int side, boolean turned, boolean scaled) {
        for (int turns = length, lanes = side; turns > 1; ) {
            int radix = radix(turns), perTurn = radix - 1;
            turns /= radix;
            boolean last = turns == 1 && scaled;
            var kernel = loaded(FourierKernels.step(what.type(), radix, turns, lanes, last));
            int part = radix * turns;
            Object table = last ? planes(i -> Fft.cos((long) (i / side) * (i % side), n),
                            i -> Fft.sin((long) (i / side) * (i % side), n))
                    : table(turns == 1 ? 0 : turns * perTurn, i -> Fft.cos(power(i, perTurn), part),
                            i -> Fft.sin(power(i, perTurn), part));
            steps.add(new Step(kernel, kernel.numbers(0, turns), table, turned && part == length, -1));
            lanes *= radix;
        }
    }

    /** Which power of the root factor {@code i} is, there being as many for every turn. */
    private static long power(int i, int perTurn) { return (long) (i / perTurn) * (i % perTurn + 1); }

    /** Of an odd power of two first an eight, and then fours. */
    private static int radix(int n) {
        if (n % 8 == 0 && Integer.numberOfTrailingZeros(n) % 2 == 1) return 8;
        for (int r : RADICES) if (n % r == 0) return r;
        throw new IllegalStateException(n + " is not smooth");
    }

    private Object table(int count, IntToDoubleFunction cos, IntToDoubleFunction sin) {
        return numbers(2 * count, i -> (i % 2 == 0 ? cos : sin).applyAsDouble(i / 2));
    }

    private Object planes(IntToDoubleFunction cos, IntToDoubleFunction sin) {
        return numbers(2 * n, i -> (i < n ? cos : sin).applyAsDouble(i % n));
    }

    private Object numbers(int count, IntToDoubleFunction f) {
        Object numbers = what.type().allocate(count);
        for (int i = 0; i < count; i++) what.type().write(numbers, i, what.type().normalize(f.applyAsDouble(i)));
        return numbers;
    }

    /** {@code 2 j k = j^2 + k^2 - (k - j)^2}: a convolution with {@code exp(pi i k^2 / n)} between two products. */
    private void bluestein() {
        IntToDoubleFunction cos = k -> Fft.cos((long) k * k, 2 * n), sin = k -> Fft.sin((long) k * k, 2 * n);
        double[][] chirp = new double[4][rows];
        for (int k = 0; k < n; k++) {
            for (int at : new int[] {k, (rows - k) % rows}) {
                chirp[0][at] = cos.applyAsDouble(k) / rows;
                chirp[1][at] = sin.applyAsDouble(k) / rows;
            }
        }
        new Fft.OfLines(DType.F64, new Lines(1, rows, 1), false).run(chirp, new int[4], this);
        Object own = table(n, cos, sin);
        product(n, own, false, n * group);
        factors(rows, group, false, false);
        product(rows, table(rows, k -> chirp[2][k], k -> -chirp[3][k]), false, -1);
        factors(rows, group, true, false);
        product(n, own, true, -1);
    }

    private void product(int count, Object table, boolean turned, int clear) {
        var kernel = loaded(FourierKernels.product(what.type(), count, group));
        steps.add(new Step(kernel, kernel.numbers(0, count), table, turned, clear));
    }

    private LoadedKernel copy(int count, boolean in) {
        return loaded(in ? FourierKernels.copy(what.type(), count, n, 1, 1, group)
                : FourierKernels.copy(what.type(), count, 1, group, n, 1));
    }

    private LoadedKernel loaded(Kernel kernel) {
        long elements = (long) n * lines;
        int bits = elements >= machine.worthVector() ? machine.vectorBits() : 0;
        return LoadedKernel.of(kernel, bits, elements >= WORTH_WARMING);
    }

    // run

    @Override public Object newScratch() { return new Work(); }

    @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
        if (n == 0 || lines == 0) return;
        var work = (Work) scratch;
        work.arrays = arrays;
        work.offsets = offsets;
        int grain = Math.max(1, WORTH_A_THREAD / (n * group));
        Workers.run(work, 0, 0, Math.ceilDiv(lines, group), grain, machine.threads());
        work.arrays = null;
    }

    /** Room for one group: real and imaginary parts, before and after a step. */
    private final class Room {
        final Object[][] planes = new Object[2][2];
        final Object[] operands = new Object[5], pair = new Object[2];
        final int[] inNumbers = in.numbers(0, 0, 0, 0), inRestNumbers = inRest.numbers(0, 0, 0, 0);
        final int[] outNumbers = out.numbers(0, 0, 0, 0), outRestNumbers = outRest.numbers(0, 0, 0, 0);

        Room() { for (Object[] p : planes) Arrays.setAll(p, _ -> what.type().allocate(rows * group)); }

        /** Copies {@code count} lines, blocks of elements one after the other, so that what is touched stays near. */
        void copy(boolean into, Object from, int fromAt, Object to, int toAt, int count) {
            if (group == 1) {
                System.arraycopy(from, fromAt, to, toAt, n);
                return;
            }
            pair[0] = from;
            pair[1] = to;
            int perFrom = into ? 1 : group, perTo = into ? group : 1;
            for (int i = 0; i < n; i += BLOCK) {
                boolean rest = i + BLOCK > n;
                int[] numbers = into ? rest ? inRestNumbers : inNumbers : rest ? outRestNumbers : outNumbers;
                numbers[0] = fromAt + i * perFrom;
                numbers[1] = toAt + i * perTo;
                numbers[numbers.length - 1] = count;
                (into ? rest ? inRest : in : rest ? outRest : out).run(pair, numbers);
            }
            pair[0] = pair[1] = null;
        }
    }

    private final class Work implements Workers.Task {
        private final Spaces<Room> rooms =
                new Spaces<>(Math.clamp(Math.ceilDiv(lines, group), 1, machine.threads()), Room::new);
        private Object[] arrays;
        private int[] offsets;

        @Override public void run(int step, int from, int to) {
            Room room = rooms.take();
            try {
                for (int g = from; g < to; g++) lines(room, g * group, Math.min(group, lines - g * group));
            } finally {
                rooms.give(room);
            }
        }

        private void lines(Room room, int first, int count) {
            int exchange = what.inverse() ? 1 : 0, now = 0;
            for (int part = 0; part < 2; part++)
                room.copy(true, arrays[part], offsets[part] + first * n, room.planes[0][part ^ exchange], 0, count);
            for (int s = 0; s < steps.size(); s++, now = 1 - now)
                step(room, steps.get(s), room.planes[now], room.planes[1 - now]);
            for (int part = 0; part < 2; part++)
                room.copy(false, room.planes[now][part ^ exchange], 0, arrays[2 + part], offsets[2 + part] + first * n,
                        count);
        }

        private void step(Room room, Step s, Object[] from, Object[] to) {
            Object[] operands = room.operands;
            operands[0] = from[s.turned ? 1 : 0];
            operands[1] = from[s.turned ? 0 : 1];
            operands[2] = to[0];
            operands[3] = to[1];
            operands[4] = s.table;
            s.kernel.run(operands, s.numbers);
            if (s.clear >= 0) for (Object plane : to) {
                if (plane instanceof float[] f32) Arrays.fill(f32, s.clear, f32.length, 0);
                else Arrays.fill((double[]) plane, s.clear, ((double[]) plane).length, 0);
            }
        }
    }
}
