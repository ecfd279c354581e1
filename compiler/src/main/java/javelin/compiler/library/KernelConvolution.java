// Hot: plain loops, no allocation.
package javelin.compiler.library;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import javelin.compiler.emit.GemmKernels.Left;
import javelin.compiler.run.Workers;
import javelin.core.Lists;
import javelin.core.lowering.Routine;

/**
 * {@code [examples, space, channels] * [examples, window, outputs]} summed over examples: few places of large windows,
 * as the gradient of a kernel is. Channels are the rows of a tile, which runs along a line of the window and the input
 * at once.
 *
 * <p>Bits: the examples are split in chunks, as many as the shape alone says; in a chunk the lines of the windows are
 * added in order, each the sum of one fused multiply-add a step; then the chunks in order.
 */
record KernelConvolution(ConvShape shape, int vectorBits, int threads) implements Routine {
    /** Steps of the window packed at a time: two lines of 64 columns and 64 channels stay in the first-level cache. */
    private static final int BLOCK = 256;
    private static final int MOST_CHUNKS = 8;
    private static final long WORTH_A_CHUNK = 1 << 21;

    @Override public Object newScratch() { return new Work(this); }

    @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
        ((Work) scratch).run(arrays[0], offsets[0], arrays[1], offsets[1], arrays[2], offsets[2]);
    }

    /** A call under way. A task is one chunk of the examples. */
    private static final class Work implements Workers.Task {
        private final ConvShape s;
        private final int threads, channels, outputs, allChannels, allOutputs, chunks, lines, segment, perResidue,
                tiles, panels, tileSize;
        private final int[] in, out, window;
        private final List<List<Taps>> taps;                             // of every axis, by residue
        private final ConvTile tile;
        private final Object[] sums;                                     // of every chunk: group, place, panel, tile
        private final Spaces<Scratch> packed;
        private final Object nothing;
        private Object x, k;
        private int xo, ko;

        Work(KernelConvolution c) {
            s = c.shape;
            threads = c.threads;
            channels = s.channels();
            outputs = s.outputs();
            allChannels = channels * s.groups();
            allOutputs = outputs * s.groups();
            in = s.in().stream().mapToInt(i -> i).toArray();
            out = s.out().stream().mapToInt(i -> i).toArray();
            window = s.windows().stream().mapToInt(w -> w.size()).toArray();
            taps = Lists.each(3, a -> Taps.of(s.windows().get(a), out[a]));
            tile = ConvTile.of(s, channels, c.vectorBits, Left.BY_COLUMNS);
            tiles = Math.ceilDiv(channels, tile.rows());
            panels = tile.panels(outputs);
            tileSize = tile.rows() * tile.columns();
            int residues = taps.get(2).getFirst().tapStep();
            perResidue = Math.ceilDiv(Math.min(window[2], BLOCK), residues);
            segment = perResidue * residues;
            lines = Math.max(1, BLOCK / segment);
            chunks = Math.clamp(s.stepsOfExample() * s.examples() / WORTH_A_CHUNK, 1,
                    Math.min(MOST_CHUNKS, s.examples()));
            int elements = s.groups() * ConvShape.product(s.out()) * panels * tiles * tileSize;
            sums = Lists.each(chunks, _ -> s.dtype().allocate(elements)).toArray();
            packed = new Spaces<>(threads, () -> Scratch.of(panels * lines * segment * tile.stepBytes()));
            nothing = Edge.nothing(s.dtype());
        }

        void run(Object x, int xo, Object k, int ko, Object y, int yo) {
            this.x = x;
            this.k = k;
            this.xo = xo;
            this.ko = ko;
            Workers.run(this, 0, 0, chunks, 1, threads);
            collect(y, yo);
            this.x = this.k = null;
        }

        @Override public void run(int step, int from, int to) {
            Scratch space = packed.take();
            try {
                for (int chunk = from; chunk < to; chunk++) {
                    Object sum = sums[chunk];
                    if (sum instanceof float[] f32) Arrays.fill(f32, 0);
                    else Arrays.fill((double[]) sum, 0);
                    int end = (int) ((long) s.examples() * (chunk + 1) / chunks);
                    for (int n = (int) ((long) s.examples() * chunk / chunks); n < end; n++)
                        for (int g = 0; g < s.groups(); g++) example(n, g, sum, space.address());
                }
                Reference.reachabilityFence(space);
            } finally {
                packed.give(space);
            }
        }

        private void example(int n, int g, Object sum, long address) {
            for (int d = 0; d < window[0]; d++)
                for (int h = 0; h < window[1]; h += lines)
                    for (int w = 0; w < window[2]; w += segment) {
                        int end = Math.min(h + lines, window[1]), width = Math.min(segment, window[2] - w);
                        pack(n, g, d, h, end, w, width, address);
                        places(n, g, d, h, end, w, width, sum, address);
                    }
        }

        /** What some packed lines of the window add to every place. */
        private void places(int n, int g, int d, int h0, int h1, int w, int width, Object sum, long address) {
            int place = g * ConvShape.product(s.out());
            for (int od = 0; od < out[0]; od++)
                for (int oh = 0; oh < out[1]; oh++)
                    for (int ow = 0; ow < out[2]; ow++, place++)
                        for (int h = h0; h < h1; h++)
                            line(n, g, input(0, od, d), input(1, oh, h), ow, w, width,
                                    address + (long) (h - h0) * segment * tile.stepBytes(), sum, place);
        }

        /** Lines of the window, panel by panel; elements that meet the same outputs are consecutive. */
        private void pack(int n, int g, int d, int h0, int h1, int w0, int width, long address) {
            int residues = segment / perResidue;
            for (int j = 0; j < outputs; j += tile.columns(), address += (long) lines * segment * tile.stepBytes()) {
                int count = Math.min(tile.columns(), outputs - j);
                for (int h = h0; h < h1; h++) {
                    int from = ko + ((n * window[0] + d) * window[1] + h) * window[2] * allOutputs + g * outputs + j;
                    long line = address + (long) (h - h0) * segment * tile.stepBytes();
                    for (int w = 0; w < width; w++) {
                        long step = (long) w % residues * perResidue + w / residues;
                        tile.fill(k, from + (w0 + w) * allOutputs, count, line + step * tile.stepBytes());
                    }
                }
            }
        }

        /** The input element that element {@code k} of output {@code o}'s window is over, or -1. */
        private int input(int axis, int o, int k) {
            Taps t = taps.get(axis).get(o % taps.get(axis).size());
            if (t.taps() == 0 || k % t.tapStep() != t.tap()) return -1;
            int at = t.start() + o / t.step() * t.stride() + k / t.tapStep() * t.dilation();
            return at < in[axis] ? at : -1;
        }

        /** What one line of the window adds to one place. */
        private void line(int n, int g, int inD, int inH, int ow, int w0, int width, long address, Object sum,
                int place) {
            Taps t = taps.get(2).get(ow % taps.get(2).size());
            if (inD < 0 || inH < 0 || t.taps() == 0 || t.tap() >= width) return;
            int count = Math.ceilDiv(width - t.tap(), t.tapStep());
            int first = t.start() + ow / t.step() * t.stride() + w0 / t.tapStep() * t.dilation();
            int from = first >= 0 ? 0 : Math.ceilDiv(-first, t.dilation());
            int end = first >= in[2] ? 0 : Math.min(count, (in[2] - 1 - first) / t.dilation() + 1);
            if (from >= end) return;
            int a = xo + (((n * in[0] + inD) * in[1] + inH) * in[2] + first + from * t.dilation()) * allChannels
                    + g * channels;
            long b = address + (long) (t.tap() * perResidue + from) * tile.stepBytes();
            for (int panel = 0; panel < panels; panel++, b += (long) lines * segment * tile.stepBytes()) {
                int to = (place * panels + panel) * tiles * tileSize;
                for (int i = 0; i < tiles; i++, to += tileSize)
                    tile.kernel().run(x, a + row(i), t.dilation() * allChannels, nothing, b, 0, sum, to, tile.columns(),
                            sum, to, tile.columns(), end - from);
            }
        }

        /** The first row of tile {@code i}: the last one reaches back. */
        private int row(int i) { return Math.min(i * tile.rows(), channels - tile.rows()); }

        private void collect(Object y, int yo) {
            int places = ConvShape.product(s.out());
            for (int g = 0; g < s.groups(); g++)
                for (int place = 0; place < places; place++)
                    for (int c = 0; c < channels; c++)
                        collect(g * places + place, c, y, yo + (place * channels + c) * allOutputs + g * outputs);
        }

        /** The outputs of one channel at one place. */
        private void collect(int place, int c, Object y, int to) {
            int i = c / tile.rows(), from = (place * panels * tiles + i) * tileSize + (c - row(i)) * tile.columns();
            for (int j = 0; j < outputs; j += tile.columns(), from += tiles * tileSize)
                for (int chunk = 0; chunk < chunks; chunk++)
                    Edge.store(sums[chunk], from, 0, y, to + j, 0, 1, Math.min(tile.columns(), outputs - j), chunk > 0);
        }
    }
}
