package javelin.examples;

import java.awt.Color;
import java.nio.file.Path;
import java.util.List;
import javelin.examples.Curves.Curve;
import javelin.examples.Picture.Side;

/** What the digits have to show. */
final class DigitsPictures {
    private static final Color WRONG = new Color(0xC0, 0x39, 0x2B);

    private DigitsPictures() {}

    /** An image that was read wrongly. */
    record Misread(float[] pixels, long meant, long found) {}

    /** The mean loss of every epoch, in training (with dropout) and on the test images (without). */
    static void losses(double[] training, double[] test, Path file) {
        new Curves("Digits: cross entropy", "epoch", "loss", true).draw(file,
                Curve.of("training", Picture.BLUE, training), Curve.of("test", Picture.ORANGE, test));
    }

    /** How often each digit (rows) was read as each (columns). */
    static void confusion(int[][] counts, Path file) {
        int cell = 46, left = 90, top = 60, n = counts.length, side = n * cell;
        Picture p = new Picture(left + side + 30, top + side + 70);
        p.text("Digits: what was written, what was read", left + side / 2.0, 28, Side.CENTER, 18, Picture.INK);
        for (int row = 0; row < n; row++) {
            int most = 1;
            for (int c : counts[row]) most = Math.max(most, c);
            for (int column = 0; column < n; column++) {
                int count = counts[row][column], x = left + column * cell, y = top + row * cell;
                Color full = row == column ? Picture.BLUE : WRONG;
                double share = row == column ? (double) count / most : count == 0 ? 0 : 0.35 + 0.65 * count / most;
                p.fill(x, y, cell - 2, cell - 2, Picture.blend(new Color(0xF2, 0xF3, 0xF5), full, share));
                Color ink = share > 0.5 ? Color.WHITE : Picture.INK;
                if (count > 0)
                    p.text(String.valueOf(count), x + cell / 2.0 - 1, y + cell / 2.0 - 1, Side.CENTER, 15, ink);
            }
            p.text(String.valueOf(row), left - 14, top + row * cell + cell / 2.0, Side.RIGHT, 15, Picture.INK);
            p.text(String.valueOf(row), left + row * cell + cell / 2.0, top + side + 16, Side.CENTER, 15, Picture.INK);
        }
        p.text("read as", left + side / 2.0, top + side + 44, Side.CENTER, 15, Picture.INK);
        p.sideways("written", 36, top + side / 2.0, 15);
        p.save(file);
    }

    /** The images that were read wrongly, each with what was meant and what was read. */
    static void misread(List<Misread> all, Path file) {
        int pixel = 12, side = 8 * pixel, width = side + 40, height = side + 60;
        int columns = Math.clamp(all.size(), 4, 6), rows = Math.max(1, (all.size() + columns - 1) / columns);
        Picture p = new Picture(columns * width + 40, rows * height + 70);
        String title = all.isEmpty() ? "Digits: none of the test images was misread" : "Digits: the misread ones";
        p.text(title, 20 + columns * width / 2.0, 28, Side.CENTER, 18, Picture.INK);
        for (int i = 0; i < all.size(); i++) {
            int left = 40 + i % columns * width, top = 60 + i / columns * height;
            float[] pixels = all.get(i).pixels();
            for (int at = 0; at < pixels.length; at++)
                p.fill(left + at % 8 * pixel, top + at / 8 * pixel, pixel, pixel,
                        Picture.blend(Color.WHITE, Picture.INK, pixels[at] / 16));
            p.frame(left, top, side, side, Picture.GRID);
            p.text("a " + all.get(i).meant(), left, top + side + 18, Side.LEFT, 14, Picture.INK);
            p.text("read as " + all.get(i).found(), left + side, top + side + 18, Side.RIGHT, 14, WRONG);
        }
        p.save(file);
    }
}
