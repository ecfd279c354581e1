package javelin.examples.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/how-it-works.md shows what every stage really prints; {@link #main} brings it up to date. */
class HowItWorksTest {
    private static final String DOCUMENT = "docs/how-it-works.md";
    private static final String SOURCE = "examples/src/test/java/javelin/examples/docs/ThreeNeurons.java";

    private static final Map<String, String> TRUTH = texts();

    static Iterable<String> blocks() { return TRUTH.keySet(); }

    @ParameterizedTest @MethodSource("blocks")
    void theDocumentShowsTheRealText(String block) {
        assertEquals(TRUTH.get(block), Documents.blocks(DOCUMENT).getOrDefault(block, "not in " + DOCUMENT));
    }

    @Test void theDocumentShowsNoOtherTexts() {
        assertEquals(TRUTH.keySet(), new TreeMap<>(Documents.blocks(DOCUMENT)).keySet());
    }

    private static Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>(ThreeNeurons.stages());
        texts.put("code", region("code"));
        texts.put("loop", region("loop"));
        return texts;
    }

    /** The lines of the example between two marks. */
    private static String region(String name) {
        String source = Documents.read(SOURCE);
        int from = source.indexOf("// begin " + name + "\n") + ("// begin " + name + "\n").length();
        int to = source.lastIndexOf('\n', source.indexOf("// end " + name));
        return source.substring(from, to).stripIndent().stripTrailing();
    }

    /** Writes the real texts into the document. */
    public static void main(String[] arguments) throws IOException {
        String text = Documents.BLOCK.matcher(Documents.read(DOCUMENT)).replaceAll(block -> {
            String shown = TRUTH.getOrDefault(block.group(2), block.group(3));
            return Matcher.quoteReplacement(block.group(1) + shown + block.group(4));
        });
        Files.writeString(Documents.project().resolve(DOCUMENT), text);
    }
}
