package javelin.check;

import java.util.List;
import java.util.function.Function;
import javelin.Pair;
import javelin.Transforms;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/** Programs made from a program by the user's own transformations, as closed programs over lists. */
final class Derived {
    private Derived() {}

    static Function<List<Tensor>, List<Tensor>> function(Program p) { return p::apply; }

    private static Program traced(Function<Pair<List<Tensor>, List<Tensor>>, List<Tensor>> f,
            List<TensorType> first, List<TensorType> second) {
        return Transforms.program(f, new Pair<>(Lists.map(first, Tensor::zeros), Lists.map(second, Tensor::zeros)));
    }

    /** {@code (x, v) -> J(x) v} */
    static Program jvp(Program p) {
        return traced(q -> Transforms.jvp(function(p)).apply(q.first(), q.second()).tangent(), p.inputTypes(),
                p.inputTypes());
    }

    /** {@code (x, w) -> w J(x)} */
    static Program vjp(Program p) {
        return traced(q -> Transforms.vjp(function(p), q.first()).pullback().apply(q.second()), p.inputTypes(),
                p.outputTypes());
    }
}
