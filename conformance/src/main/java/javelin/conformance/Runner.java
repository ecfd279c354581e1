package javelin.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javelin.core.JavelinException;
import javelin.io.Safetensors;
import tools.jackson.databind.json.JsonMapper;

/** Reads suites and runs their cases. */
public final class Runner {
    private static final Map<String, Suite> SUITES = Map.of("lax", new ProgramSuite(), "programs", new ProgramSuite(),
            "random", new RandomSuite(),
            "initializers", new InitializerSuite(), "layers", new LayerSuite(), "losses", new LossSuite(),
            "optimizers", new OptimizerSuite(), "schedules", new ScheduleSuite(), "training", new TrainingSuite());

    private final List<Execution> executions;

    /** @param executions every case must pass in all of them */
    public Runner(List<Execution> executions) { this.executions = List.copyOf(executions); }

    /** The cases of {@code directory/name.jsonl} whose id is {@code wanted}. */
    public static List<Case> cases(Path directory, String name, Predicate<String> wanted) throws IOException {
        Safetensors arrays = Safetensors.of(Files.readAllBytes(directory.resolve(name + ".safetensors")));
        try (BufferedReader lines = Files.newBufferedReader(directory.resolve(name + ".jsonl"))) {
            return cases(name, lines, arrays, wanted);
        }
    }

    /** A case for every line of JSON. */
    static List<Case> cases(String suite, BufferedReader lines, Safetensors arrays,
            Predicate<String> wanted) throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isBlank()) continue;
            Case c = new Case(suite, JsonMapper.shared().readTree(line), arrays);
            if (wanted.test(c.id())) cases.add(c);
        }
        return cases;
    }

    /** Runs one case; whatever goes wrong is in the outcome. */
    public Outcome run(Case c) {
        Suite suite = c.has("program") ? SUITES.get("lax") : SUITES.get(c.suite());
        if (suite == null) return new Outcome(c, "?", Optional.of(Failure.unsupported("suite " + c.suite())));
        for (Execution execution : executions) {
            Optional<Failure> failure = failure(suite, c, execution);
            if (failure.isPresent()) return new Outcome(c, suite.group(c), failure);
        }
        return new Outcome(c, suite.group(c), Optional.empty());
    }

    /** A case may break the code it tests in any way: every exception is its failure, not the runner's. */
    private Optional<Failure> failure(Suite suite, Case c, Execution execution) {
        try {
            suite.check(c, execution);
            return Optional.empty();
        } catch (Failure f) {
            boolean several = executions.size() > 1 && !f.reason().startsWith("unsupported");
            return Optional.of(several ? new Failure(execution + " " + f.reason(), f.getMessage()) : f);
        } catch (JavelinException e) {
            return Optional.of(new Failure("refused by Javelin", Compare.firstLine(e)));
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            return Optional.of(new Failure("ends in " + e.getClass().getSimpleName(), Compare.firstLine(e)));
        }
    }
}
