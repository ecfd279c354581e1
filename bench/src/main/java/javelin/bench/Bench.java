package javelin.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench [NAME...]}: workloads timed, alone or in turn with a peer. */
@Command(name = "bench", mixinStandardHelpOptions = true,
        description = "Times workloads, warm, and prints the median of each as a line of JSON; with --peer,"
            + " a table of ratios as well.")
public final class Bench implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The workloads to run, in this order; all of them if none is named.")
    private List<String> names = List.of();

    @Option(names = "--threads", paramLabel = "N",
            description = "How many threads to use; all that there are by default.")
    private Optional<Integer> threads = Optional.empty();

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the lines of JSON to FILE.")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--peer", paramLabel = "COMMAND",
            description = "Runs this shell command too, with the workload's name appended, in turn with ours;"
                + " it prints such a line.")
    private Optional<String> peer = Optional.empty();

    @Option(names = "--rounds", paramLabel = "N",
            description = "How often to take turns with the peer (${DEFAULT-VALUE}).")
    private int rounds = 3;

    @Option(names = "--list", description = "Prints the names of the workloads and stops.")
    private boolean list;

    @Option(names = "--jmh", paramLabel = "REGEX", arity = "0..1", fallbackValue = ".*",
            description = "Runs the kernels' JMH benchmarks whose names match REGEX, or all, and no workload.")
    private Optional<String> jmh = Optional.empty();

    public static void main(String[] args) { System.exit(new CommandLine(new Bench()).execute(args)); }

    @Override public Integer call() throws Exception {
        // before the compiler looks
        threads.ifPresent(n -> System.setProperty("javelin.threads", Integer.toString(n)));
        if (jmh.isPresent()) return javelin.bench.jmh.Kernels.run(jmh.get());
        PrintWriter out = spec.commandLine().getOut();
        List<Workload> chosen = chosen();
        if (list) {
            chosen.forEach(w -> out.println(w.name()));
            return 0;
        }
        try (PrintWriter file = new PrintWriter(json.isPresent() ? Files.newBufferedWriter(json.get())
                : new StringWriter())) {
            List<Comparison> compared = new ArrayList<>();
            int failed = 0;
            for (Workload w : chosen) {
                try {
                    Optional<Comparison> comparison = run(w, line -> print(line, out, file));
                    comparison.ifPresent(compared::add);
                // one that fails does not keep the others from running
                } catch (IOException | RuntimeException | LinkageError e) {
                    print(Measurement.errorLine(w.name(), e.getClass().getSimpleName() + ": " + e.getMessage()), out,
                            file);
                    failed++;
                }
            }
            if (!compared.isEmpty()) {
                out.println("\n" + Comparison.HEADER);
                compared.forEach(c -> out.println(c.row()));
                out.flush();
            }
            return failed == 0 ? 0 : 1;
        }
    }

    private List<Workload> chosen() {
        if (names.isEmpty()) return Workloads.ALL;
        List<Workload> chosen = new ArrayList<>();
        for (String name : names) {
            List<Workload> found = Workloads.where(name::equals);
            if (found.isEmpty())
                throw new ParameterException(spec.commandLine(),
                        "there is no workload '" + name + "'; --list tells which there are");
            chosen.addAll(found);
        }
        return chosen;
    }

    private interface Lines {
        void print(String line);
    }

    private static void print(String line, PrintWriter out, PrintWriter file) {
        out.println(line);
        out.flush();
        file.println(line);
        file.flush();
    }

    /** Measures once, or in turn with the peer. */
    private Optional<Comparison> run(Workload workload, Lines lines) throws IOException {
        var trial = new Trial(workload);
        List<Measurement> ours = new ArrayList<>(), theirs = new ArrayList<>();
        for (int round = 0; round < (peer.isPresent() ? rounds : 1); round++) {
            ours.add(trial.measure("javelin " + version(), threads()));
            lines.print(ours.getLast().toJson());
            if (peer.isPresent()) {
                theirs.add(new Peer(peer.get()).measure(workload.name()));
                lines.print(theirs.getLast().toJson());
            }
        }
        return peer.isPresent() ? Optional.of(new Comparison(workload.name(), ours, theirs)) : Optional.empty();
    }

    private int threads() { return threads.orElse(Runtime.getRuntime().availableProcessors()); }

    /** As Maven wrote it into the jar of core; "unpackaged" for loose classes. */
    private static String version() throws IOException {
        try (InputStream in = Bench.class.getResourceAsStream(
                "/META-INF/maven/io.javelin/javelin-core/pom.properties")) {
            if (in == null) return "unpackaged";
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "unpackaged");
        }
    }
}
