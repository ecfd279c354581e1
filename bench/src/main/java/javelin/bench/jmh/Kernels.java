package javelin.bench.jmh;

import static javelin.Transforms.jit;

import java.util.concurrent.TimeUnit;
import javelin.Jit;
import javelin.Key;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import javelin.nn.Activations;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Single kernels, called through {@code jit} on one thread. */
public class Kernels {
    /** Runs those whose names match {@code regex}; gives the status for the shell. */
    public static int run(String regex) throws RunnerException {
        var options = new OptionsBuilder().include(regex).mode(Mode.AverageTime).timeUnit(TimeUnit.MICROSECONDS)
                .forks(5).jvmArgsAppend("--add-modules", "jdk.incubator.vector", "-Djavelin.threads=1")
                .warmupIterations(3).warmupTime(TimeValue.seconds(1)).measurementIterations(5)
                        .measurementTime(TimeValue.seconds(1));
        return new Runner(options.build()).run().isEmpty() ? 1 : 0;
    }

    /** {@code elements} normal numbers, the same ones each time. */
    private static Tensor normal(int... sizes) { return Key.of(0).normal(TensorType.f32(sizes)); }

    /** What a call costs beside the computing. */
    @State(Scope.Thread)
    public static class Dispatch {
        private final Jit.Of1<Tensor, Tensor> f = jit((Tensor x) -> x.add(1));
        private final Tensor x = Array.scalar(1f);

        @Benchmark public Tensor scalarAdd() { return f.apply(x); }
    }

    /** {@code 2 tanh(1.5 x + 0.5) + x} */
    @State(Scope.Thread)
    public static class Pointwise {
        @Param({"1000", "16384", "1048576"}) int elements;
        private final Jit.Of1<Tensor, Tensor> f = jit((Tensor x) -> x.mul(1.5).add(0.5).tanh().mul(2).add(x));
        private Tensor x;

        @Setup public void draw() { x = normal(elements); }

        @Benchmark public Tensor fusedMap() { return f.apply(x); }
    }

    /** Rows that need two passes over themselves. */
    @State(Scope.Thread)
    public static class Rows {
        @Param({"100", "1024"}) int columns;
        private final Jit.Of1<Tensor, Tensor> f = jit((Tensor x) -> Activations.softmax(x));
        private Tensor x;

        @Setup public void draw() { x = normal(256, columns); }

        @Benchmark public Tensor softmax() { return f.apply(x); }
    }

    /** Products of square matrices. */
    @State(Scope.Thread)
    public static class Products {
        @Param({"64", "256", "512"}) int size;
        private final Jit.Of2<Tensor, Tensor, Tensor> f = jit((Tensor a, Tensor b) -> a.matmul(b));
        private Tensor a, b;

        @Setup public void draw() {
            a = normal(size, size);
            b = normal(size, size);
        }

        @Benchmark public Tensor gemm() { return f.apply(a, b); }
    }
}
