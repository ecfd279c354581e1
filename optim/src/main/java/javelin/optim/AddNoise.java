package javelin.optim;

import java.util.List;
import javelin.Key;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * {@code g + sqrt(eta / t^gamma) N(0, 1)} with t the count of updates. Neelakantan et al., "Adding gradient noise
 * improves learning for very deep networks", arXiv:1511.06807. (optax.add_noise)
 *
 * @param key of the first update; later ones come from it
 */
public record AddNoise<P>(double eta, double gamma, Key key) implements GradientTransformation<P, AddNoise.State> {

    public record State(Tensor count, Key rngKey) implements Counted {}

    @Override public State init(P params) { return new State(Counted.none(), key); }

    @Override public Step<P, State> update(P gradients, State state, P params) {
        Tensor count = Counted.next(state.count()), t = count.astype(DType.F32);
        Tensor deviation = t.pow(t.like(gamma)).reciprocal().mul(eta).sqrt();
        List<Key> keys = state.rngKey().split(2);
        List<Key> each = keys.get(1).split(TreeMath.leaves(gradients).size());
        int[] next = {0};
        P noise = TreeMath.map(gradients, g -> each.get(next[0]++).normal(g.type()));
        return new Step<>(TreeMath.addScaled(gradients, deviation, noise), new State(count, keys.get(0)));
    }
}
