package javelin.optim;

import java.util.Optional;
import java.util.function.UnaryOperator;
import javelin.core.Tensor;

/**
 * {@code g / sqrt(v + eps)} with v the decaying mean of g^2: Tieleman and Hinton, lecture 6.5 of "Neural networks for
 * machine learning", 2012. Centered, the squared mean of g is subtracted from v. (optax.scale_by_rms, scale_by_stddev)
 */
public record ScaleByRms<P>(Settings settings) implements GradientTransformation<P, ScaleByRms.State<P>> {

    /**
     * @param decay          of the means, in [0, 1)
     * @param initialScale   what v starts from
     * @param epsInSqrt      whether eps is added under the root or to it
     * @param centered       whether v becomes a variance
     * @param biasCorrection whether means are corrected for their start
     */
    public record Settings(double decay, double eps, double initialScale, boolean epsInSqrt, boolean centered,
            boolean biasCorrection) {
        /** 0.9, 1e-8, from 0, eps under the root, not centered, not corrected. */
        public static final Settings DEFAULT = new Settings(0.9, 1e-8, 0, true, false, false);

        public Settings withDecay(double decay) {
            return new Settings(decay, eps, initialScale, epsInSqrt, centered, biasCorrection);
        }

        public Settings withEps(double eps) {
            return new Settings(decay, eps, initialScale, epsInSqrt, centered, biasCorrection);
        }

        public Settings withCentered(boolean centered) {
            return new Settings(decay, eps, initialScale, epsInSqrt, centered, biasCorrection);
        }
    }

    /** @param mu the mean of gradients, if centered */
    public record State<P>(Tensor count, Optional<P> mu, P nu) implements Counted {}

    @Override public State<P> init(P params) {
        return new State<>(Counted.none(),
                settings.centered() ? Optional.of(TreeMath.zeros(params)) : Optional.empty(),
                TreeMath.full(params, settings.initialScale()));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Settings s = settings;
        Tensor count = Counted.next(state.count());
        P nu = Moments.meanSquare("rmsprop", gradients, state.nu(), s.decay());
        var mu = state.mu().map(before -> Moments.mean("rmsprop", gradients, before, s.decay()));
        var corrected = s.biasCorrection() ? Moments.correction(s.decay(), count) : UNCHANGED;
        P variance = mu.isEmpty() ? TreeMath.map(nu, corrected)
                : TreeMath.zip("rmsprop", nu, mu.get(), (v, m) -> corrected.apply(v).sub(corrected.apply(m).square()));
        P updates = TreeMath.zip("rmsprop", variance, gradients, (v, g) ->
                (s.epsInSqrt() ? v.add(s.eps()).rsqrt() : v.sqrt().add(s.eps()).reciprocal()).mul(g));
        return new Step<>(updates, new State<>(count, mu, nu));
    }

    private static final UnaryOperator<Tensor> UNCHANGED = x -> x;
}
