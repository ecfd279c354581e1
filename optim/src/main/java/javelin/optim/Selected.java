package javelin.optim;

import java.util.List;
import java.util.stream.IntStream;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.tree.Static;
import javelin.core.tree.Trees;

/**
 * Some tensors of a tree: what a transformation under a {@link Mask} works on. (optax.MaskedNode in place of the rest)
 *
 * @param paths where each was in the tree, so that masks within masks see the same paths
 */
public record Selected(@Static List<String> paths, List<Tensor> tensors) {

    /** The tensors that {@code chosen} marks. */
    static Selected of(Object tree, List<Boolean> chosen) {
        var flat = Trees.flatten(tree);
        List<String> paths = tree instanceof Selected outer ? outer.paths() : flat.def().paths();
        return new Selected(Lists.where(paths, chosen, true), Lists.where(flat.leaves(), chosen, true));
    }

    /** The tree with these tensors in the place of those that {@code chosen} marks. */
    <P> P into(P tree, List<Boolean> chosen) {
        var flat = Trees.flatten(tree);
        int[] next = {0};
        return Trees.unflatten(flat.def(), IntStream.range(0, chosen.size())
                .mapToObj(i -> chosen.get(i) ? tensors.get(next[0]++) : flat.leaves().get(i)).toList());
    }
}
