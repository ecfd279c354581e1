package javelin.bench;

import static javelin.Transforms.jit;

import java.util.List;
import java.util.function.Function;
import javelin.bench.Workload.Repeated;
import javelin.core.Tensor;
import javelin.nn.Activations;

/** Products of matrices. */
final class Products {
    static final List<Workload> ALL = List.of(
            matmul("gemm_64", in -> in.f32(64, 64)),
            matmul("gemm_256", in -> in.f32(256, 256)),
            matmul("gemm_1024", in -> in.f32(1024, 1024)),
            matmul("gemm_2048", in -> in.f32(2048, 2048)),
            matmul("gemm_512_f64", in -> in.f64(512, 512)),
            matmul("batched_gemm_64x128", in -> in.f32(64, 128, 128)),
            new Repeated("attention_8x256x64", in -> {
                var f = jit(Products::attention);
                Tensor q = in.f32(8, 256, 64), k = in.f32(8, 256, 64), v = in.f32(8, 256, 64);
                return () -> f.apply(q, k, v);
            }));

    private Products() {}

    /** The product of two drawn alike. */
    private static Workload matmul(String name, Function<Inputs, Tensor> draw) {
        return new Repeated(name, in -> {
            var f = jit(Tensor::matmul);
            Tensor a = draw.apply(in), b = draw.apply(in);
            return () -> f.apply(a, b);
        });
    }

    static Tensor attention(Tensor q, Tensor k, Tensor v) {
        return Activations.softmax(q.matmul(k.swapAxes(-1, -2)).mul(0.125)).matmul(v);
    }
}
