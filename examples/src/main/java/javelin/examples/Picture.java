package javelin.examples;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** A white sheet to draw on with Java 2D, and to keep as a PNG file. */
final class Picture {
    static final Color INK = new Color(0x30, 0x30, 0x38), GRID = new Color(0xDD, 0xDD, 0xE2);
    static final Color BLUE = new Color(0x1F, 0x5F, 0xBF), ORANGE = new Color(0xE0, 0x6C, 0x10);
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 14);

    static {
        System.setProperty("java.awt.headless", "true");                 // no screen is needed, nor looked for
        ImageIO.setUseCache(false);
    }

    /** Where text stands relative to its point. */
    enum Side { LEFT, CENTER, RIGHT }

    private final BufferedImage image;
    final Graphics2D pen;

    /** A white sheet of so many pixels. */
    Picture(int width, int height) {
        image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, width, height);
        pen.setColor(INK);
        pen.setFont(FONT);
    }

    /** Text whose middle line is at {@code y}; {@code size} is in points. */
    void text(String text, double x, double y, Side side, int size, Color color) {
        pen.setFont(FONT.deriveFont((float) size));
        pen.setColor(color);
        FontMetrics metrics = pen.getFontMetrics();
        double left = switch (side) {
            case LEFT -> x;
            case CENTER -> x - metrics.stringWidth(text) / 2.0;
            case RIGHT -> x - metrics.stringWidth(text);
        };
        pen.drawString(text, (float) left, (float) (y + (metrics.getAscent() - metrics.getDescent()) / 2.0));
    }

    void fill(int x, int y, int width, int height, Color color) {
        pen.setColor(color);
        pen.fillRect(x, y, width, height);
    }

    /** Text along a vertical axis, read from below, centered at a point. */
    void sideways(String text, double x, double y, int size) {
        pen.rotate(-Math.PI / 2, x, y);
        text(text, x, y, Side.CENTER, size, INK);
        pen.rotate(Math.PI / 2, x, y);
    }

    void frame(int x, int y, int width, int height, Color color) {
        pen.setColor(color);
        pen.drawRect(x - 1, y - 1, width + 1, height + 1);
    }

    /** Sets a block of pixels: {@code colors} are 0xRRGGBB, row by row. */
    void pixels(int x, int y, int width, int[] colors) {
        image.getRaster().setDataElements(x, y, width, colors.length / width, colors);
    }

    /** Between two colors: {@code a} at 0, {@code b} at 1. */
    static Color blend(Color a, Color b, double t) {
        double s = Math.clamp(t, 0, 1);
        return new Color(between(a.getRed(), b.getRed(), s), between(a.getGreen(), b.getGreen(), s),
                between(a.getBlue(), b.getBlue(), s));
    }

    private static int between(int a, int b, double t) { return (int) (a + t * (b - a)); }

    /** Writes the picture; folders are made as needed. */
    void save(Path file) {
        pen.dispose();
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (var out = Files.newOutputStream(file)) {
                write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the picture " + file + " cannot be written", e);
        }
    }

    private void write(OutputStream out) throws IOException { ImageIO.write(image, "png", out); }

    /**
     * Loads what the first picture needs, fonts above all, which takes some 0.1 s: for a thread of its own,
     * while others have something to compute.
     */
    static void prepare() {
        Picture trial = new Picture(8, 8);
        trial.text("0", 4, 4, Side.CENTER, 12, INK);
        trial.pen.drawLine(0, 0, 7, 5);
        try {
            trial.write(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
