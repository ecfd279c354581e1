package javelin.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javelin.compiler.schedule.Machine;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.ops.LimitCase;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ops at the ends of every integer type, compiled for vectors of every width, and in locals. */
class CompiledLimitsTest {
    private static final List<Machine> MACHINES = Lists.concat(
            Lists.map(List.of(0, 64, 128, 256, 512), bits -> new Machine(bits, 1, 0, 1, 1)),
            List.of(new Machine(0, 1, 64, 4096, 1 << 19)));

    static Stream<Named<List<LimitCase>>> types() {
        Map<String, List<LimitCase>> types = LimitCase.all().stream().collect(Collectors.groupingBy(
                c -> c.inputs().getFirst().dtype().toString(), TreeMap::new, Collectors.toList()));
        return types.entrySet().stream().map(e -> Named.of(e.getKey(), e.getValue()));
    }

    @ParameterizedTest @MethodSource("types")
    void numbersAreThoseOfExactArithmetic(List<LimitCase> cases) {
        List<Array> arguments = cases.stream().flatMap(c -> c.inputs().stream()).toList();
        Program program = Recorder.trace(Lists.map(arguments, Array::type), in -> {
            List<Tensor> out = new ArrayList<>();
            int at = 0;
            for (LimitCase c : cases)
                out.add(Op.apply(c.op(), in.subList(at, at += c.inputs().size())).getFirst());
            return out;
        }).closed();
        for (Machine m : MACHINES) {
            List<Array> outputs = UsedMemory.run(new JvmBackend(m).compile(program, Lists.falses(arguments.size())),
                    program, arguments);
            for (int k = 0; k < outputs.size(); k++) cases.get(k).check(outputs.get(k));
        }
    }
}
