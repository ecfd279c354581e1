package javelin.examples.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md says is true: its program compiles without warnings and learns; what documents point to exists. */
class ReadmeTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
    private static final Pattern MODULE = Pattern.compile("<module>(\\w+)</module>");
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    @Test void theLessonCompilesAndLearns(@TempDir Path folder) throws Exception {
        compile(folder);
        // as a user would run it: no flags
        Process run = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", folder + File.pathSeparator + CLASS_PATH, "Lesson").redirectErrorStream(true).start();
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, run.waitFor(), output);
        List<String> lines = output.lines().toList();
        assertEquals(11, lines.size(), output);                          // ten losses and the accuracy, and no warning
        assertEquals("epoch 0 loss ", lines.getFirst().substring(0, 13));
        assertEquals("accuracy 100.00%", lines.getLast());
    }

    private static void compile(Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve("Lesson.java"), Documents.blocks("README.md").get("lesson"));
        var said = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(said, files, null, List.of("-Xlint:all,-path", "-Werror", "-proc:none",
                    "-cp", CLASS_PATH, "-d", folder.toString()), null, files.getJavaFileObjects(source)).call();
            assertTrue(compiled, said.toString());
        }
    }

    @Test void linksInDocumentsPointToFilesThatExist() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(Documents.project().resolve("README.md")));
        try (Stream<Path> files = Files.walk(Documents.project().resolve("docs"))) {
            files.filter(f -> f.toString().endsWith(".md")).forEach(documents::add);
        }
        int links = 0;
        for (Path document : documents)
            for (MatchResult link : LINK.matcher(Files.readString(document)).results().toList()) {
                Path target = document.resolveSibling(link.group(1));
                assertTrue(Files.exists(target), document + " points to " + target);
                links++;
            }
        assertTrue(links > 5, "only " + links + " links");
    }

    @Test void theTableOfModulesIsComplete() {
        String readme = Documents.read("README.md");
        Stream<String> modules = MODULE.matcher(Documents.read("pom.xml")).results().map(m -> m.group(1));
        assertEquals(List.of(), modules.filter(m -> !readme.contains("\n| `" + m + "` |")).toList());
    }
}
