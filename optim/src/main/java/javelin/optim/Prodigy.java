package javelin.optim;

import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * Adam that finds its own learning rate, from how far the parameters have come along the gradients. Mishchenko and
 * Defazio, arXiv:2306.06101. The updates are complete: no learning rate follows. (optax.contrib.prodigy)
 *
 * @param rate           a factor, 1 for the estimate as it is
 * @param b3             decay of the estimate's sums; the root of b2 in the paper
 * @param first          the estimate to begin with
 * @param coefficient    a factor of the estimate
 * @param slowWarmup     whether rates are left out of the sums, for warm-up schedules (safeguard_warmup)
 */
public record Prodigy<P>(Schedule rate, Decays decays, double b3, double first, double coefficient,
        double weightDecay, boolean slowWarmup) implements GradientTransformation<P, Prodigy.State<P>> {

    /** @param estimLr the estimate of the learning rate, @param learningRate the factor */
    public record State<P>(P expAvg, P expAvgSq, P gradSum, P params0, Tensor estimLr, Tensor numeratorWeighted,
            Tensor count, Hyperparameter learningRate) implements Counted {}

    @Override public State<P> init(P params) {
        P zeros = TreeMath.zeros(params);
        return new State<>(zeros, zeros, zeros, params, TreeMath.scalar(params, first), TreeMath.scalar(params, 0),
                Counted.none(), Hyperparameter.of(rate));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        double b1 = decays.b1(), b2 = decays.b2();
        Tensor count = Counted.next(state.count()), estimate = state.estimLr();
        Hyperparameter factor = state.learningRate().next(rate, state.count());
        Tensor t = count.astype(DType.F32);
        Tensor correction = remaining(b2, t).sqrt().div(remaining(b1, t)).astype(estimate.dtype());
        Tensor step = estimate.mul(factor.like(estimate)).mul(correction);
        P scaled = TreeMath.scale(estimate, gradients);
        P mean = TreeMath.zip("prodigy", scaled, state.expAvg(), (g, m) ->
                Moments.flushed(m.mul(b1).add(g.mul(1 - b1))));
        P square = TreeMath.zip("prodigy", scaled, state.expAvgSq(), (g, v) ->
                Moments.flushed(v.mul(b2).add(g.mul(1 - b2).mul(g))));
        Tensor weight = slowWarmup ? estimate : step;
        P sums = TreeMath.zip("prodigy", state.gradSum(), scaled, (s, g) ->
                s.mul(b3).add(g.mul(weight.astype(g.dtype())).div(first)));
        Tensor travelled = TreeMath.dot(gradients, TreeMath.sub(state.params0(), params));
        Tensor numerator = state.numeratorWeighted().mul(b3)
                .add(estimate.div(first).mul(step).mul(travelled.astype(estimate.dtype())));
        Tensor denominator = TreeMath.sum(TreeMath.map(sums, Tensor::abs)).astype(estimate.dtype());
        Tensor next = estimate.maximum(numerator.mul(coefficient).div(denominator));
        P updates = TreeMath.zip("prodigy", mean, square, params, (m, v, p) -> {
            Tensor rate = step.astype(p.dtype());
            Tensor adam = rate.mul(m).div(v.sqrt().add(next.astype(p.dtype()).mul(decays.eps())));
            return p.mul(rate).mul(-weightDecay).sub(adam);
        });
        return new Step<>(updates,
                new State<>(mean, square, sums, state.params0(), next, numerator, count, factor));
    }

    private static Tensor remaining(double decay, Tensor t) { return t.like(decay).pow(t).neg().add(1); }
}
