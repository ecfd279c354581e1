package javelin.bench;

import static javelin.Transforms.jit;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import javelin.bench.Workload.Repeated;
import javelin.core.Tensor;
import javelin.nn.Activations;

/** Maps and reductions, small and larger than every cache. */
final class Maps {
    static final List<Workload> ALL = List.of(
            of("fused_map_1m", Maps::fusedMap, 1 << 20),
            of("fused_map_16m", Maps::fusedMap, 1 << 24),
            ofTwo("saxpy_16m", (x, y) -> x.mul(2.5).add(y), 1 << 24),
            of("gelu_1m", Activations::gelu, 1 << 20),
            of("softmax_1024", Activations::softmax, 1024, 1024),
            of("layer_norm_1024", Maps::layerNorm, 1024, 1024),
            of("sum_columns_2048", x -> x.sum(0), 2048, 2048),
            of("variance_4m", x -> x.var(), 1 << 22),
            of("transpose_2048", x -> x.transpose().add(0), 2048, 2048));

    private Maps() {}

    /** {@code f} of one tensor of standard normal numbers. */
    private static Workload of(String name, Function<Tensor, Tensor> f, int... sizes) {
        return new Repeated(name, in -> {
            var compiled = jit(f);
            Tensor x = in.f32(sizes);
            return () -> compiled.apply(x);
        });
    }

    /** {@code f} of two tensors of standard normal numbers. */
    private static Workload ofTwo(String name, BiFunction<Tensor, Tensor, Tensor> f, int... sizes) {
        return new Repeated(name, in -> {
            var compiled = jit(f);
            Tensor x = in.f32(sizes), y = in.f32(sizes);
            return () -> compiled.apply(x, y);
        });
    }

    static Tensor fusedMap(Tensor x) { return x.mul(1.5).add(0.5).tanh().mul(2).add(x); }

    static Tensor layerNorm(Tensor x) {
        return x.sub(x.keep(x.mean(-1), -1)).mul(x.keep(x.var(-1), -1).add(1e-5).rsqrt());
    }
}
