package javelin.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javelin.Linalg;
import javelin.Transforms;
import javelin.check.Programs;
import javelin.check.RandomPrograms.Purpose;
import javelin.check.RandomPrograms.Sample;
import javelin.check.RandomPrograms;
import javelin.check.Told;
import javelin.compiler.schedule.Machine;
import javelin.core.Array;
import javelin.core.ControlOp;
import javelin.core.Evaluator;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.ops.NextAfter;
import javelin.core.type.TensorType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Random programs, loops and branches included, mean the same to the compiler as to the evaluator, on every machine.
 */
class CompiledProgramsTest {
    /** Every tier for every size: nothing in locals, nothing too small for vectors or threads. */
    private static Machine forced(int vectorBits, int threads) { return new Machine(vectorBits, threads, 0, 1, 1); }

    private static final List<Machine> WIDTHS = List.of(forced(0, 1), forced(64, 1), forced(128, 1), forced(256, 1),
            forced(512, 1), forced(512, 3), forced(0, 2));
    private static final List<Machine> LOCALS = List.of(new Machine(0, 1), new Machine(0, 1, 3, 4096, 1 << 19),
            new Machine(0, 1, 64, 4096, 1 << 19));
    private static final List<Machine> ALL = Lists.concat(WIDTHS, LOCALS, LOCALS);

    /** How many programs are drawn; with {@code -Djavelin.seed=N} others are. A failure prints its seed and program. */
    private static final int PROGRAMS = Integer.getInteger("javelin.programs", 5000);
    private static final long FRESH = Long.getLong("javelin.seed", 0);

    /**
     * Each program once, on a machine of its own, by two threads. What it tells while it runs must be the same too, and
     * in the same order.
     */
    @Test void fiveThousandProgramsAgree() {
        var checked = new AtomicInteger();
        var long30 = new AtomicInteger();
        var looping = new AtomicInteger();
        IntStream.range(0, PROGRAMS).parallel().forEach(n -> {
            Purpose purpose = n % 10 == 9 ? Purpose.HALVES : n % 10 == 8 ? Purpose.VALUES : Purpose.ALL_OPS;
            RandomPrograms.check(FRESH + n, purpose, 8 + 4 * (n % 6), sample -> {
                agree(sample, ALL.get(n % ALL.size()));
                checked.getAndIncrement();
                if (operations(sample.program()) >= 30) long30.getAndIncrement();
                if (sample.program().equations().stream().anyMatch(e -> e.op() instanceof ControlOp))
                    looping.getAndIncrement();
            });
        });
        System.out.println(checked + " random programs agree; " + long30 + " of at least 30 operations, " + looping
                + " with loops or branches");
        assertEquals(PROGRAMS, checked.get());
        assertTrue(2 * long30.get() > PROGRAMS && 2 * looping.get() > PROGRAMS);
    }

    private static int operations(Program program) {
        return program.equations().stream().mapToInt(e -> !(e.op() instanceof ControlOp loop) ? 1
                : loop.bodies().stream().mapToInt(CompiledProgramsTest::operations).sum()).sum();
    }

    @Property(tries = 60, seed = "20261122", generation = net.jqwik.api.GenerationMode.RANDOMIZED)
    void allMachinesGiveTheSameBits(@ForAll @IntRange(max = 1_000_000) int seed) {
        for (Purpose purpose : List.of(Purpose.VALUES, Purpose.HALVES)) {
            var sample = RandomPrograms.of(seed, purpose, 10);
            List<List<Array>> results = Lists.map(WIDTHS, m -> compiled(sample.program(), sample.arguments(), m));
            for (int m = 1; m < WIDTHS.size(); m++)
                for (int k = 0; k < results.getFirst().size(); k++)
                    assertTrue(results.getFirst().get(k).sameBits(results.get(m).get(k)),
                            "output " + k + " has other bits on " + WIDTHS.get(m) + " than on " + WIDTHS.getFirst());
            agree(sample, WIDTHS.getFirst());
        }
    }

    /** Also through while loops, whose way back is made of loops within loops. */
    @Property(tries = 40, seed = "20261125", generation = net.jqwik.api.GenerationMode.RANDOMIZED)
    void gradientsAgree(@ForAll @IntRange(max = 1_000_000) int seed) {
        var sample = RandomPrograms.of(seed, Purpose.DIFFERENCES, 8);
        var gradient = Transforms.program(Transforms.grad(Programs.loss(sample.program())),
                List.<Tensor>copyOf(sample.arguments()));
        for (Machine m : LOCALS) agree(new Sample(gradient, sample.arguments()), m);
    }

    // what random programs have found

    /** Of a square, it is not the sizes that say which axis a sum is over. */
    @Test void aSumOverTheFirstAxisOfASquareDoesNotRunAlongItsRows() {
        agree(new Sample(Recorder.trace(List.of(TensorType.f64(3, 3)), in -> {
            Tensor x = in.getFirst(), rows = x.sum(1).mul(0.5).broadcast(x.shape(), List.of(0));
            return List.of(x.add(rows), rows.add(rows.sum(0).mul(0.5)));
        }).closed(), List.of(Array.of(TensorType.f64(3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9))), forced(256, 1));
    }

    /** A step to the next number has some dozen branches; ASM computes no stack maps for thousands in one method. */
    @Test void methodsWithVeryManyBranchesAreDivided() {
        TensorType six = TensorType.f64(6);
        var program = Recorder.trace(Lists.each(17, _ -> six), v ->
                Lists.each(16, i -> new NextAfter().apply(v.get(i), v.get(i + 1)))).closed();
        agree(new Sample(program, Lists.each(17, i -> Array.of(six, i, 0.5, -i, 1e-300, 0, i - 8))), new Machine(0, 1));
    }

    /** Its first input is a vector, and no matrix that is large or small. */
    @Test void diagonalsAreNoMatrices() {
        TensorType d = TensorType.f64(3);
        agree(new Sample(Recorder.trace(List.of(d, d),
                in -> List.of(Linalg.solveTridiagonal(in.get(0), in.get(1), in.get(0), in.get(0)))).closed(),
                List.of(Array.f64(0.1, 0.2, 0.3), Array.f64(1, 2, 3))), forced(0, 1));
    }

    private static void agree(Sample sample, Machine machine) {
        List<Array> expected = new ArrayList<>(), found = new ArrayList<>();
        List<Array> told = Told.during(() -> Evaluator.evaluate(sample.program(), sample.arguments())
                .forEach(t -> expected.add(t.array())));
        List<Array> heard = Told.during(() -> found.addAll(compiled(sample.program(), sample.arguments(), machine)));
        boolean halves = sample.program().toString().matches("(?s).*\\bb?f16\\b.*");
        close("on " + machine + ", output ", expected, found, halves);
        close("on " + machine + ", told ", Lists.concat(told, told), heard, halves);
    }

    private static void close(String what, List<Array> expected, List<Array> found, boolean halves) {
        assertEquals(Lists.map(expected, Array::type), Lists.map(found, Array::type), what);
        for (int k = 0; k < found.size(); k++) close(what + k, expected.get(k), found.get(k), halves);
    }

    /**
     * Sums may be in another order and functions have other last bits; the programs are well-conditioned, some in f32
     * or halves.
     */
    private static void close(String what, Array expected, Array found, boolean halves) {
        for (int i = 0; i < expected.type().elements(); i++) {
            double x = expected.get(i).doubleValue(), y = found.get(i).doubleValue();
            double tolerance = expected.dtype().isFloat() ? (halves ? 0.1 : 3e-4) * (1 + Math.abs(x)) : 0;
            boolean same = x == y || Double.isNaN(x) && Double.isNaN(y) || Math.abs(x - y) <= tolerance;
            assertTrue(same, what + " should be\n" + expected + "\nbut is\n" + found);
        }
    }

    /** Run twice, in the same workspace, into used memory: what is left there must not matter. */
    private static List<Array> compiled(Program program, List<Array> arguments, Machine machine) {
        var run = new JvmBackend(machine).compile(program, Lists.falses(arguments.size()));
        List<Array> last = new ArrayList<>();
        for (int turn = 0; turn < 2; turn++) {
            List<Array> now = UsedMemory.run(run, program, arguments);
            for (int k = 0; k < last.size(); k++)
                assertTrue(last.get(k).sameBits(now.get(k)), "output " + k + " differs between runs");
            last = now;
        }
        return last;
    }
}
