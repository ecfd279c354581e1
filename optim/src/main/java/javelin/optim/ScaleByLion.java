package javelin.optim;

import java.util.Optional;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * {@code sign((1 - b1) g + b1 m)}, then {@code m = b2 m + (1 - b2) g}. Chen et al., "Symbolic discovery of optimization
 * algorithms", arXiv:2302.06675. (optax.scale_by_lion)
 *
 * @param meanType the type to keep m in, if not that of the parameters
 */
public record ScaleByLion<P>(double b1, double b2, Optional<DType> meanType)
        implements GradientTransformation<P, ScaleByLion.State<P>> {

    public record State<P>(Tensor count, P mu) implements Counted {}

    @Override public State<P> init(P params) {
        P zeros = TreeMath.zeros(params);
        return new State<>(Counted.none(), meanType.isEmpty() ? zeros : TreeMath.cast(zeros, meanType.get()));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        P updates = TreeMath.zip("lion", gradients, state.mu(), (g, m) ->
                g.mul(1 - b1).add(m.astype(g.dtype()).mul(b1)).sign());
        P mu = Moments.mean("lion", gradients, state.mu(), b2);
        return new Step<>(updates, new State<>(Counted.next(state.count()), TreeMath.castLike(mu, state.mu())));
    }
}
