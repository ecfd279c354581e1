package javelin.optim;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.tree.Trees;

/** Tensor by tensor over trees of one structure; what is not floating-point stays as it is in the first. */
final class Floats {
    private Floats() {}

    @FunctionalInterface
    interface Ternary { Tensor apply(Tensor a, Tensor b, Tensor c); }

    static <P> P map(P a, UnaryOperator<Tensor> f) { return Trees.map(a, x -> x.dtype().isFloat() ? f.apply(x) : x); }

    static <P> P zip(String what, P a, P b, BinaryOperator<Tensor> f) {
        return zip(what, a, b, b, (x, y, _) -> f.apply(x, y));
    }

    static <P> P zip(String what, P a, P b, P c, Ternary f) {
        var x = Trees.flatten(a);
        var y = Trees.flatten(b);
        var z = Trees.flatten(c);
        Trees.requireSame(what + ": gradients, state and parameters must have one structure", x.def(), y.def());
        Trees.requireSame(what + ": gradients, state and parameters must have one structure", x.def(), z.def());
        return Trees.unflatten(x.def(), Lists.each(x.leaves().size(), i -> {
            Tensor first = x.leaves().get(i);
            return first.dtype().isFloat() ? f.apply(first, y.leaves().get(i), z.leaves().get(i)) : first;
        }));
    }

    /** The floating-point tensors of a tree, in order. */
    static List<Tensor> leaves(Object tree) {
        return Trees.leaves(tree).stream().filter(t -> t.dtype().isFloat()).toList();
    }

    /** Zeros in place of all tensors. */
    static <P> P zeros(P tree) { return Trees.map(tree, t -> Tensor.zeros(t.type())); }
}
