package javelin.compiler.library;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javelin.compiler.JvmBackend;
import javelin.compiler.schedule.Machine;
import javelin.core.Array;
import javelin.core.Evaluator;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.ops.Fft;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps of every factor, alone and after one another, and Bluestein's convolution, against the evaluator. */
class FourierTest {
    record Case(DType type, int lines, int n) {}

    static Stream<Case> cases() {
        return Stream.of(DType.F64, DType.F32).flatMap(t -> Stream.concat(
                IntStream.of(0, 1, 2, 3, 4, 5, 7, 8, 11, 13, 17, 34, 60, 64, 77, 97, 143, 210, 256, 768)
                        .boxed().flatMap(n -> Stream.of(1, 17).map(lines -> new Case(t, lines, n))),
                Stream.of(new Case(t, 0, 4), new Case(t, 2, 1000), new Case(t, 5, 1009), new Case(t, 40, 1024),
                        new Case(t, 1, 4093), new Case(t, 1, 8192))));
    }

    @ParameterizedTest @MethodSource("cases")
    void compiledIsEvaluated(Case c) {
        for (boolean inverse : new boolean[] {false, true}) {
            TensorType x = TensorType.of(c.type, c.lines, c.n);
            Program program = Recorder.trace(List.of(x, x), in -> Op.apply(new Fft(inverse), in)).closed();
            List<Array> in = Lists.each(2, i -> Array.of(x, new Random(i).doubles(x.elements(), -1, 1).toArray()));
            List<Array> first = compiled(program, in, new Machine(0, 1));
            for (Machine m : List.of(new Machine(512, 1, 0, 1, 1), new Machine(256, 3, 0, 1, 1), new Machine(128, 2)))
                for (int part = 0; part < 2; part++)
                    assertTrue(first.get(part).sameBits(compiled(program, in, m).get(part)), "other bits on " + m);
            near(c, Evaluator.evaluate(program, in), first);
        }
    }

    /** The error of all elements together grows with the logarithm of the length; Bluestein's is that of three. */
    private static void near(Case c, List<Tensor> expected, List<Array> found) {
        double error = 0, size = 0;
        for (int part = 0; part < 2; part++) {
            double[] e = expected.get(part).array().toDoubles(), f = found.get(part).toDoubles();
            for (int i = 0; i < e.length; i++) {
                error += (e[i] - f[i]) * (e[i] - f[i]);
                size += e[i] * e[i];
            }
        }
        double bound = 2 * Math.scalb(1.0, -c.type.fractionBits()) * (1 + Math.log(1 + c.n));
        assertTrue(Math.sqrt(error) <= bound * Math.sqrt(size), "off by " + Math.sqrt(error / size) + ", not " + bound);
    }

    private static List<Array> compiled(Program program, List<Array> in, Machine machine) {
        var run = new JvmBackend(machine).compile(program, Lists.falses(2));
        Object[] out = new Object[2];
        for (int turn = 0; turn < 2; turn++) run.run(in.stream().map(Array::storage).toArray(), out);
        return Lists.each(2, i -> Array.wrap(program.outputTypes().get(i), out[i]));
    }
}
