package javelin.bench;

import static javelin.Transforms.jit;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import javelin.bench.Workload.Repeated;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.tree.Trees;

/** Calling a compiled function: what it costs beside the computing. */
final class Dispatch {
    static final List<Workload> ALL = List.of(
            new Repeated("dispatch_scalar", Dispatch::scalar),
            new Repeated("dispatch_10_arguments", Dispatch::tenArguments),
            new Repeated("dispatch_tree_100", Dispatch::treeOf100),
            new Repeated("eager_add", Dispatch::eagerAdd));

    private Dispatch() {}

    static Supplier<?> scalar(Inputs in) {
        var f = jit((Tensor x) -> x.add(1));
        Tensor x = Array.scalar(1f);
        return () -> f.apply(x);
    }

    record Ten(Tensor a, Tensor b, Tensor c, Tensor d, Tensor e, Tensor f, Tensor g, Tensor h, Tensor i, Tensor j) {
        Tensor sum() { return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j); }
    }

    static Supplier<?> tenArguments(Inputs in) {
        var f = jit(Ten::sum);
        var ten = new Ten(in.f32(8), in.f32(8), in.f32(8), in.f32(8), in.f32(8), in.f32(8), in.f32(8), in.f32(8),
                in.f32(8), in.f32(8));
        return () -> f.apply(ten);
    }

    static Supplier<?> treeOf100(Inputs in) {
        var f = jit((Map<String, Map<String, Tensor>> t) -> Trees.map(t, x -> x.mul(2)));
        Map<String, Map<String, Tensor>> tree = new TreeMap<>();
        for (int i = 0; i < 100; i++) tree.put("k" + i, Map.of("w", in.f32(4)));
        return () -> f.apply(tree);
    }

    static Supplier<?> eagerAdd(Inputs in) {
        Tensor x = in.f32(16);
        return () -> x.add(x);
    }
}
