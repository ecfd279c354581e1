package javelin.optim;

import java.util.List;
import javelin.core.Tensor;
import javelin.optim.ScaleByAdam.Decays;
import javelin.optim.ScaleByLearningRate.Rate;

/**
 * Optimizers by their names in Optax, with its defaults and, step by step, its numbers. Learning rates are numbers, to
 * be read and set in the {@link OptState}, or {@link Schedules}. The parameters' type follows from what the result is
 * assigned to: {@code Optimizer<Mlp> tx = chain(clipByGlobalNorm(1), adam(0.01));}
 */
public final class Optimizers {
    private Optimizers() {}

    /** {@code params + updates}, each in its parameter's element type. (optax.apply_updates) */
    public static <P> P applyUpdates(P params, P updates) {
        return Floats.zip("applyUpdates", params, updates, (p, u) -> p.add(u.astype(p.dtype())));
    }

    /**
     * The square root of the sum of the squares of all numbers in a tree with at least one floating-point tensor.
     * (optax.global_norm)
     */
    public static Tensor globalNorm(Object tree) {
        return Floats.leaves(tree).stream().map(t -> t.square().sum()).reduce((a, b) -> a.add(b.astype(a.dtype())))
                .orElseThrow().sqrt();
    }

    // whole optimizers

    /** {@code p - rate g} */
    public static <P> Optimizer<P> sgd(double rate) { return chain(scaleByLearningRate(rate)); }

    public static <P> Optimizer<P> sgd(Schedule rate) { return chain(scaleByLearningRate(rate)); }

    /**
     * {@code p - rate t} with {@code t = g + momentum t}; Nesterov's variant takes {@code g + momentum t} in place of
     * t.
     */
    public static <P> Optimizer<P> sgd(double rate, double momentum, boolean nesterov) {
        return chain(trace(momentum, nesterov), scaleByLearningRate(rate));
    }

    public static <P> Optimizer<P> sgd(Schedule rate, double momentum, boolean nesterov) {
        return chain(trace(momentum, nesterov), scaleByLearningRate(rate));
    }

    /** Adam with b1 = 0.9, b2 = 0.999, eps = 1e-8; see {@link ScaleByAdam}. */
    public static <P> Optimizer<P> adam(double rate) { return adam(rate, Decays.DEFAULT); }

    public static <P> Optimizer<P> adam(Schedule rate) { return adam(rate, Decays.DEFAULT); }

    public static <P> Optimizer<P> adam(double rate, Decays decays) {
        return chain(scaleByAdam(decays), scaleByLearningRate(rate));
    }

    public static <P> Optimizer<P> adam(Schedule rate, Decays decays) {
        return chain(scaleByAdam(decays), scaleByLearningRate(rate));
    }

    /**
     * Adam with decoupled weight decay: {@code p - rate (adam + weightDecay p)}, so the decay is multiplied by the
     * rate, as in PyTorch. Optax's default decay is 1e-4, PyTorch's 1e-2. Loshchilov and Hutter, arXiv:1711.05101.
     */
    public static <P> Optimizer<P> adamw(double rate, double weightDecay) {
        return adamw(rate, weightDecay, Decays.DEFAULT);
    }

    public static <P> Optimizer<P> adamw(Schedule rate, double weightDecay) {
        return adamw(rate, weightDecay, Decays.DEFAULT);
    }

    public static <P> Optimizer<P> adamw(double rate, double weightDecay, Decays decays) {
        return chain(scaleByAdam(decays), addDecayedWeights(weightDecay), scaleByLearningRate(rate));
    }

    public static <P> Optimizer<P> adamw(Schedule rate, double weightDecay, Decays decays) {
        return chain(scaleByAdam(decays), addDecayedWeights(weightDecay), scaleByLearningRate(rate));
    }

    // their parts

    /** One after the other; see {@link Chain}. */
    @SafeVarargs
    @SuppressWarnings("varargs")                                        // List.of copies and does not write
    public static <P> Optimizer<P> chain(GradientTransformation<P, ?>... parts) { return new Chain<>(List.of(parts)); }

    /** {@link ClipByGlobalNorm} */
    public static <P> ClipByGlobalNorm<P> clipByGlobalNorm(double maxNorm) { return new ClipByGlobalNorm<>(maxNorm); }

    /** {@link Scale} */
    public static <P> Scale<P> scale(double factor) { return new Scale<>(factor); }

    /** {@link Trace} */
    public static <P> Trace<P> trace(double momentum, boolean nesterov) { return new Trace<>(momentum, nesterov); }

    /** {@link AddDecayedWeights} */
    public static <P> AddDecayedWeights<P> addDecayedWeights(double weightDecay) {
        return new AddDecayedWeights<>(weightDecay);
    }

    /** {@link ScaleByAdam} */
    public static <P> ScaleByAdam<P> scaleByAdam(Decays decays) { return new ScaleByAdam<>(decays); }

    /** {@link ScaleByLearningRate} */
    public static <P> ScaleByLearningRate<P> scaleByLearningRate(double rate) {
        return new ScaleByLearningRate<>(new Rate.Number(rate));
    }

    /** {@link ScaleByLearningRate} */
    public static <P> ScaleByLearningRate<P> scaleByLearningRate(Schedule rate) {
        return new ScaleByLearningRate<>(new Rate.Scheduled(rate));
    }
}
