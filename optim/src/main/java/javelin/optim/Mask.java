package javelin.optim;

import java.util.List;
import java.util.stream.Stream;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.tree.Trees;

/**
 * Which tensors of a tree something applies to. Paths are as {@code .layers[0].kernel} in records and lists, {@code
 * .tree[Dense_0][kernel]} in {@code Variables}. Masks are asked while a function is traced, so they see types and no
 * values.
 */
@FunctionalInterface
public interface Mask {
    boolean applies(String path, Tensor tensor);

    static Mask all() { return (_, _) -> true; }

    /** Matrices and what has more axes: weights without biases, gains and scalars, what is usually decayed. */
    static Mask matrices() { return (_, tensor) -> tensor.rank() >= 2; }

    /** What has one of these names as a step of its path: {@code named("Dense_0", "bias")}. */
    static Mask named(String... names) {
        return (path, _) -> Stream.of(path.split("[.\\[\\]]+")).anyMatch(List.of(names)::contains);
    }

    default Mask not() { return (path, tensor) -> !applies(path, tensor); }

    default Mask and(Mask that) { return (path, tensor) -> applies(path, tensor) && that.applies(path, tensor); }

    /** For each tensor of a tree whether it applies; integers and booleans are never trained. */
    default List<Boolean> over(Object tree) {
        var flat = Trees.flatten(tree);
        List<String> paths = tree instanceof Selected selected ? selected.paths() : flat.def().paths();
        return Lists.each(paths.size(), i -> flat.leaves().get(i).dtype().isFloat()
                && applies(paths.get(i), flat.leaves().get(i)));
    }
}
