package javelin.compiler.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import javelin.Control;
import javelin.compiler.JvmBackend;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loops that a large product runs on its rows give what they give after the product, bit for bit. */
class EpiloguesTest {
    private static final int ROWS = 420, INNER = 24, COLUMNS = 320;

    /** {@code f} takes the product {@code x w} or {@code x^T w}, and x, w and a residual of the product's shape. */
    private record Case(String name, TensorType x, TensorType w, boolean transposed, Function<List<Tensor>, Tensor> f) {
        Tensor product(List<Tensor> in) { return (transposed ? in.get(0).transpose() : in.get(0)).matmul(in.get(1)); }

        @Override public String toString() { return name; }
    }

    static Stream<Case> cases() {
        TensorType x = TensorType.f32(ROWS, INNER), w = TensorType.f32(INNER, COLUMNS),
                square = TensorType.f32(400, 400);
        return Stream.of(
                new Case("bias and activation", x, w, false, in -> in.get(0).add(in.get(2).sum(0)).tanh()),
                new Case("softmax of rows", x, w, false, in -> {
                    Tensor y = in.get(0), e = y.sub(y.keep(y.max(1), 1)).exp();
                    return e.mul(e.keep(e.sum(1), 1).reciprocal());
                }),
                new Case("residual", x, w, false, in -> in.get(3).mul(0.5).add(in.get(0))),
                new Case("residual that is a factor", square, square, true, in -> in.get(1).mul(0.5).add(in.get(0))),
                new Case("weights less their gradient", square, square, true, in -> in.get(2).sub(in.get(0).mul(0.1))),
                new Case("at a rate that is computed", square, square, true, in ->
                        in.get(2).sub(in.get(0).mul(in.get(2).slice(0, 0, 1).slice(1, 0, 1).reshape().tanh()))),
                new Case("and something else that reads it", x, w, false, in -> {
                    Tensor y = in.get(0), ofRow = y.tanh().matmul(in.get(3).slice(0, 0, 1).reshape(COLUMNS));
                    return y.mul(y.keep(ofRow, 1));
                }));
    }

    @ParameterizedTest @MethodSource("cases")
    void theSameBitsAsAfterTheProduct(Case c) {
        TensorType product = TensorType.f32(c.x().shape().size(0), c.w().shape().size(1));
        List<Array> arguments = List.of(random(1, c.x()), random(2, c.w()), random(3, product));
        Program multiply = program(arguments.subList(0, 2), c::product);
        Array separate = run(multiply, arguments.subList(0, 2), 1, false);
        List<Array> all = Lists.concat(List.of(separate), arguments);
        Array expected = run(program(all, c.f()), all, 1, false);
        Program together = program(arguments, in -> c.f().apply(Lists.concat(List.of(c.product(in)), in)));
        String plan = new JvmBackend(new Machine(512, 1)).explain(together);
        assertEquals(1, plan.lines().filter(l -> l.contains(", by rows with")).count(), plan);
        for (int threads : List.of(1, 2))
            for (boolean donated : List.of(false, true))
                assertTrue(expected.sameBits(run(together, arguments, threads, donated)),
                        threads + " threads, donated " + donated);
    }

    /** The scalar is state that the loop keeps in a local variable, the weights are state that it exchanges. */
    @ParameterizedTest @ValueSource(ints = {1, 2})
    void inALoop(int threads) {
        record State(Tensor weights, Tensor rate) {}
        TensorType square = TensorType.f32(400, 400);
        List<Array> arguments = List.of(random(1, square), random(2, square), Array.scalar(0.7f));
        BiFunction<Tensor, State, State> step = (x, s) -> new State(
                s.weights().mul(0.5).sub(x.matmul(s.weights()).mul(s.rate().tanh()).mul(0.01)), s.rate().mul(0.9));
        Program loop = program(arguments, in -> Control.scan(
                (State s) -> new Control.Step<>(step.apply(in.get(1), s), s.rate()),
                new State(in.get(0), in.get(2)), 2).carry().weights());
        Program unrolled = program(arguments, in ->
                step.apply(in.get(1), step.apply(in.get(1), new State(in.get(0), in.get(2)))).weights());
        assertTrue(new JvmBackend(new Machine(512, threads)).explain(loop).contains(", by rows with"));
        Array expected = run(unrolled, arguments, 1, false);
        for (boolean donated : List.of(false, true))
            assertTrue(expected.sameBits(run(loop, arguments, threads, donated)), "donated " + donated);
    }

    private static Array random(long seed, TensorType type) {
        float[] numbers = new float[type.elements()];
        var random = new Random(seed);
        for (int i = 0; i < numbers.length; i++) numbers[i] = (float) random.nextGaussian();
        return Array.wrap(type, numbers);
    }

    private static Program program(List<Array> arguments, Function<List<Tensor>, Tensor> f) {
        return Recorder.trace(Lists.map(arguments, Array::type), in -> List.of(f.apply(in))).closed();
    }

    private static Array run(Program program, List<Array> arguments, int threads, boolean donated) {
        var executable = new JvmBackend(new Machine(512, threads))
                .compile(program, new ArrayList<>(Lists.each(arguments.size(), _ -> donated)));
        Object[] outputs = new Object[1];
        executable.run(arguments.stream().map(a -> (Object) ((float[]) a.storage()).clone()).toArray(), outputs);
        return Array.wrap(program.outputTypes().getFirst(), outputs[0]);
    }
}
