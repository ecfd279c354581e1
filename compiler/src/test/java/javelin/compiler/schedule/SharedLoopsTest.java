package javelin.compiler.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import javelin.compiler.emit.Driver;
import javelin.compiler.emit.KernelLoader;
import javelin.compiler.emit.Kernels;
import javelin.compiler.memory.Planner;
import javelin.compiler.run.Workspace;
import javelin.compiler.simplify.Simplify;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long loops are shared by threads, short ones are not. */
class SharedLoopsTest {
    /** {@code f} takes many numbers and one. */
    private record Case(String name, int numbers, BinaryOperator<Tensor> f, boolean shared) {
        @Override public String toString() { return name; }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("a scalar that is given", 1 << 20, Tensor::mul, true),
                new Case("a scalar that is computed", 1 << 20, (x, s) -> x.mul(s.tanh().add(1)), true),
                new Case("few numbers", 100, Tensor::mul, false));
    }

    @ParameterizedTest @MethodSource("cases")
    void longLoopsAreSharedAndGiveTheSame(Case c) {
        var program = Simplify.run(Recorder.trace(List.of(TensorType.f32(c.numbers()), TensorType.f32()),
                in -> List.of(c.f().apply(in.get(0), in.get(1)))).closed());
        Workspace alone = driver(program, 1), several = driver(program, 2);
        assertFalse(isShared(alone));
        assertEquals(c.shared(), isShared(several));
        assertArrayEquals(run(alone, c.numbers()), run(several, c.numbers()));
    }

    private static Workspace driver(Program program, int threads) {
        var machine = new Machine(512, threads);
        var loader = new KernelLoader();
        return Driver.emit(Planner.plan(program, Lists.falses(2), machine, 6000), machine, loader,
                new Kernels(loader, machine, () -> { })).orElseThrow();
    }

    private static boolean isShared(Workspace driver) {
        return Arrays.stream(driver.getClass().getDeclaredMethods())
                .anyMatch(m -> m.getName().equals("run") && m.getParameterCount() == 3);
    }

    private static float[] run(Workspace driver, int numbers) {
        float[] x = new float[numbers];
        for (int i = 0; i < numbers; i++) x[i] = i;
        Object[] outputs = new Object[1];
        driver.run(new Object[] {x, new float[] {0.5f}}, outputs);
        return (float[]) outputs[0];
    }
}
