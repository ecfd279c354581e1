package javelin.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CharsTest {
    @TempDir Path folder;

    @Test
    void learnsASentenceThatIsRepeated() throws Exception {
        Chars chars = tiny();
        Printed printed = Printed.of(() -> chars.run(Novel.of("she gloried in being a sailor's wife. ".repeat(60))));
        assertEquals(0, printed.code(), printed.text());
        var bits = Pattern.compile("test (\\d+\\.\\d+) bits per character").matcher(printed.text());
        assertTrue(bits.find(), printed.text());
        assertTrue(Double.parseDouble(bits.group(1)) < 1, printed.text());
        assertEquals(12, printed.text().split("it writes:\n")[1].stripTrailing().length(), 1, printed.text());
        assertTrue(Files.size(folder.resolve("kept/chars.safetensors")) > 1000);
        assertTrue(ImageIO.read(folder.resolve("chars-loss.png").toFile()).getWidth() > 400);
    }

    @Test
    void readsTheNovelAndKeepsItsLastTenth() {
        Novel novel = Novel.persuasion();
        assertEquals(466_854, novel.text().length);
        assertEquals(75, novel.alphabet().length());
        assertEquals("Persuasion\n", text(novel, Arrays.copyOf(novel.text(), 11)));
        Novel.Batch drawn = novel.draw(new Random(0), 3, 8);
        assertEquals("i32[3,8]", drawn.text().type().toString());
        assertArrayEquals(ints(drawn.text().index(1), 1, 8), ints(drawn.next().index(1), 0, 7));

        Novel.Batch first = novel.kept(0, 2, 8), second = novel.kept(1, 2, 8);
        int[] beginning = Arrays.copyOfRange(novel.text(), novel.kept(), novel.kept() + 8);
        assertArrayEquals(beginning, ints(first.text().index(0), 0, 8));
        assertArrayEquals(ints(first.text().index(0), 4, 8), ints(first.text().index(1), 0, 4));
        assertArrayEquals(ints(first.text().index(1), 4, 8), ints(second.text().index(0), 0, 4));
        novel.kept(novel.batches(32, 64) - 1, 32, 64);                   // the last one is whole
    }

    @Test
    void explainsAWrongArgument() {
        var said = new StringWriter();
        assertEquals(2, new CommandLine(new Chars()).setErr(new PrintWriter(said)).execute("--context", "7"));
        assertTrue(said.toString().startsWith("--steps must be 20 or more, --batch 1 or more, --context even"),
                said.toString());
    }

    private Chars tiny() {
        Chars chars = new Chars();
        chars.steps = 100;
        chars.batch = 8;
        chars.context = 16;
        chars.width = 16;
        chars.layers = 1;
        chars.rate = 1e-2;
        chars.length = 12;
        chars.heat = 0.7;
        chars.pictures = folder;
        chars.saved = folder.resolve("kept");
        return chars;
    }

    private static int[] ints(javelin.core.Tensor t, int from, int to) {
        return Arrays.stream(t.array().toLongs(), from, to).mapToInt(i -> (int) i).toArray();
    }

    private static String text(Novel novel, int[] numbers) {
        var text = new StringBuilder();
        for (int i : numbers) text.append(novel.alphabet().charAt(i));
        return text.toString();
    }
}
