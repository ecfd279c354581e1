package javelin.bench;

import static javelin.Transforms.grad;
import static javelin.Transforms.jit;

import java.util.List;
import java.util.function.Supplier;
import javelin.Segments;
import javelin.bench.Workload.Repeated;
import javelin.core.Index;
import javelin.core.Tensor;

/** Reading and adding at places given by integers. */
final class Indexing {
    static final List<Workload> ALL = List.of(
            new Repeated("segment_sum_1m", Indexing::segmentSum),
            new Repeated("gather_rows_100k", Indexing::gatherRows),
            new Repeated("embedding_gradient", Indexing::embeddingGradient));

    private Indexing() {}

    static Supplier<?> segmentSum(Inputs in) {
        var f = jit((Tensor x, Tensor i) -> Segments.sum(x, i, 1000));
        Tensor x = in.f32(1 << 20), i = in.integers(0, 1000, 1 << 20);
        return () -> f.apply(x, i);
    }

    static Supplier<?> gatherRows(Inputs in) {
        var f = jit((Tensor x, Tensor i) -> x.index(Index.of(i)));
        Tensor x = in.f32(10_000, 64), i = in.integers(0, 10_000, 100_000);
        return () -> f.apply(x, i);
    }

    static Supplier<?> embeddingGradient(Inputs in) {
        var f = jit(grad((Tensor e, Tensor i) -> e.index(Index.of(i)).square().sum()));
        Tensor e = in.f32(10_000, 64), i = in.integers(0, 10_000, 20_000);
        return () -> f.apply(e, i);
    }
}
