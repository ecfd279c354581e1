// Hot: plain loops, no allocation.
package javelin.compiler.library;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javelin.compiler.emit.GemmKernels.Left;
import javelin.compiler.run.Workers;
import javelin.core.Lists;
import javelin.core.lowering.Routine;
import javelin.core.ops.Window;

/**
 * {@code [examples, space, channels] * [window, channels, outputs]} with small windows. Neighbouring outputs of a line
 * are the rows of a tile: they lie {@code stride channels} apart in the input, and each reads {@code taps channels}
 * consecutive numbers for every line of its window. So the tiles of matrix products read the images where they lie, or
 * where they have been copied to with zeros around them, and nothing is unrolled. Base dilation splits the outputs
 * into parts, each a convolution without it.
 *
 * <p>Bits: an output is the sum, in order of the window's lines, of one sum for every line (every element, if the
 * window is dilated; at most {@link #LONGEST_RUN} steps), each of one fused multiply-add a step.
 */
record ImageConvolution(ConvShape shape, int vectorBits, int threads) implements Routine {
    /** Steps of a panel that stay in the second-level cache; and as many bytes of images for one part of the work. */
    private static final int LONGEST_RUN = 1024, BAND_BYTES = 512 << 10;

    @Override public Object newScratch() { return new Work(this); }

    @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
        ((Work) scratch).run(arrays[0], offsets[0], arrays[1], offsets[1], arrays[2], offsets[2]);
    }

    /** One part of the outputs, see {@link Taps}: its panels, and the runs of consecutive steps of one output. */
    private static final class Part {
        final Taps d, h, w;
        final int steps;                                                 // of one output
        final int[] runOffset, runSteps;
        final int[] blocks;                                              // the runs at which they begin, and the end
        final long address;                                              // of the panels, from those of the group on

        Part(Taps d, Taps h, Taps w, int channels, int line, int plane, long address) {
            this.d = d;
            this.h = h;
            this.w = w;
            this.address = address;
            this.steps = d.taps() * h.taps() * w.taps() * channels;
            List<Integer> offsets = new ArrayList<>(), lengths = new ArrayList<>(), starts = new ArrayList<>();
            int together = w.dilation() == 1 ? w.taps() : 1;
            for (int i = 0; i < d.taps() * h.taps() && w.taps() > 0; i++) for (int t = 0; t < w.taps(); t += together) {
                int at = i / h.taps() * d.dilation() * plane + i % h.taps() * h.dilation() * line
                        + t * w.dilation() * channels;
                int length = together * channels, pieces = Math.ceilDiv(length, LONGEST_RUN);
                int piece = Math.ceilDiv(length, pieces);
                for (int s = 0; s < length; s += piece) {
                    offsets.add(at + s);
                    lengths.add(Math.min(piece, length - s));
                }
            }
            int inBlock = LONGEST_RUN;
            for (int r = 0; r < lengths.size(); r++) {
                if (inBlock + lengths.get(r) > LONGEST_RUN) {
                    starts.add(r);
                    inBlock = 0;
                }
                inBlock += lengths.get(r);
            }
            starts.add(lengths.size());
            this.runOffset = ints(offsets);
            this.runSteps = ints(lengths);
            this.blocks = ints(starts);
        }

        private static int[] ints(List<Integer> list) { return list.stream().mapToInt(i -> i).toArray(); }
    }

    /** A call under way. A task is one band of the lines of one example. */
    private static final class Work implements Workers.Task {
        private final ConvShape s;
        private final int threads, channels, outputs, allChannels, allOutputs, bands;
        private final int[] in, out, low = new int[3], size = new int[3];   // the box of the input that is read
        private final int line, plane;                                   // elements from one to the next, in that box
        private final boolean inPlace;
        private final ConvTile tile;
        private final List<Part> parts = new ArrayList<>();
        private final long groupBytes;
        private final Scratch panels;
        private final Spaces<Object> boxes;
        private final Object nothing;
        private Object x, k, y;
        private int xo, ko, yo;

        Work(ImageConvolution c) {
            s = c.shape;
            threads = c.threads;
            channels = s.channels();
            outputs = s.outputs();
            allChannels = channels * s.groups();
            allOutputs = outputs * s.groups();
            in = Part.ints(s.in());
            out = Part.ints(s.out());
            List<List<Taps>> taps = Lists.each(3, a -> Taps.of(s.windows().get(a), out[a]));
            boolean inside = s.groups() == 1;
            for (int a = 0; a < 3; a++) {
                List<Taps> some = taps.get(a).stream().filter(t -> t.taps() > 0).toList();
                low[a] = some.stream().mapToInt(Taps::start).min().orElse(0);
                size[a] = some.stream().mapToInt(Taps::last).max().orElse(low[a]) + 1 - low[a];
                inside &= low[a] >= 0 && low[a] + size[a] <= in[a];
            }
            inPlace = inside;
            if (inPlace) for (int a = 0; a < 3; a++) {
                low[a] = 0;
                size[a] = in[a];
            }
            line = size[2] * channels;
            plane = size[1] * line;
            int fewest = taps.get(2).stream().mapToInt(Taps::count).min().orElse(1);
            tile = ConvTile.of(s, fewest, c.vectorBits, Left.BY_ROWS);
            long address = 0;
            for (Taps d : taps.get(0)) for (Taps h : taps.get(1)) for (Taps w : taps.get(2)) {
                var part = new Part(d, h, w, channels, line, plane, address);
                parts.add(part);
                address += tile.panels(outputs) * part.steps * tile.stepBytes();
            }
            groupBytes = address;
            panels = Scratch.of(groupBytes * s.groups());
            nothing = Edge.nothing(s.dtype());
            long boxBytes = (long) size[0] * plane * s.dtype().bytes();
            long wanted = Math.max(boxBytes / BAND_BYTES, Math.ceilDiv(2L * threads, s.examples()));
            bands = Math.clamp(wanted, 1, taps.get(1).getFirst().count());
            int elements = inPlace ? 0 : size[0] * plane;
            boxes = new Spaces<>(threads, () -> s.dtype().allocate(elements));
        }

        void run(Object x, int xo, Object k, int ko, Object y, int yo) {
            this.x = x;
            this.k = k;
            this.y = y;
            this.xo = xo;
            this.ko = ko;
            this.yo = yo;
            for (int g = 0; g < s.groups(); g++) for (int p = 0; p < parts.size(); p++) pack(parts.get(p), g);
            Workers.run(this, 0, 0, s.examples() * bands, 1, threads);
            Reference.reachabilityFence(panels);
            this.x = this.k = this.y = null;
        }

        private void pack(Part part, int g) {
            long address = panels.address() + g * groupBytes + part.address;
            for (int j = 0; j < outputs; j += tile.columns()) {
                int count = Math.min(tile.columns(), outputs - j);
                for (int d = 0; d < part.d.taps(); d++)
                    for (int h = 0; h < part.h.taps(); h++)
                        for (int w = 0; w < part.w.taps(); w++)
                            address = pack(element(part, d, h, w), g * outputs + j, count, address);
            }
        }

        /** The number of one tap among all elements of the window. */
        private int element(Part part, int d, int h, int w) {
            int atD = part.d.tap() + d * part.d.tapStep(), atH = part.h.tap() + h * part.h.tapStep();
            int line = atD * s.windows().get(1).size() + atH;
            return line * s.windows().get(2).size() + part.w.tap() + w * part.w.tapStep();
        }

        /** One element of the window for every channel; where the next goes. */
        private long pack(int element, int output, int count, long address) {
            int from = ko + element * channels * allOutputs + output;
            for (int c = 0; c < channels; c++, from += allOutputs, address += tile.stepBytes())
                tile.fill(k, from, count, address);
            return address;
        }

        @Override public void run(int step, int from, int to) {
            Object box = boxes.take();
            try {
                for (int i = from; i < to; i++) band(i / bands, i % bands, box);
            } finally {
                boxes.give(box);
            }
        }

        private void band(int example, int band, Object box) {
            for (int g = 0; g < s.groups(); g++) {
                if (!inPlace) copy(example, g, band, box);
                int origin = inPlace ? xo + example * in[0] * plane : 0;
                for (int p = 0; p < parts.size(); p++) {
                    Part part = parts.get(p);
                    int from = from(part, band), to = from(part, band + 1);
                    if (part.steps == 0) zeros(part, example, g, from, to);
                    for (int j = 0; part.steps > 0 && j < outputs; j += tile.columns())
                        panel(part, example, g, j, from, to, inPlace ? x : box, origin);
                }
            }
        }

        private int from(Part part, int band) { return (int) ((long) part.h.count() * band / bands); }

        /**
         * The lines a band reads, with zeros where the box reaches beyond the input. Zeros beside a line are there
         * from the start.
         */
        private void copy(int example, int g, int band, Object box) {
            int first = size[1], last = -1;
            for (int p = 0; p < parts.size(); p++) {
                Part part = parts.get(p);
                int from = from(part, band), to = from(part, band + 1);
                if (from == to || part.h.taps() == 0) continue;
                first = Math.min(first, part.h.start() + from * part.h.stride() - low[1]);
                last = Math.max(last, part.h.start() + (to - 1) * part.h.stride()
                        + (part.h.taps() - 1) * part.h.dilation() - low[1]);
            }
            int left = Math.max(0, -low[2]), right = Math.min(size[2], in[2] - low[2]);
            for (int d = 0; d < size[0]; d++) for (int h = first; h <= last; h++) {
                int to = d * plane + h * line, inD = d + low[0], inH = h + low[1];
                if (inD < 0 || inD >= in[0] || inH < 0 || inH >= in[1]) {
                    clear(box, to, to + line);
                    continue;
                }
                int from = xo + (((example * in[0] + inD) * in[1] + inH) * in[2] + left + low[2]) * allChannels
                        + g * channels;
                to += left * channels;
                if (channels == allChannels) {
                    if (right > left) System.arraycopy(x, from, box, to, (right - left) * channels);
                } else {
                    for (int w = left; w < right; w++, from += allChannels, to += channels)
                        System.arraycopy(x, from, box, to, channels);
                }
            }
        }

        private static void clear(Object box, int from, int to) {
            if (box instanceof float[] f32) Arrays.fill(f32, from, to, 0);
            else Arrays.fill((double[]) box, from, to, 0);
        }

        private int output(Part part, int example, int qd, int qh) {
            int d = part.d.first() + qd * part.d.step(), h = part.h.first() + qh * part.h.step();
            return yo + (((example * out[0] + d) * out[1] + h) * out[2] + part.w.first()) * allOutputs;
        }

        private void zeros(Part part, int example, int g, int from, int to) {
            for (int qd = 0; qd < part.d.count(); qd++)
                for (int qh = from; qh < to; qh++)
                    for (int q = 0; q < part.w.count(); q++) {
                        int at = output(part, example, qd, qh) + q * part.w.step() * allOutputs + g * outputs;
                        clear(y, at, at + outputs);
                    }
        }

        /** One panel's columns of the lines {@code from} to {@code to} of a part. */
        private void panel(Part part, int example, int g, int j, int from, int to, Object image, int origin) {
            long panel = panels.address() + g * groupBytes + part.address + (long) j * part.steps * s.dtype().bytes();
            for (int block = 0; block + 1 < part.blocks.length; block++) {
                int first = part.blocks[block], end = part.blocks[block + 1], steps = 0;
                for (int qd = 0; qd < part.d.count(); qd++) for (int qh = from; qh < to; qh++) {
                    int at = origin + (part.d.start() + qd * part.d.stride() - low[0]) * plane
                            + (part.h.start() + qh * part.h.stride() - low[1]) * line
                                    + (part.w.start() - low[2]) * channels;
                    line(part, first, end, image, at, panel, output(part, example, qd, qh) + g * outputs + j,
                            Math.min(tile.columns(), outputs - j));
                }
                for (int r = first; r < end; r++) steps += part.runSteps[r];
                panel += steps * tile.stepBytes();
            }
        }

        /**
         * One line of outputs, {@code columns} of each; the last tile reaches back over outputs that have been done.
         */
        private void line(Part part, int first, int end, Object image, int at, long panel, int to, int columns) {
            int count = part.w.count(), stride = part.w.stride() * channels, row = part.w.step() * allOutputs;
            for (int q = 0; q < count; q += tile.rows()) {
                int top = Math.min(q, count - tile.rows()), c = to + top * row;
                if (columns == tile.columns() && (first == 0 || top == q)) {
                    runs(part, first, end, image, at + top * stride, stride, panel, y, c, row, first == 0);
                    continue;
                }
                Object edge = Edge.tile(s.dtype());
                int skip = (q - top) * tile.columns(), rows = tile.rows() - q + top;
                for (int r = 0; first > 0 && r < rows; r++)
                    System.arraycopy(y, to + (q + r) * row, edge, skip + r * tile.columns(), columns);
                runs(part, first, end, image, at + top * stride, stride, panel, edge, 0, tile.columns(), first == 0);
                Edge.store(edge, skip, tile.columns(), y, to + q * row, row, rows, columns, false);
            }
        }

        private void runs(Part part, int first, int end, Object image, int at, int stride, long panel, Object c, int co,
                int row, boolean fresh) {
            for (int r = first; r < end; r++) {
                boolean begins = fresh && r == first;
                tile.kernel().run(image, at + part.runOffset[r], stride, nothing, panel, 0,
                        begins ? nothing : c, begins ? 0 : co, begins ? 0 : row, c, co, row, part.runSteps[r]);
                panel += part.runSteps[r] * tile.stepBytes();
            }
        }
    }
}
