package javelin.core.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javelin.check.Precision;
import javelin.check.Runner;
import javelin.check.Vectors;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every op takes the element types that dtypes.txt says, as many as lax's or with a reason, and does with each what it
 * does with others. The values and vmap of all of them are in OpsTest, compiled in CompiledOpsTest.
 */
class DTypesTest {
    private static final List<String> PINNED = lines("dtypes.txt");

    /** Where the third column begins. */
    private static final int TAKEN = 34;

    private static List<String> lines(String resource) {
        try (InputStream in = DTypesTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(l -> !l.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(resource + " is not there", e);
        }
    }

    @Test void everyOpTakesTheTypesThatArePinned() {
        List<String> found = Lists.map(OtherTypes.accepted(), a -> "%-20s| %-10s| %-12s".formatted(a.op(), a.slot(),
                named(a.types())));
        for (int i = 0; i < Math.min(PINNED.size(), found.size()); i++)
            assertEquals(PINNED.get(i).substring(0, PINNED.get(i).indexOf('|', TAKEN)), found.get(i));
        assertEquals(PINNED.size(), found.size());
    }

    private static String named(Set<DType> types) {
        Set<DType> rest = EnumSet.copyOf(types);
        List<String> names = new ArrayList<>();
        Map<String, Set<DType>> groups = new LinkedHashMap<>();
        groups.put("all", EnumSet.allOf(DType.class));
        groups.put("floats", where(DType::isFloat));
        groups.put("ints", where(DType::isInteger));
        groups.put("signed", where(t -> t.kind() == DType.Kind.SIGNED));
        groups.forEach((name, group) -> {
            if (rest.containsAll(group) && rest.removeAll(group)) names.add(name);
        });
        rest.forEach(t -> names.add(t.toString()));
        return String.join(" ", names);
    }

    private static Set<DType> where(Predicate<DType> holds) {
        return Stream.of(DType.values()).filter(holds).collect(Collectors.toCollection(() ->
                EnumSet.noneOf(DType.class)));
    }

    @Test void typesThatLaxDoesNotTakeOrTakesBesidesHaveAReason() {
        for (String line : PINNED) {
            String[] columns = line.split(" *\\| *");
            assertTrue(columns.length == 4 && (columns[3].equals("=") || columns[3].equals("-"))
                    || columns.length == 5 && !columns[4].isBlank(), line);
        }
    }

    /** Threefry's numbers are in KeyTest, Eigh's vectors below. */
    @Test void everyTypeThatIsTakenHasACaseWithAReference() {
        Set<String> without = new TreeSet<>();
        for (OtherTypes.Accepted a : OtherTypes.accepted()) {
            Set<DType> types = EnumSet.copyOf(a.types());
            types.removeAll(a.referred());
            if (!types.isEmpty()) without.add(a.op() + " " + types);
        }
        assertEquals(Set.of("Eigh [f32, f64, bf16, f16]", "Threefry [u32]"), without);
    }

    static List<LimitCase> limits() { return LimitCase.all(); }

    @ParameterizedTest @MethodSource("limits")
    void atTheEndsOfIntegersNumbersAreThoseOfExactArithmetic(LimitCase c) {
        c.check(Runner.EVALUATOR.arrays(c.program(), c.inputs()).getFirst());
    }

    /** Some cases of every op with every floating-point type but f64 in one place, and the op that has f64 there. */
    static Stream<Arguments> narrow() {
        Map<String, List<Arguments>> narrow = new TreeMap<>();
        for (OpCase c : OpsTest.all()) {
            int largest = c.types().stream().mapToInt(TensorType::elements).max().orElse(0);
            if (c.modes() == OpCase.Modes.NONE || c.op() instanceof Bitcast || largest < 2 || largest > 64) continue;
            for (Slot s : Slot.of(c)) {
                if (!s.dtype().isFloat() || s.dtype() == DType.F64 || !s.isInput()) continue;
                Slot.Typed wide = s.at(c, DType.F64).orElseThrow();
                narrow.computeIfAbsent(c.op().getClass().getSimpleName() + " " + s, _ -> new ArrayList<>())
                        .add(Arguments.of(c, wide));
            }
        }
        return narrow.values().stream().flatMap(cases -> Stream.of(0, cases.size() / 2, cases.size() - 1).distinct()
                .map(cases::get));
    }

    @ParameterizedTest @MethodSource("narrow")
    void derivativesAreThoseInF64Rounded(OpCase c, Slot.Typed wide) {
        Program inF64 = Recorder.trace(wide.in(), in -> Op.apply(wide.op(), in)).closed();
        Precision.check(c.program(), inF64, c.draw(4), c.modes() != OpCase.Modes.FORWARD, 5);
    }

    static Stream<DType> floats() { return Stream.of(DType.values()).filter(DType::isFloat); }

    /** {@code V' A V = diag(w)} and {@code V' V = 1}: a few roundings of numbers up to n. */
    @ParameterizedTest @MethodSource("floats")
    void eigenvectorsAreOrthogonalAndMakeTheMatrixDiagonal(DType type) {
        for (OpCase c : OpsTest.all()) {
            if (!(c.op() instanceof Eigh) || c.types().getFirst().dtype() != type) continue;
            Array a = c.draw(9).getFirst().astype(DType.F64).array();
            List<Tensor> out = Lists.map(Runner.EVALUATOR.arrays(c.program(), c.draw(9)), x -> x.astype(DType.F64));
            Tensor v = out.get(0), w = out.get(1), transposed = v.swapAxes(-1, -2);
            Tensor eye = MatrixOp.eye(v, a.size(-1)), values = eye.mul(w.expandDims(-1));
            double tolerance = 16 * Vectors.epsilon(c.types());
            Vectors.assertClose("V' A V", values.array().toDoubles(),
                    transposed.matmul(a.matmul(v)).array().toDoubles(), tolerance);
            Vectors.assertClose("V' V", eye.broadcastTo(v.shape()).array().toDoubles(),
                    transposed.matmul(v).array().toDoubles(), tolerance);
        }
    }
}
