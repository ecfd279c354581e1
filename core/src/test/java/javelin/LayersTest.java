package javelin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may import whom, in all modules. A new package, or a new arrow, has to be written down here, with its reason. */
class LayersTest {
    /** Every package of ours with those it may import; {@code /} is for the files after it alone. */
    private static final String ARROWS = """
            core.type          :
            core.lowering      : core.type
            core               : core.type core.lowering core.ops core.tree/Compiled
            core.linalg        : core.type core.lowering
            core.ops           : core core.type core.lowering core.linalg \
                                 core.transform/Cond,CustomJvp,CustomVjp,CustomVmap,LinearSolve,Recomputation,Remat \
                                 core.transform/Scan,TapedWhile,While,WhileTangents
            core.transform     : core core.type
            core.tree          : core core.type
            javelin            : core core.type core.lowering core.ops core.transform core.tree

            compiler.simplify  : core core.type core.lowering core.ops
            compiler.fuse      : core core.type core.lowering core.ops compiler.simplify
            compiler.kernel    : core.type core.lowering
            compiler.schedule  : core core.type core.lowering core.ops compiler.fuse compiler.kernel
            compiler.memory    : core core.type core.lowering core.ops compiler.fuse compiler.kernel compiler.schedule
            compiler.run       : core
            compiler.library   : core core.type core.lowering core.ops core.linalg \
                                 compiler.simplify/Routines compiler.run \
                                 compiler.schedule compiler.kernel compiler.emit
            compiler.emit      : core core.type core.lowering core.ops compiler.simplify compiler.fuse compiler.kernel \
                                 compiler.schedule compiler.memory compiler.run compiler.library
            compiler           : core core.type core.lowering core.ops compiler.simplify compiler.fuse compiler.kernel \
                                 compiler.schedule compiler.memory compiler.run compiler.library compiler.emit

            nn                 : javelin core core.type core.lowering core.ops core.transform core.tree
            optim              : javelin core core.type core.lowering core.ops core.transform core.tree

            io                 : core core.type core.tree
            train              : javelin core core.type core.tree nn optim io
            """;

    /** Nothing is built on these, so they may see everything. */
    private static final Set<String> TOPS = Set.of("examples", "bench", "bench.jmh", "conformance",
            "conformance.jaxpr");

    /** What only some packages may import of what is not ours, and what is all that some may import of ours. */
    private static final Map<String, Set<String>> OTHERS = Map.of("org.objectweb.asm", Set.of("compiler.emit"),
            "tools.jackson", Set.of("io"),
            "jdk.incubator.vector", Set.of("compiler.library", "compiler.emit"));
    private static final Map<String, Set<String>> ONLY = Map.of("compiler.run",
            Set.of("javelin.core.Array", "javelin.core.Executable"));

    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([\\w.]+?)(?:\\.\\*)?;",
            Pattern.MULTILINE);
    private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);

    /** A source file: its package, ours shortened, and the full names it imports. */
    private record Source(String where, String name, List<String> imports) {}

    @Test void onlyTheArrowsOfTheArchitectureAreImported() {
        Map<String, List<String>> allowed = new TreeMap<>();
        ARROWS.lines().filter(l -> !l.isBlank())
                .forEach(l -> allowed.put(l.substring(0, l.indexOf(':')).strip(),
                List.of(l.substring(l.indexOf(':') + 1).strip().split(" +"))));
        List<String> wrong = new ArrayList<>();
        List<Source> sources = sources();
        for (Source s : sources)
            for (String imported : s.imports()) {
                String to = layer(imported);
                if (!imported.startsWith("javelin.") || to.equals(s.where()) || TOPS.contains(s.where())) continue;
                boolean known = allowed.getOrDefault(s.where(), List.of()).stream()
                        .anyMatch(a -> allows(a, to, s.name()));
                if (!known) wrong.add(s.where() + "/" + s.name() + " imports " + imported);
                if (ONLY.containsKey(s.where()) && !ONLY.get(s.where()).contains(imported)) wrong.add(s.where() + "/"
                        + s.name() + " imports " + imported);
            }
        assertEquals("", String.join("\n", wrong));
        assertTrue(sources.size() > 150, "only " + sources.size() + " sources were found");
    }

    private static boolean allows(String arrow, String to, String file) {
        String[] parts = arrow.split("/");
        return parts[0].equals(to) && (parts.length == 1 || List.of(parts[1].split(",")).contains(file));
    }

    @Test void bytecodeAndVectorsStayWhereTheyBelong() {
        List<String> wrong = new ArrayList<>();
        for (Source s : sources())
            for (String imported : s.imports())
                OTHERS.forEach((library, users) -> {
                    if (imported.startsWith(library) && !users.contains(s.where())
                            && !TOPS.contains(s.where())) wrong.add(s.where() + "/" + s.name()
                            + " imports " + imported);
                });
        assertEquals("", String.join("\n", wrong));
    }

    @Test void coreImportsNothingButTheJdkAndItself() {
        List<String> wrong = sources().stream().filter(s -> s.where().startsWith("core") || s.where().equals("javelin"))
                .flatMap(s -> s.imports().stream().filter(i -> !i.startsWith("java.") && !i.startsWith("javelin."))
                        .map(i -> s.name() + " imports " + i)).toList();
        assertEquals(List.of(), wrong);
    }

    @Test void everyPackageSaysWhatItIs() throws IOException {
        Set<Path> packages = files("core").filter(f -> !f.endsWith("module-info.java")).map(Path::getParent)
                .collect(Collectors.toSet());
        for (Path folder : packages) assertTrue(Files.exists(folder.resolve("package-info.java")), folder
                + " has no package-info.java");
    }

    /**
     * The package of an imported class, ours without {@code javelin.}: names of packages are lower case, those of
     * classes are not.
     */
    private static String layer(String name) {
        String lower = Stream.of(name.split("\\.")).takeWhile(part -> Character.isLowerCase(part.charAt(0)))
                .collect(Collectors.joining("."));
        return lower.equals("javelin") ? lower : lower.replaceFirst("^javelin\\.", "");
    }

    private static List<Source> sources() {
        return Stream.of("core", "compiler", "nn", "optim", "train", "examples", "bench", "conformance")
                .flatMap(LayersTest::files)
                .filter(f -> !f.endsWith("module-info.java") && !f.endsWith("package-info.java"))
                        .map(LayersTest::source).toList();
    }

    private static Source source(Path file) {
        try {
            String text = Files.readString(file);
            var where = PACKAGE.matcher(text);
            assertTrue(where.find(), () -> file + " is in no package");
            return new Source(layer(where.group(1)), file.getFileName().toString().replace(".java", ""),
                    IMPORT.matcher(text).results().map(m -> m.group(1)).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The source files of a module; none if there is no such module. */
    private static Stream<Path> files(String module) {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("core/src/main/java/module-info.java"))) folder = folder.getParent();
        Path sources = folder.resolve(module).resolve("src/main/java");
        if (!Files.exists(sources)) return Stream.of();
        try (Stream<Path> all = Files.walk(sources)) {
            return all.filter(f -> f.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
