package javelin.examples.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The project's documents, and the blocks of text in them that tests compare with the truth. */
final class Documents {
    /** A block of code after a comment that names it. */
    static final Pattern BLOCK = Pattern.compile("(<!-- ([\\w ]+) -->\\n```(?:\\w*)\\n)(.*?)(\\n```)", Pattern.DOTALL);

    private Documents() {}

    /** The project's folder, above the one that tests run in. */
    static Path project() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/errors.md"))) folder = folder.getParent();
        return folder;
    }

    static String read(String file) {
        try {
            return Files.readString(project().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The named blocks of a document, in its order. */
    static Map<String, String> blocks(String file) {
        Map<String, String> blocks = new LinkedHashMap<>();
        for (MatchResult block : BLOCK.matcher(read(file)).results().toList())
            blocks.put(block.group(2), block.group(3));
        return blocks;
    }
}
