package javelin.bench;

import static javelin.Transforms.jit;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javelin.Key;
import javelin.Sorting;
import javelin.bench.Workload.Repeated;
import javelin.core.Tensor;

/** Sorts, permutations, prefix sums and the largest elements. */
final class Order {
    static final List<Workload> ALL = List.of(
            new Repeated("sort_1m", in -> ofAMillion(in, x -> x.sort(0))),
            new Repeated("argsort_1m", in -> ofAMillion(in, x -> x.argsort(0))),
            new Repeated("cumsum_1m", in -> ofAMillion(in, x -> x.cumsum(0))),
            new Repeated("permutation_1m", _ -> permutation()),
            new Repeated("top_k_50_of_100x10000", Order::topK));

    private Order() {}

    static Supplier<?> ofAMillion(Inputs in, UnaryOperator<Tensor> function) {
        var f = jit((Tensor x) -> function.apply(x));
        Tensor x = in.f32(1 << 20);
        return () -> f.apply(x);
    }

    static Supplier<?> permutation() {
        var f = jit((Key k) -> k.permutation(1 << 20));
        Key k = Key.of(0);
        return () -> f.apply(k);
    }

    static Supplier<?> topK(Inputs in) {
        var f = jit((Tensor x) -> Sorting.topK(x, 50));
        Tensor x = in.f32(100, 10_000);
        return () -> f.apply(x);
    }
}
