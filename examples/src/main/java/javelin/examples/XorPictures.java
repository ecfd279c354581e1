package javelin.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.nio.file.Path;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.examples.Picture.Side;
import javelin.nn.Variables;

/**
 * What the lesson has to show. Painted with plain Java 2D: the first chart of XChart takes more than half a second in a
 * fresh JVM, as long as everything else in this program.
 */
final class XorPictures {
    private static final int MARGIN = 80, SIDE = 480, CELLS = 49;
    private static final double LOW = -0.5, HIGH = 1.5, TINY = 1e-12;
    private static final Color ZERO = new Color(0x2B, 0x6C, 0xC4), ONE = new Color(0xE0, 0x7B, 0x22);
    private static final Color MIDDLE = new Color(0xF7, 0xF7, 0xF7);

    /** From the color of 0 to that of 1. */
    private static final int[] SHADES = new int[256];

    static {
        for (int i = 0; i < SHADES.length; i++) {
            double t = i / 127.5;
            SHADES[i] = (t < 1 ? Picture.blend(ZERO, MIDDLE, t) : Picture.blend(MIDDLE, ONE, t - 1)).getRGB();
        }
    }

    /** Where on the grid each pixel of a side lies: the point before it, and how far it is from there to the next. */
    private static final int[] POINT = new int[SIDE];
    private static final double[] PART = new double[SIDE];

    static {
        for (int pixel = 0; pixel < SIDE; pixel++) {
            double at = (pixel + 0.5) / SIDE * (CELLS - 1);
            POINT[pixel] = Math.clamp((int) at, 0, CELLS - 2);
            PART[pixel] = at - POINT[pixel];
        }
    }

    private XorPictures() {}

    /** Both pictures at once, on two threads: {@code predict} has to be compiled for the second. */
    static void draw(double[] losses, Variables params, BiFunction<Variables, Tensor, Tensor> predict, Path folder) {
        Thread curve = Thread.ofPlatform().start(() -> lossCurve(losses, folder.resolve("xor-loss.png")));
        surface(answers(x -> predict.apply(params, x)), folder.resolve("xor-surface.png"));
        try {
            curve.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The loss of every epoch, on a logarithmic scale. */
    private static void lossCurve(double[] losses, Path file) {
        int width = 640, height = 320, last = losses.length - 1;
        Picture p = new Picture(width + MARGIN + 30, height + 2 * MARGIN - 40);
        int left = MARGIN, top = 50;
        double low = Double.MAX_VALUE, high = 0;
        for (double l : losses) {
            low = Math.min(low, l);
            high = Math.max(high, l);
        }
        int from = (int) Math.floor(Math.log10(Math.max(low, TINY)));
        int to = Math.max(from + 1, (int) Math.ceil(Math.log10(high)));
        p.text("XOR: mean squared error", left + width / 2.0, 24, Side.CENTER, 18, Picture.INK);
        for (int decade = from; decade <= to; decade++) {
            int y = top + height * (to - decade) / (to - from);
            p.fill(left, y, width, 1, Picture.GRID);
            String label = decade >= -3 ? String.valueOf(Math.pow(10, decade)) : "1e" + decade;
            p.text(label, left - 10, y, Side.RIGHT, 14, Picture.INK);
        }
        for (int tick = 0; tick <= 4; tick++) {
            int x = left + width * tick / 4;
            p.fill(x, top, 1, height, Picture.GRID);
            p.text(String.valueOf(last * tick / 4), x, top + height + 16, Side.CENTER, 14, Picture.INK);
        }
        p.text("epoch", left + width / 2.0, top + height + 40, Side.CENTER, 14, Picture.INK);
        Path2D curve = new Path2D.Double();
        for (int x = 0; x <= width; x++) {
            double loss = losses[(int) ((long) last * x / width)];
            double y = top + height * (to - Math.log10(Math.max(loss, TINY))) / (to - from);
            if (x == 0) curve.moveTo(left, y);
            else curve.lineTo(left + x, y);
        }
        p.pen.setColor(Picture.BLUE);
        p.pen.setStroke(new BasicStroke(2));
        p.pen.draw(curve);
        p.save(file);
    }

    /** What {@code predict} gives on a square grid around the four examples, row by row from below. */
    private static float[] answers(UnaryOperator<Tensor> predict) {
        float[] all = new float[CELLS * CELLS];
        for (int row = 0; row < CELLS; row++) {                          // a row at a time, which needs no large arrays
            float[][] points = new float[CELLS][];
            for (int column = 0; column < CELLS; column++) points[column] = new float[] {at(column), at(row)};
            System.arraycopy(predict.apply(Array.f32(points)).array().toFloats(), 0, all, row * CELLS, CELLS);
        }
        return all;
    }

    private static float at(int cell) { return (float) (LOW + (HIGH - LOW) * cell / (CELLS - 1)); }

    /** The answers, the line where the network is undecided, and the examples. */
    private static void surface(float[] z, Path file) {
        Picture p = new Picture(SIDE + MARGIN + 130, SIDE + 2 * MARGIN - 40);
        int left = MARGIN, top = 50;
        p.text("XOR: what the network answers", left + SIDE / 2.0, 24, Side.CENTER, 18, Picture.INK);
        int[] colors = new int[SIDE * SIDE];
        boolean[] below = new boolean[SIDE];
        for (int y = 0; y < SIDE; y++) {
            boolean before = between(z, 0, y) >= 0.5;
            for (int x = 0; x < SIDE; x++) {
                double here = between(z, x, y);
                boolean one = here >= 0.5, edge = one != before || y > 0 && one != below[x];
                colors[(SIDE - 1 - y) * SIDE + x] = edge ? Picture.INK.getRGB() : SHADES[(int) (here * 255)];
                below[x] = before = one;
            }
        }
        p.pixels(left, top, SIDE, colors);
        Array inputs = Xor.X.array(), targets = Xor.Y.array();
        for (int i = 0; i < inputs.size(0); i++) {
            double x = left + along(inputs.get(2 * i).doubleValue());
            double y = top + SIDE - along(inputs.get(2 * i + 1).doubleValue());
            var disc = new Ellipse2D.Double(x - 14, y - 14, 28, 28);
            p.pen.setColor(Color.WHITE);
            p.pen.fill(disc);
            p.pen.setColor(Picture.INK);
            p.pen.setStroke(new BasicStroke(2));
            p.pen.draw(disc);
            p.text(String.valueOf(targets.get(i).longValue()), x, y, Side.CENTER, 16, Picture.INK);
        }
        for (double tick = LOW; tick <= HIGH; tick += 0.5) {
            double at = along(tick);
            p.text(String.valueOf(tick), left + at, top + SIDE + 16, Side.CENTER, 14, Picture.INK);
            p.text(String.valueOf(tick), left - 10, top + SIDE - at, Side.RIGHT, 14, Picture.INK);
        }
        p.text("first input", left + SIDE / 2.0, top + SIDE + 40, Side.CENTER, 14, Picture.INK);
        p.sideways("second input", 24, top + SIDE / 2.0, 14);
        int bar = left + SIDE + 30;
        for (int y = 0; y < SIDE; y++)
            p.fill(bar, top + SIDE - 1 - y, 24, 1, new Color(SHADES[y * SHADES.length / SIDE]));
        for (double tick = 0; tick <= 1; tick += 0.5)
            p.text(String.valueOf(tick), bar + 34, top + SIDE - SIDE * tick, Side.LEFT, 14, Picture.INK);
        p.save(file);
    }

    /** The distance from the picture's edge, in pixels, of an input. */
    private static double along(double input) { return SIDE * (input - LOW) / (HIGH - LOW); }

    /** The grid's values interpolated at a pixel, counted from the lower left. */
    private static double between(float[] z, int x, int y) {
        double v = PART[y], u = PART[x];
        int at = POINT[y] * CELLS + POINT[x];
        return (1 - v) * ((1 - u) * z[at] + u * z[at + 1]) + v * ((1 - u) * z[at + CELLS] + u * z[at + CELLS + 1]);
    }
}
