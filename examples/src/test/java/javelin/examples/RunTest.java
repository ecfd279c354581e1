package javelin.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./run} says before any Java runs. */
class RunTest {
    @TempDir Path machine;

    @Test void saysWhichJdksItFoundIfAllAreTooOld() throws Exception {
        jdk("nearly", "25.0.2");
        jdk("seventeen", "17.0.12");
        String said = run("xor");
        int begin = said.indexOf("run: Javelin needs");
        assertTrue(begin >= 0, said);
        assertTrue(Files.readString(root().resolve("docs/errors.md"))
                .contains("```\n" + sorted(said.substring(begin)) + "```"), said);
    }

    @Test void namesWhatCanBeRunIfThereIsNoSuchProgram() throws Exception {
        String said = run("xnor");
        assertEquals("run: there is no \"xnor\"", said.lines().findFirst().orElseThrow());
        assertTrue(said.contains("xor          the lesson"), said);
    }

    /** Its lines in order, since folders are listed in an order of the shell's. */
    private static String sorted(String text) {
        List<String> lines = text.lines().toList();
        List<String> found = lines.stream().filter(l -> l.startsWith("  ")).sorted().toList();
        return lines.getFirst() + "\n" + String.join("\n", found) + "\n" + lines.getLast() + "\n";
    }

    private void jdk(String name, String version) throws IOException {
        Path bin = Files.createDirectories(machine.resolve("usr/lib/jvm/" + name + "/bin"));
        for (String tool : List.of("java", "javac"))
            assertTrue(Files.writeString(bin.resolve(tool), "").toFile().setExecutable(true));
        Files.writeString(bin.resolveSibling("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    /** What the script prints on a machine whose JDKs are all below {@code machine}. */
    private String run(String program) throws IOException, InterruptedException {
        String script = Files.readString(root().resolve("run"));
        for (String folder : List.of("/usr/lib", "/usr/java", "/usr/local", "/opt/"))
            script = script.replace(folder, machine + folder);
        Path copy = Files.writeString(machine.resolve("run"), script),
                tools = Files.createDirectory(machine.resolve("tools"));
        for (String tool : List.of("cat", "readlink")) {
            Path stand = Files.writeString(tools.resolve(tool),
                    "#!" + onPath("bash") + "\nexec " + onPath(tool) + " \"$@\"\n");
            assertTrue(stand.toFile().setExecutable(true));
        }
        var process = new ProcessBuilder(onPath("bash").toString(), copy.toString(), program).redirectErrorStream(true);
        process.environment().clear();
        process.environment().putAll(java.util.Map.of("PATH", tools.toString(), "HOME", machine.toString()));
        Process started = process.start();
        String said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(started.waitFor() != 0, said);
        return said.replace(machine.toString(), "");
    }

    private static Path onPath(String tool) {
        return List.of(System.getenv("PATH").split(":")).stream().map(f -> Path.of(f, tool))
                .filter(Files::isExecutable).findFirst().orElseThrow();
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/errors.md"))) folder = folder.getParent();
        return folder;
    }
}
