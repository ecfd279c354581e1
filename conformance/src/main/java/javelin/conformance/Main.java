package javelin.conformance;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javelin.core.Backend;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conformance DIR [SUITE...]}: runs the language-neutral cases. */
@Command(name = "conformance", mixinStandardHelpOptions = true,
        description = {"Runs cases made with JAX, Flax and Optax.",
            "Ends with the line 'N passed, N failed', and with status 0 if none failed."})
public final class Main implements Callable<Integer> {
    enum Mode { evaluated, compiled, both }

    @Spec private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "The folder with NAME.jsonl and NAME.safetensors.")
    private Path directory;

    @Parameters(index = "1..*", paramLabel = "SUITE",
            description = "The suites to run, by name; all of them if none is named.")
    private List<String> suites = List.of();

    @Option(names = "--report", paramLabel = "FILE",
            description = "Writes one JSON line for every case: id, passed, reason.")
    private Path report;

    @Option(names = "--ids", paramLabel = "FILE",
            description = "Runs only the cases whose ids are in FILE, one a line.")
    private Path ids;

    @Option(names = "--filter", paramLabel = "TEXT", description = "Runs only the cases whose ids contain TEXT.")
    private String filter = "";

    @Option(names = "--keep", paramLabel = "FILE",
            description = "Writes the cases that pass, thinned out, to a zip file for the project's own tests.")
    private Path keep;

    @Option(names = "--mode",
            description = "${COMPLETION-CANDIDATES}; both if a compiler is installed, else evaluated.")
    private Mode mode = Backend.installed().isPresent() ? Mode.both : Mode.evaluated;

    public static void main(String[] args) { System.exit(new CommandLine(new Main()).execute(args)); }

    @Override public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Runner runner = new Runner(switch (mode) {
            case evaluated -> List.of(Execution.EVALUATED);
            case compiled -> List.of(Execution.COMPILED);
            case both -> List.of(Execution.EVALUATED, Execution.COMPILED);
        });
        Report outcomes = new Report();
        Predicate<String> wanted = wanted();
        for (String suite : suites)
            if (!Files.exists(directory.resolve(suite + ".jsonl")))
                throw new ParameterException(spec.commandLine(), "there is no " + suite + ".jsonl in " + directory
                        + "; there are " + String.join(", ", found()));
        for (String suite : suites.isEmpty() ? found() : suites)
            for (Case c : Runner.cases(directory, suite, wanted)) outcomes.add(runner.run(c));
        if (report != null)
            try (PrintWriter lines = new PrintWriter(Files.newBufferedWriter(report))) {
                outcomes.write(lines);
            }
        if (keep != null)
            try (OutputStream file = Files.newOutputStream(keep)) {
                Kept.write(file, outcomes.all());
            }
        outcomes.print(out);
        return outcomes.failed() == 0 ? 0 : 1;
    }

    /** The names of the suites in the folder. */
    private List<String> found() throws IOException {
        if (!Files.isDirectory(directory))
            throw new ParameterException(spec.commandLine(), directory + " is not a folder");
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(".jsonl"))
                    .map(n -> n.substring(0, n.length() - 6)).sorted().toList();
        }
    }

    private Predicate<String> wanted() throws IOException {
        if (ids == null) return id -> id.contains(filter);
        Set<String> listed = new HashSet<>();
        for (String line : Files.readAllLines(ids)) listed.add(line.strip());
        return id -> listed.contains(id) && id.contains(filter);
    }
}
