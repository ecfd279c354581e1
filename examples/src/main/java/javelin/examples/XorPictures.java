package javelin.examples;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.nio.file.Path;
import javelin.core.Tensor;
import javelin.examples.Picture.Side;

/** What the lesson has to show. Plain Java 2D: a chart of XChart takes more than half a second to paint in a fresh JVM. */
final class XorPictures {
    private static final int MARGIN = 80, SIDE = 480;
    private static final Color ZERO = new Color(0x2B, 0x6C, 0xC4), MIDDLE = new Color(0xF7, 0xF7, 0xF7), ONE = new Color(0xE0, 0x7B, 0x22);

    private XorPictures() {}

    /** The loss of every epoch, on a logarithmic scale. */
    static void lossCurve(double[] losses, Path file) {
        int width = 640, height = 320, last = losses.length - 1;
        Picture p = new Picture(width + MARGIN + 30, height + 2 * MARGIN - 40);
        int left = MARGIN, top = 50;
        double low = Double.MAX_VALUE, high = 0;
        for (double l : losses) {
            low = Math.min(low, l);
            high = Math.max(high, l);
        }
        int from = (int) Math.floor(Math.log10(Math.max(low, 1e-12))), to = Math.max(from + 1, (int) Math.ceil(Math.log10(high)));
        p.text("XOR: mean squared error", left + width / 2.0, 24, Side.CENTER, 18, Picture.INK);
        for (int decade = from; decade <= to; decade++) {
            int y = top + height * (to - decade) / (to - from);
            p.fill(left, y, width, 1, Picture.GRID);
            p.text(decade >= -3 ? String.valueOf(Math.pow(10, decade)) : "1e" + decade, left - 10, y, Side.RIGHT, 14, Picture.INK);
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
            double y = top + height * (to - Math.log10(Math.max(loss, 1e-12))) / (to - from);
            if (x == 0) curve.moveTo(left, y);
            else curve.lineTo(left + x, y);
        }
        p.pen.setColor(Picture.BLUE);
        p.pen.setStroke(new BasicStroke(2));
        p.pen.draw(curve);
        p.save(file);
    }

    /**
     * What the network answers between and around the four examples, the line where it is undecided, and the examples.
     *
     * @param answers predictions on a square grid from {@code low} to {@code high}, row by row
     */
    static void surface(Tensor answers, int cells, double low, double high, Tensor inputs, Tensor targets, Path file) {
        float[] z = answers.array().toFloats();
        Picture p = new Picture(SIDE + MARGIN + 130, SIDE + 2 * MARGIN - 40);
        int left = MARGIN, top = 50;
        p.text("XOR: what the network answers", left + SIDE / 2.0, 24, Side.CENTER, 18, Picture.INK);
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++) {
                double here = between(z, cells, x, y);
                boolean edge = here < 0.5 != between(z, cells, x + 1, y) < 0.5 || here < 0.5 != between(z, cells, x, y + 1) < 0.5;
                p.fill(left + x, top + SIDE - 1 - y, 1, 1, edge ? Picture.INK : color(here));
            }
        for (int i = 0; i < inputs.size(0); i++) {
            double x = left + SIDE * (inputs.at(i).at(0).item() - low) / (high - low), y = top + SIDE - SIDE * (inputs.at(i).at(1).item() - low) / (high - low);
            double target = targets.at(i).item();
            var disc = new Ellipse2D.Double(x - 14, y - 14, 28, 28);
            p.pen.setColor(Color.WHITE);
            p.pen.fill(disc);
            p.pen.setColor(Picture.INK);
            p.pen.setStroke(new BasicStroke(2));
            p.pen.draw(disc);
            p.text(String.valueOf(Math.round(target)), x, y, Side.CENTER, 16, Picture.INK);
        }
        for (double tick = 0; tick <= 1; tick += 0.5) {
            double at = SIDE * (tick - low) / (high - low);
            p.text(String.valueOf(tick), left + at, top + SIDE + 16, Side.CENTER, 14, Picture.INK);
            p.text(String.valueOf(tick), left - 10, top + SIDE - at, Side.RIGHT, 14, Picture.INK);
        }
        p.text("first input", left + SIDE / 2.0, top + SIDE + 40, Side.CENTER, 14, Picture.INK);
        p.pen.rotate(-Math.PI / 2, 24, top + SIDE / 2.0);
        p.text("second input", 24, top + SIDE / 2.0, Side.CENTER, 14, Picture.INK);
        p.pen.rotate(Math.PI / 2, 24, top + SIDE / 2.0);
        int bar = left + SIDE + 30;
        for (int y = 0; y < SIDE; y++) p.fill(bar, top + SIDE - 1 - y, 24, 1, color((y + 0.5) / SIDE));
        for (double tick = 0; tick <= 1; tick += 0.5) p.text(String.valueOf(tick), bar + 34, top + SIDE - SIDE * tick, Side.LEFT, 14, Picture.INK);
        p.save(file);
    }

    /** The grid's values interpolated at a pixel, counted from the lower left. */
    private static double between(float[] z, int cells, int x, int y) {
        double gx = (x + 0.5) / SIDE * (cells - 1), gy = (y + 0.5) / SIDE * (cells - 1);
        int i = Math.clamp((int) gy, 0, cells - 2), j = Math.clamp((int) gx, 0, cells - 2);
        double v = gy - i, u = gx - j;
        int at = i * cells + j;
        return (1 - v) * ((1 - u) * z[at] + u * z[at + 1]) + v * ((1 - u) * z[at + cells] + u * z[at + cells + 1]);
    }

    private static Color color(double answer) {
        return answer < 0.5 ? Picture.blend(ZERO, MIDDLE, 2 * answer) : Picture.blend(MIDDLE, ONE, 2 * answer - 1);
    }
}
