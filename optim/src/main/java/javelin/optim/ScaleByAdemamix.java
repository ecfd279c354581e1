package javelin.optim;

import javelin.core.Tensor;

/**
 * Adam's direction with a second, much longer mean of gradients: {@code (m1 / (1 - b1^t) + alpha m2) / (sqrt(v / (1 -
 * b2^t) + epsRoot) + eps)}. Pagliardini, Ablin and Grangier, arXiv:2409.03137. (optax.contrib.scale_by_ademamix)
 *
 * @param b3    decay of m2, @param alpha its weight: schedules, in the paper growing from b1 and 0
 */
public record ScaleByAdemamix<P>(Decays decays, Schedule b3, Schedule alpha)
        implements GradientTransformation<P, ScaleByAdemamix.State<P>> {

    public record State<P>(Tensor count, P m1, P m2, P nu, Hyperparameter b3, Hyperparameter alpha)
            implements Counted {}

    @Override public State<P> init(P params) {
        return new State<>(Counted.none(), decays.noMean(params), decays.noMean(params), TreeMath.zeros(params),
                Hyperparameter.of(b3), Hyperparameter.of(alpha));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Tensor count = Counted.next(state.count());
        Hyperparameter slow = state.b3().next(b3, state.count()), weight = state.alpha().next(alpha, state.count());
        P m1 = Moments.mean("ademamix", gradients, state.m1(), decays.b1());
        P m2 = TreeMath.zip("ademamix", gradients, state.m2(), (g, m) ->
                Moments.mean(g, m.astype(g.dtype()), slow.value()));
        P nu = Moments.meanSquare("ademamix", gradients, state.nu(), decays.b2());
        P direction = TreeMath.zip("ademamix", Moments.corrected(m1, decays.b1(), count), m2, (a, b) ->
                a.add(b.mul(weight.like(b))));
        return new Step<>(decays.divided(direction, Moments.corrected(nu, decays.b2(), count)),
                new State<>(count, TreeMath.castLike(m1, state.m1()), TreeMath.castLike(m2, state.m2()), nu, slow,
                        weight));
    }
}
