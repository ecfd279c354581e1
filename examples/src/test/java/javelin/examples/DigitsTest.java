package javelin.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigitsTest {
    @TempDir Path folder;

    @Test
    void readsNinetySevenPercentOfWhatItWasNotShown() throws Exception {
        Digits digits = new Digits();
        digits.pictures = folder;
        Printed printed = Printed.of(digits);
        assertEquals(0, printed.code(), printed.text());
        var accuracy = Pattern.compile("test accuracy (\\d+\\.\\d\\d)%, (\\d+) of 360 misread").matcher(printed.text());
        assertTrue(accuracy.find(), printed.text());
        assertTrue(Double.parseDouble(accuracy.group(1)) >= 97, printed.text());
        assertTrue(Integer.parseInt(accuracy.group(2)) <= 10, printed.text());
        for (String name : List.of("digits-loss.png", "digits-confusion.png", "digits-misread.png"))
            assertTrue(ImageIO.read(folder.resolve(name).toFile()).getWidth() > 400, name);
    }

    @Test
    void failsBelowTheGoal() throws Exception {
        Digits digits = new Digits();
        digits.epochs = 1;
        digits.pictures = folder;
        Printed printed = Printed.of(digits);
        assertEquals(1, printed.code(), printed.text());
    }

    @Test
    void hasAllImagesWithTheirPixelsAndDigits() {
        List<Digits.Image> images = Digits.load();
        assertEquals(1797, images.size());
        for (Digits.Image image : images) {
            assertEquals(64, image.pixels().length);
            for (float pixel : image.pixels()) assertTrue(pixel >= 0 && pixel <= 16);
            assertTrue(image.digit() >= 0 && image.digit() < 10);
        }
        Digits.Batch batch = Digits.Batch.of(images.subList(0, 3));
        assertEquals("f32[3,64]", batch.images().type().toString());
        assertEquals(5 / 16.0, batch.images().index(0).index(2).item());
        assertEquals(List.of(0L, 1L, 2L), java.util.Arrays.stream(batch.digits().array().toLongs()).boxed().toList());
    }
}
