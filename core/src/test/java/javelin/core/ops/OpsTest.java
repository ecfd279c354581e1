package javelin.core.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javelin.check.Batching;
import javelin.check.Gradients;
import javelin.check.Runner;
import javelin.check.Transposes;
import javelin.core.Lists;
import javelin.core.Op;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every op of the table against its reference, finite differences, and a loop. */
class OpsTest {
    static List<OpCase> all() { return Lists.concat(Ops.all(), OtherTypes.all()); }

    static Stream<OpCase> differentiable() { return Ops.differentiable(); }

    static Stream<OpCase> transposable() {
        return all().stream().filter(c -> c.modes() != OpCase.Modes.FORWARD && c.modes() != OpCase.Modes.NONE
                && c.types().stream().anyMatch(t -> t.dtype().isFloat()));
    }

    @Test void everyOpIsInTheTable() throws Exception {
        var inTable = Ops.all().stream().map(c -> c.op().getClass().getSimpleName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(opsOfThePackage(), inTable);
    }

    private static TreeSet<String> opsOfThePackage() throws Exception {
        URI folder = Add.class.getResource("Add.class").toURI();
        var names = new TreeSet<String>();
        try (Stream<Path> files = Files.list(Path.of(folder).getParent())) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.endsWith(".class") || name.contains("$") || name.equals("package-info.class")) continue;
                Class<?> type = Class.forName("javelin.core.ops." + name.substring(0, name.length() - 6));
                if (type.isRecord() && Op.class.isAssignableFrom(type)) names.add(type.getSimpleName());
            }
        }
        return names;
    }

    @ParameterizedTest @MethodSource("all")
    void valuesAreThoseOfTheReference(OpCase c) {
        for (int seed = 0; seed < 3; seed++) {
            var in = c.draw(seed);
            c.checkValues(in, Runner.EVALUATOR.arrays(c.program(), in));
        }
    }

    @ParameterizedTest @MethodSource("differentiable")
    void derivativesAgreeWithFiniteDifferencesToSecondOrder(OpCase c) {
        Gradients.check(c.program(), c.draw(4), 2, c.modes() == OpCase.Modes.FORWARD_AND_REVERSE, 5, Gradients.STEP,
                Gradients.TOLERANCE, Runner.EVALUATOR);
    }

    @ParameterizedTest @MethodSource("transposable")
    void reverseModeIsTheTransposeOfForwardMode(OpCase c) { Transposes.check(c.program(), c.draw(6), 7); }

    @ParameterizedTest @MethodSource("all")
    void batchedEqualsLoop(OpCase c) { Batching.check(c.program(), Lists.each(3, i -> c.draw(8 + i))); }
}
