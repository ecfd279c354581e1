package javelin.bench;

import static javelin.Transforms.grad;
import static javelin.Transforms.jit;

import java.util.List;
import java.util.function.Supplier;
import javelin.Tensors;
import javelin.bench.Workload.Repeated;
import javelin.core.Tensor;
import javelin.core.ops.GatherAxes;
import javelin.core.ops.ScatterAdd;
import javelin.core.type.TensorType;

/** Reading and adding at places given by integers. */
final class Indexing {
    static final List<Workload> ALL = List.of(
            new Repeated("segment_sum_1m", Indexing::segmentSum),
            new Repeated("gather_rows_100k", Indexing::gatherRows),
            new Repeated("embedding_gradient", Indexing::embeddingGradient));

    private Indexing() {}

    static Supplier<?> segmentSum(Inputs in) {
        var numbers = new ScatterAdd(new GatherAxes(List.of(), List.of(0), List.of(0), List.of(), List.of()), GatherAxes.Mode.FILL_OR_DROP);
        var f = jit((Tensor x, Tensor i) -> numbers.apply(Tensors.zeros(TensorType.f32(1000)), i.expandDims(-1), x));
        Tensor x = in.f32(1 << 20), i = in.integers(0, 1000, 1 << 20);
        return () -> f.apply(x, i);
    }

    static Supplier<?> gatherRows(Inputs in) {
        var f = jit((Tensor x, Tensor i) -> x.take(i, 0));
        Tensor x = in.f32(10_000, 64), i = in.integers(0, 10_000, 100_000);
        return () -> f.apply(x, i);
    }

    static Supplier<?> embeddingGradient(Inputs in) {
        var f = jit(grad((Tensor e, Tensor i) -> e.take(i, 0).square().sum()));
        Tensor e = in.f32(10_000, 64), i = in.integers(0, 10_000, 20_000);
        return () -> f.apply(e, i);
    }
}
