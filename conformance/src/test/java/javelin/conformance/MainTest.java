package javelin.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
    @TempDir private Path folder;

    /** Three cases of {@code neg}: one right, one wrong, one of an element type that is missing. */
    @BeforeEach void writeCases() throws IOException {
        String line = """
                {"id":"lax/%s","group":"neg","args":["x"],"out":["%s"],"program":{"inputs":[{"v":0,"t":"%s[1]"}],\
                "eqns":[{"p":"neg","in":[0],"out":[{"v":1,"t":"%s[1]"}]}],"outputs":[1]}}
                """;
        Files.writeString(folder.resolve("lax.jsonl"), line.formatted("right", "y", "i32", "i32")
                + line.formatted("wrong", "x", "i32", "i32") + line.formatted("byte", "y", "f8_e4m3", "f8_e4m3"));
        Files.write(folder.resolve("lax.safetensors"), CaseTest.file("""
                {"x":{"dtype":"I32","shape":[1],"data_offsets":[0,4]},
                "y":{"dtype":"I32","shape":[1],"data_offsets":[4,8]}}""",
                (byte) 5, (byte) 0, (byte) 0, (byte) 0, (byte) -5, (byte) -1, (byte) -1, (byte) -1));
    }

    private record Ran(int status, List<String> out, String err) {}

    private Ran run(String... more) {
        StringWriter out = new StringWriter(), err = new StringWriter();
        String[] arguments = new String[more.length + 1];
        arguments[0] = folder.toString();
        System.arraycopy(more, 0, arguments, 1, more.length);
        int status = new CommandLine(new Main()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
                .execute(arguments);
        return new Ran(status, out.toString().lines().toList(), err.toString());
    }

    @Test void countsAndEndsWithTheTotal() {
        Ran all = run();
        assertEquals(1, all.status());
        assertEquals("1 passed, 2 failed", all.out().getLast());
        assertTrue(all.out().contains("  neg                                             1      2"),
                all.out()::toString);
        assertTrue(all.out().contains("     1  unsupported: element type f8_e4m3"), all.out()::toString);
        assertTrue(all.out().stream().anyMatch(l ->
                l.contains("out[0] 1 of 1 elements of i32[1], first [0]: -5 instead of 5")), all.out()::toString);
    }

    @Test void endsWithStatus0IfNoneFailed() {
        Ran right = run("lax", "--filter", "right");
        assertEquals(0, right.status());
        assertEquals("1 passed, 0 failed", right.out().getLast());
    }

    @Test void runsTheListedCasesOnly() throws IOException {
        Path ids = Files.writeString(folder.resolve("ids"), "lax/wrong\nlax/absent\n");
        assertEquals("0 passed, 1 failed", run("--ids", ids.toString()).out().getLast());
    }

    @Test void reportsEveryCase() throws IOException {
        Path report = folder.resolve("report");
        run("--report", report.toString(), "--mode", "evaluated");
        assertEquals(List.of("{\"id\":\"lax/right\",\"passed\":true}",
                "{\"id\":\"lax/wrong\",\"passed\":false,\"reason\":\"out differs: "
                        + "out[0] 1 of 1 elements of i32[1], first [0]: -5 instead of 5\"}",
                "{\"id\":\"lax/byte\",\"passed\":false,\"reason\":\"unsupported: element type f8_e4m3\"}"),
                        Files.readAllLines(report));
    }

    @Test void namesTheSuitesThereAre() {
        Ran none = run("lox");
        assertEquals(2, none.status());
        assertTrue(none.err().contains("there is no lox.jsonl in"), none.err());
        assertTrue(none.err().contains("there are lax"), none.err());
    }

    @Test void keepsWhatPasses() throws IOException {
        Path zip = folder.resolve("kept.zip");
        run("--keep", zip.toString());
        Kept.Contents kept = Kept.read(Files.newInputStream(zip));
        assertEquals(List.of("lax/right"), kept.cases().stream().map(Case::id).toList());
        assertTrue(new Runner(List.of(Execution.EVALUATED)).run(kept.cases().getFirst()).passed());
        assertTrue(kept.counts().contains("lax\tpassed\t1\n"), kept.counts());
    }
}
