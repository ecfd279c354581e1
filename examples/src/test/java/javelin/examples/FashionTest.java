package javelin.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** With made-up clothes: the real ones are not in the repository. */
class FashionTest {
    @TempDir Path folder;

    @Test
    void learnsClothesThatAreEasyToTellApart() throws Exception {
        Fashion fashion = new Fashion();
        fashion.epochs = 3;
        fashion.batch = 16;
        fashion.pictures = folder;
        fashion.saved = folder;
        var data = new Clothes.Data(stripes(320, 0), stripes(60, 1));
        Printed printed = Printed.of(() -> fashion.run(data));
        assertEquals(0, printed.code(), printed.text());
        assertTrue(printed.text().contains("running statistics 96\n"), printed.text());
        assertTrue(printed.text().contains("  trousers "), printed.text());
        assertTrue(Files.size(folder.resolve("fashion.safetensors")) > 1000);
        assertTrue(ImageIO.read(folder.resolve("fashion-loss.png").toFile()).getWidth() > 400);
    }

    @Test
    void readsTheFilesOfTheDataSet() throws IOException {
        Clothes made = stripes(7, 2);
        write(made, "train");
        write(made.first(5), "t10k");
        Clothes.Data data = Clothes.Data.read(List.of(folder));
        assertEquals(7, data.training().size());
        assertEquals(5, data.test().size());
        Clothes.Batch batch = data.training().at(new int[] {6, 0});
        assertEquals("f32[2,28,28,1]", batch.images().type().toString());
        assertEquals(made.kinds()[6], batch.kinds().index(0).item());
        assertEquals(((made.pixels()[6 * Clothes.PIXELS + 30] & 0xFF) / 255.0 - 0.286) / 0.353,
                batch.images().index(0).index(1).index(2).index(0).item(), 1e-5);
    }

    @Test
    void saysWhereToGetTheImages() {
        var said = new StringWriter();
        var line = new CommandLine(new Fashion()).setErr(new PrintWriter(said));
        assertEquals(2, line.execute("--data", folder.toString()));
        assertTrue(said.toString().startsWith("there is no train-images-idx3-ubyte.gz in " + folder), said.toString());
        assertTrue(said.toString().contains("apt-get install dataset-fashion-mnist"), said.toString());
    }

    /** The kind is where a bright stripe is. */
    private static Clothes stripes(int n, int seed) {
        Random random = new Random(seed);
        byte[] pixels = new byte[n * Clothes.PIXELS], kinds = new byte[n];
        random.nextBytes(pixels);
        for (int i = 0; i < n; i++) {
            kinds[i] = (byte) random.nextInt(10);
            for (int p = 0; p < Clothes.PIXELS; p++) {
                int at = i * Clothes.PIXELS + p;
                boolean bright = p / Clothes.SIDE / 2 == kinds[i] + 2;
                pixels[at] = (byte) (bright ? 255 : (pixels[at] & 0xFF) / 4);
            }
        }
        return new Clothes(pixels, kinds);
    }

    private void write(Clothes clothes, String name) throws IOException {
        write(name + "-images-idx3-ubyte.gz", clothes.pixels(), 0x803, clothes.size(), Clothes.SIDE, Clothes.SIDE);
        write(name + "-labels-idx1-ubyte.gz", clothes.kinds(), 0x801, clothes.size());
    }

    private void write(String name, byte[] elements, int... header) throws IOException {
        try (var out = new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(folder.resolve(name))))) {
            for (int number : header) out.writeInt(number);
            out.write(elements);
        }
    }
}
