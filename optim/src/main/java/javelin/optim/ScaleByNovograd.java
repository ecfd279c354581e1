package javelin.optim;

import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * {@code m = b1 m + g / (sqrt(v + epsRoot) + eps) + weightDecay p} with v the decaying mean of a whole tensor's squared
 * norm; the first of each are the gradient's own. Ginsburg et al., arXiv:1905.11286. (optax.scale_by_novograd)
 */
public record ScaleByNovograd<P>(Decays decays, double weightDecay)
        implements GradientTransformation<P, ScaleByAdam.State<P>> {

    @Override public ScaleByAdam.State<P> init(P params) {
        return new ScaleByAdam.State<>(Counted.none(), decays.noMean(params),
                TreeMath.map(params, p -> Tensor.zeros(TensorType.of(p.dtype()))));
    }

    @Override public Step<P, ScaleByAdam.State<P>> update(P gradients, ScaleByAdam.State<P> state, P params) {
        Tensor first = state.count().eq(0);
        P nu = TreeMath.zip("novograd", gradients, state.nu(), (g, v) -> {
            Tensor square = g.square().sum();
            return first.where(square, Moments.mean(square, v, decays.b2()));
        });
        P mu = TreeMath.zip("novograd", gradients, state.mu(), nu, params, (g, m, v, p) -> {
            Tensor scaled = g.div(decays.root(v)).add(p.mul(weightDecay));
            return first.where(scaled, m.astype(g.dtype()).mul(decays.b1()).add(scaled));
        });
        P kept = TreeMath.castLike(mu, state.mu());
        return new Step<>(kept, new ScaleByAdam.State<>(Counted.next(state.count()), kept, nu));
    }
}
