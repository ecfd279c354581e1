package javelin.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import javelin.Transforms;
import javelin.check.Programs;
import javelin.check.RandomPrograms;
import javelin.compiler.schedule.Machine;
import javelin.core.Array;
import javelin.core.Evaluator;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random programs, loops and branches included, mean the same to the compiler as to the evaluator, on every machine. */
class CompiledProgramsTest {
    /** Every tier for every size: nothing in locals, nothing too small for vectors or threads. */
    private static Machine forced(int vectorBits, int threads) { return new Machine(vectorBits, threads, 0, 1, 1); }

    private static final List<Machine> WIDTHS = List.of(forced(0, 1), forced(64, 1), forced(128, 1), forced(256, 1), forced(512, 1), forced(512, 3), forced(0, 2));
    private static final List<Machine> LOCALS = List.of(new Machine(0, 1), new Machine(0, 1, 3, 4096, 1 << 19), new Machine(0, 1, 64, 4096, 1 << 19));

    @Property(tries = 60, seed = "20261122", generation = net.jqwik.api.GenerationMode.RANDOMIZED)
    void evaluatorAndLoopsAgree(@ForAll @IntRange(max = 1_000_000) int seed) {
        loopsAgree(RandomPrograms.of(seed, RandomPrograms.Purpose.VALUES, 10));
    }

    @Property(tries = 60, seed = "20261124", generation = net.jqwik.api.GenerationMode.RANDOMIZED)
    void halvesAgree(@ForAll @IntRange(max = 1_000_000) int seed) {
        var sample = RandomPrograms.of(seed, RandomPrograms.Purpose.HALVES, 8);
        loopsAgree(sample);
        for (Machine m : LOCALS) agree(sample, compiled(sample.program(), sample.arguments(), m));
    }

    /** Also through while loops, whose way back is made of loops within loops. */
    @Property(tries = 40, seed = "20261125", generation = net.jqwik.api.GenerationMode.RANDOMIZED)
    void gradientsAgree(@ForAll @IntRange(max = 1_000_000) int seed) {
        var sample = RandomPrograms.of(seed, RandomPrograms.Purpose.DIFFERENCES, 8);
        Program gradient = Transforms.program(Transforms.grad(Programs.loss(sample.program())), List.<Tensor>copyOf(sample.arguments()));
        var both = new RandomPrograms.Sample(gradient, sample.arguments());
        for (Machine m : LOCALS) agree(both, compiled(gradient, both.arguments(), m));
    }

    private static void loopsAgree(RandomPrograms.Sample sample) {
        List<List<Array>> results = Lists.map(WIDTHS, m -> compiled(sample.program(), sample.arguments(), m));
        for (int m = 1; m < WIDTHS.size(); m++)
            for (int k = 0; k < results.getFirst().size(); k++)
                assertTrue(results.getFirst().get(k).sameBits(results.get(m).get(k)), "output " + k + " has other bits on " + WIDTHS.get(m) + " than on " + WIDTHS.getFirst());
        agree(sample, results.getFirst());
    }

    @Property(tries = 250, seed = "20261123", generation = net.jqwik.api.GenerationMode.RANDOMIZED)
    void evaluatorAndLocalsAgree(@ForAll @IntRange(max = 1_000_000) int seed) {
        var sample = RandomPrograms.of(seed, RandomPrograms.Purpose.ALL_OPS, 14);
        for (Machine m : LOCALS) agree(sample, compiled(sample.program(), sample.arguments(), m));
    }

    private static void agree(RandomPrograms.Sample sample, List<Array> found) {
        List<Tensor> expected = Evaluator.evaluate(sample.program(), sample.arguments());
        boolean halves = sample.program().toString().matches("(?s).*\\bb?f16\\b.*");
        for (int k = 0; k < found.size(); k++) close(k, (Array) expected.get(k), found.get(k), halves);
    }

    /** Sums may be in another order and functions have other last bits; the programs are well-conditioned, some in f32 or halves. */
    private static void close(int k, Array expected, Array found, boolean halves) {
        assertEquals(expected.type(), found.type());
        for (int i = 0; i < expected.type().elements(); i++) {
            double x = expected.get(i).doubleValue(), y = found.get(i).doubleValue();
            double tolerance = expected.dtype().isFloat() ? (halves ? 0.1 : 3e-4) * (1 + Math.abs(x)) : 0;
            boolean same = x == y || Double.isNaN(x) && Double.isNaN(y) || Math.abs(x - y) <= tolerance;
            assertTrue(same, "output " + k + " should be\n" + expected + "\nbut is\n" + found);
        }
    }

    /** Run twice, in the same workspace: what the first run leaves behind must not matter. */
    private static List<Array> compiled(Program program, List<Array> arguments, Machine machine) {
        var run = new JvmBackend(machine).compile(program, Lists.falses(arguments.size()));
        List<Array> last = new ArrayList<>();
        for (int turn = 0; turn < 2; turn++) {
            Object[] outputs = new Object[program.outputs().size()];
            run.run(arguments.stream().map(Array::storage).toArray(), outputs);
            List<Array> now = Lists.each(outputs.length, k -> Array.wrap(program.outputTypes().get(k), outputs[k]));
            for (int k = 0; k < last.size(); k++) assertTrue(last.get(k).sameBits(now.get(k)), "output " + k + " differs between runs");
            last = now;
        }
        return last;
    }
}
