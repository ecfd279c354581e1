package javelin.compiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javelin.check.Runner;
import javelin.check.Vectors;
import javelin.compiler.schedule.Machine;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.ops.OpCase;
import javelin.core.ops.Ops;
import javelin.core.ops.OtherTypes;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every op of the table against its reference, compiled for every width of vectors, for threads, and in locals. */
class CompiledOpsTest {
    /** Nothing in locals, nothing too small for vectors or threads; then everything in locals. */
    private static final List<Machine> MACHINES = Lists.concat(
            Lists.map(List.of(0, 64, 128, 256, 512), bits -> new Machine(bits, 1, 0, 1, 1)),
            List.of(new Machine(256, 3, 0, 1, 1), new Machine(0, 1, 64, 4096, 1 << 19)));
    /** Cases that are compiled as one program: a program costs more than an op. */
    private static final int TOGETHER = 8;
    /** How many eps factors of small matrices may differ by, for which the table has no reference. */
    private static final double OF_FACTORS = 64;

    static Stream<Named<List<OpCase>>> classes() {
        return Stream.concat(named(Ops.byClass(), ""), named(Ops.byClass(OtherTypes.all()), " at other types"));
    }

    private static Stream<Named<List<OpCase>>> named(List<List<OpCase>> classes, String more) {
        return classes.stream().map(cases -> Named.of(cases.getFirst().op().getClass().getSimpleName() + more, cases));
    }

    @ParameterizedTest @MethodSource("classes")
    void valuesAreThoseOfTheReferenceOnEveryMachine(List<OpCase> cases) {
        for (int from = 0; from < cases.size(); from += TOGETHER) {
            List<OpCase> some = cases.subList(from, Math.min(cases.size(), from + TOGETHER));
            List<List<Array>> inputs = Lists.map(some, c -> c.draw(1));
            List<List<Array>> evaluated = Lists.each(some.size(),
                    i -> Runner.EVALUATOR.arrays(some.get(i).program(), inputs.get(i)));
            Program program = program(some);
            List<Array> arguments = inputs.stream().flatMap(List::stream).toList(), first = List.of();
            // the first cases of every class on every machine, of the rest each part on two
            int part = from / TOGETHER;
            List<Machine> machines = part == 0 ? MACHINES
                    : List.of(MACHINES.get(part % 7), MACHINES.get((part + 3) % 7));
            for (Machine m : machines) {
                List<Array> outputs = run(program, arguments, m);
                int at = 0;
                for (int i = 0; i < some.size(); i++) {
                    int count = some.get(i).op().outputTypes(some.get(i).types()).size();
                    check(some.get(i), inputs.get(i), evaluated.get(i), outputs.subList(at, at += count));
                }
                if (first.isEmpty() && m.tiny() == 0) first = outputs;
                if (m.tiny() == 0)
                    for (int k = 0; k < first.size(); k++)
                        assertTrue(first.get(k).sameBits(outputs.get(k)),
                                "output " + k + " of " + program + " has other bits on " + m);
            }
        }
    }

    /** By the reference; and bit for bit as evaluated where nothing is left to choose: neither order nor formula. */
    private static void check(OpCase c, List<Array> inputs, List<Array> evaluated, List<Array> outputs) {
        c.checkValues(inputs, outputs);
        if (c.reference().isEmpty()) Vectors.assertClose(c.toString(), evaluated, outputs,
                OF_FACTORS * Vectors.epsilon(c.types()));
        for (int k = 0; k < outputs.size(); k++) {
            Array expected = evaluated.get(k), found = outputs.get(k);
            if (c.tolerance().isExact() || !expected.dtype().isFloat()) assertTrue(expected.sameBits(found),
                    () -> "an output of " + c + " for " + inputs + " is " + found + ", evaluated " + expected);
        }
    }

    private static Program program(List<OpCase> cases) {
        List<TensorType> types = cases.stream().flatMap(c -> c.types().stream()).toList();
        return Recorder.trace(types, in -> {
            List<Tensor> out = new ArrayList<>();
            int at = 0;
            for (OpCase c : cases) out.addAll(Op.apply(c.op(), in.subList(at, at += c.types().size())));
            return out;
        }).closed();
    }

    private static List<Array> run(Program program, List<Array> arguments, Machine machine) {
        return UsedMemory.run(new JvmBackend(machine).compile(program, Lists.falses(arguments.size())), program,
                arguments);
    }
}
