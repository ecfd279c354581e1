package javelin.check;

import static javelin.check.RandomPrograms.Purpose.ALL_OPS;
import static javelin.check.RandomPrograms.Purpose.DIFFERENCES;
import static javelin.check.RandomPrograms.Purpose.VALUES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javelin.core.ControlOp;
import javelin.core.Equation;
import javelin.core.Program;
import javelin.core.ops.Ops;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * What holds for every program, on random ones of 30 steps (100 to 200 equations). The seeds are fixed; with
 * {@code -Djavelin.seed=N} they are others. A failure prints the shortest beginning of the program that fails.
 */
class RandomProgramsTest {
    private static final int STEPS = 30;
    private static final long FRESH = Long.getLong("javelin.seed", 0);
    private static final Runner RUNNER = Runner.EVALUATOR;

    /** The step of the differences is small, since a program may magnify it a hundred times on the way to a kink. */
    private static final double STEP = 1e-4;

    /**
     * What rounding leaves of differences over such steps, of functions whose derivatives are about 10 (second order:
     * 100).
     */
    private static final double FIRST = 1e-6, SECOND = 1e-5;

    @Property(tries = 40, seed = "1", shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void tracesAreEqualAndPrintTheSame(@ForAll long seed) {
        RandomPrograms.check(seed + FRESH, VALUES, STEPS, s -> Programs.checkTracesAreEqual(s.program()));
    }

    @Property(tries = 40, seed = "2", shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void jvpIsLinear(@ForAll long seed) {
        RandomPrograms.check(seed + FRESH, VALUES, STEPS,
                s -> Programs.checkJvpIsLinear(s.program(), s.arguments(), seed, RUNNER));
    }

    @Property(tries = 30, seed = "3", shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void jvpAgreesWithDifferences(@ForAll long seed) {
        RandomPrograms.check(seed + FRESH, DIFFERENCES, STEPS,
                s -> Gradients.check(s.program(), s.arguments(), 1, false, seed, STEP, FIRST, RUNNER));
    }

    @Property(tries = 15, seed = "4", shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void bothModesAgreeWithDifferencesToSecondOrder(@ForAll long seed) {
        RandomPrograms.check(seed + FRESH, DIFFERENCES, STEPS,
                s -> Gradients.check(s.program(), s.arguments(), 2, true, seed, STEP, SECOND, RUNNER));
    }

    @Property(tries = 8, seed = "5", shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void vmapEqualsLoop(@ForAll long seed) {
        RandomPrograms.check(seed + FRESH, VALUES, STEPS, s -> Batching.check(s.program(),
                List.of(s.arguments(), RandomPrograms.otherArguments(s.program(), seed),
                        RandomPrograms.otherArguments(s.program(), ~seed)), 64, RUNNER));
    }

    @Property(tries = 8, seed = "6", shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void nestedTransformationsAgreeInAnyOrder(@ForAll long seed) {
        RandomPrograms.check(seed + FRESH, DIFFERENCES, STEPS,
                s -> Programs.checkTransformationsCommute(s.program(),
                List.of(s.arguments(), RandomPrograms.otherArguments(s.program(), seed)), RUNNER));
    }

    @Property(tries = 20, seed = "7", shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void checkpointGivesTheSameGradients(@ForAll long seed) {
        RandomPrograms.check(seed + FRESH, DIFFERENCES, STEPS,
                s -> Programs.checkCheckpoint(s.program(), s.arguments(), RUNNER));
    }

    @Example void theSameSeedMakesTheSameProgramAndFewerStepsItsBeginning() {
        var once = RandomPrograms.of(11, VALUES, 20);
        assertEquals(once.program(), RandomPrograms.of(11, VALUES, 20).program());
        Program beginning = RandomPrograms.of(11, VALUES, 10).program();
        assertEquals(beginning.equations(), once.program().equations().subList(0, beginning.equations().size()));
    }

    @Example void everyOpIsDrawnAndEveryProgramHasAtLeastAsManyEquationsAsSteps() {
        Set<String> drawn = new TreeSet<>(), all = Ops.all().stream().map(c -> c.op().getClass().getSimpleName())
                .collect(Collectors.toCollection(TreeSet::new));
        for (int seed = 0; seed < 500 && !drawn.equals(all); seed++) {
            Program p = RandomPrograms.of(seed, ALL_OPS, STEPS).program();
            assertTrue(p.equations().size() >= STEPS, () -> "a program of " + p.equations().size() + " equations");
            addOps(p, drawn);
        }
        assertEquals(all, drawn);
    }

    private static void addOps(Program p, Set<String> names) {
        for (Equation e : p.equations()) {
            names.add(e.op().getClass().getSimpleName());
            if (e.op() instanceof ControlOp control) control.bodies().forEach(b -> addOps(b, names));
        }
    }

    @Example void aFailureShowsTheShortestBeginningThatFails() {
        var failure = assertThrows(AssertionError.class, () -> RandomPrograms.check(3, VALUES, 12, s -> {
            if (s.program().equations().size() > 5) throw new AssertionError("too long");
        }));
        int fewest = 1;
        while (RandomPrograms.of(3, VALUES, fewest).program().equations().size() <= 5) fewest++;
        assertTrue(failure.getMessage().startsWith("seed 3, VALUES, the first " + fewest + " of 12 steps:\n{ %0:"),
                failure.getMessage());
        assertTrue(failure.getMessage().endsWith("too long"), failure.getMessage());
    }
}
