package javelin.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javelin.core.Backend;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The cases this project keeps for itself, in cases.zip: all of those it passes, but of the suite lax twelve for each
 * primitive. Written by {@code ./run conformance DIR --keep
 * conformance/src/test/resources/javelin/conformance/cases.zip}.
 */
class KeptCasesTest {
    private static final Kept.Contents KEPT = kept();

    private static Kept.Contents kept() {
        try (var in = KeptCasesTest.class.getResourceAsStream("cases.zip")) {
            return Kept.read(in);
        } catch (IOException e) {
            throw new IllegalStateException("cases.zip cannot be read", e);
        }
    }

    @TestFactory Stream<DynamicTest> everyCasePassesInEveryExecution() {
        List<Execution> executions = new ArrayList<>(List.of(Execution.EVALUATED));
        if (Backend.installed().isPresent()) executions.add(Execution.COMPILED);
        Map<String, List<Case>> bySuite = new LinkedHashMap<>();
        for (Case c : KEPT.cases()) bySuite.computeIfAbsent(c.suite(), _ -> new ArrayList<>()).add(c);
        return executions.stream().flatMap(execution -> bySuite.entrySet().stream()
                .map(suite -> DynamicTest.dynamicTest(suite.getKey() + " " + execution, () ->
                        pass(suite.getValue(), execution))));
    }

    private static void pass(List<Case> cases, Execution execution) {
        Runner runner = new Runner(List.of(execution));
        List<String> failures = new ArrayList<>();
        for (Case c : cases) runner.run(c).failure().ifPresent(f -> failures.add(c.id() + ": " + f.getMessage()));
        assertTrue(failures.isEmpty(), () -> failures.size() + " of " + cases.size() + " failed:\n"
                + String.join("\n", failures));
    }

    @Test void everySuiteIsKept() {
        assertEquals(List.of("initializers", "lax", "layers", "losses", "optimizers", "programs", "random", "schedules",
                "training"),
                KEPT.cases().stream().map(Case::suite).distinct().sorted().toList());
        assertTrue(KEPT.cases().size() > 800, "only " + KEPT.cases().size() + " cases are kept");
    }

    /** What the others lack is known: {@code counts.txt} says why each of them did not pass. */
    @Test void theOthersAreUnsupportedAndCounted() {
        int passed = 0, unsupported = 0;
        for (String line : KEPT.counts().lines().toList()) {
            String[] fields = line.split("\t");
            if (fields[1].equals("passed")) passed += Integer.parseInt(fields[2]);
            else {
                assertTrue(fields[1].startsWith("unsupported: "), line);
                unsupported += Integer.parseInt(fields[2]);
            }
        }
        assertEquals(5003, passed + unsupported);
        assertTrue(passed >= KEPT.cases().size(), passed + " passed, but " + KEPT.cases().size() + " are kept");
    }
}
