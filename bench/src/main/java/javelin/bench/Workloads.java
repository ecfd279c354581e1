package javelin.bench;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All workloads, in the order of the peers' files, and how many times faster than JAX on one thread some have to be.
 */
final class Workloads {
    static final List<Workload> ALL = Stream.of(Dispatch.ALL, Training.ALL, Loops.ALL, Finance.ALL, Maps.ALL,
            Products.ALL,
            Convolutions.ALL, Indexing.ALL, Order.ALL, RandomNumbers.ALL, LinearAlgebra.ALL, Optimizing.ALL,
            FirstCalls.ALL)
            .<Workload>flatMap(List::stream).toList();

    private static final Map<String, Double> BARS = Map.ofEntries(
            Map.entry("dispatch_scalar", 15.0), Map.entry("dispatch_tree_100", 15.0), Map.entry("xor_step", 20.0),
            Map.entry("xor_2000_steps_in_one_scan", 3.0), Map.entry("scan_of_60_scalar_carries_gradient", 5.0),
            Map.entry("rk4_lorenz_gradient_1000_steps_f64", 10.0), Map.entry("mlp_step", 1.1),
            Map.entry("cnn_step", 1.5), Map.entry("transformer_step", 1.5), Map.entry("lstm_gradient", 1.5),
            Map.entry("fused_map_16m", 1.5), Map.entry("softmax_1024", 1.0), Map.entry("layer_norm_1024", 1.0),
            Map.entry("gemm_1024", 0.6), Map.entry("kalman_gradient_f64", 5.0),
            Map.entry("newton_while_vmapped_f64", 1.0), Map.entry("hessian_64_f64", 2.0),
            Map.entry("black_scholes_greeks_1m", 1.0), Map.entry("monte_carlo_heston_gradient_f64", 1.5),
            Map.entry("solve_3x3_10000", 1.0), Map.entry("cholesky_512_f64", 0.5), Map.entry("sort_1m", 10.0),
            Map.entry("argsort_1m", 10.0), Map.entry("permutation_1m", 10.0), Map.entry("cumsum_1m", 5.0),
            Map.entry("top_k_50_of_100x10000", 1.0), Map.entry("segment_sum_1m", 1.0),
            Map.entry("gather_rows_100k", 1.0), Map.entry("embedding_gradient", 1.0),
            Map.entry("random_uniform_1m", 2.0), Map.entry("random_normal_1m", 2.0),
            Map.entry("conv_32x56x56x64_3x3", 0.7), Map.entry("depthwise_conv_32x56x56x64", 8.0));

    private Workloads() {}

    static List<Workload> where(Predicate<String> name) {
        return ALL.stream().filter(w -> name.test(w.name())).toList();
    }

    /** The least ratio of JAX's time to ours that is good enough, for workloads that have one. */
    static OptionalDouble bar(String name) {
        return BARS.containsKey(name) ? OptionalDouble.of(BARS.get(name)) : OptionalDouble.empty();
    }
}
