package javelin.optim;

import java.util.Optional;
import javelin.Control;
import javelin.Transforms;
import javelin.core.Tensor;

/**
 * Shortens the step until the loss falls enough: {@code f(p + s u) <= (1 + rtol) f(p) + slopeRtol s <u, g> + atol},
 * Armijo's rule. Needs the {@link Loss}' value, gradient and function. (optax.scale_by_backtracking_linesearch)
 */
public record BacktrackingLineSearch<P>(Settings settings)
        implements LossAware<P, BacktrackingLineSearch.State<P>> {

    /**
     * @param maxSteps       how often it is shortened
     * @param decreaseFactor of the step, each time
     * @param increaseFactor of the step before, to begin with
     * @param storeGrad      whether the gradient at the end is computed and kept, for {@link LineSearch#valueAndGrad}
     */
    public record Settings(int maxSteps, double slopeRtol, double decreaseFactor, double increaseFactor,
            double maxLearningRate, double atol, double rtol, boolean storeGrad) {
        /** 1e-4, 0.8, 1.5, 1, exactly, without the gradient. */
        public static Settings of(int maxSteps) { return new Settings(maxSteps, 1e-4, 0.8, 1.5, 1, 0, 0, false); }

        public Settings withStoreGrad(boolean storeGrad) {
            return new Settings(maxSteps, slopeRtol, decreaseFactor, increaseFactor, maxLearningRate, atol, rtol,
                    storeGrad);
        }
    }

    /**
     * @param stored        the gradient, if it is kept
     * @param steps         how often the loss was computed
     * @param decreaseError by how much it did not fall enough
     */
    public record State<P>(Tensor learningRate, Tensor value, Optional<Stored<P>> stored, Tensor steps,
            Tensor decreaseError) {}

    /** The loss and its gradient at the end. */
    public record Stored<P>(Tensor value, P grad) implements LineSearch.Reached<P> {}

    private record Search(Tensor rate, Tensor value, Tensor error, Tensor steps) {}

    @Override public State<P> init(P params) {
        Tensor one = TreeMath.scalar(params, 1), infinite = one.like(Double.POSITIVE_INFINITY);
        return new State<>(one, infinite, settings.storeGrad()
                ? Optional.of(new Stored<>(infinite, TreeMath.zeros(params))) : Optional.empty(),
                Counted.none(), infinite);
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params, Loss<P> loss) {
        Settings s = settings;
        String who = "the backtracking line search";
        var type = state.value().dtype();
        Tensor slope = TreeMath.dot(gradients, loss.gradient(who)).astype(type), value = loss.value(who, type);
        Tensor first = state.learningRate().mul(s.increaseFactor()).minimum(s.maxLearningRate());
        Search end = Control.whileLoop(
                (Search x) -> x.error().le(s.atol()).not().and(x.steps().le(s.maxSteps())),
                x -> {
                    Tensor rate = x.steps().gt(0).where(x.rate().mul(s.decreaseFactor()), x.rate());
                    Tensor now = loss.function(who).apply(TreeMath.addScaled(params, rate, gradients)).astype(type);
                    Tensor error = now.sub(value.mul(1 + s.rtol())).sub(rate.mul(s.slopeRtol()).mul(slope));
                    return new Search(rate, now,
                            error.isNaN().where(error.like(Double.POSITIVE_INFINITY), error.maximum(0)),
                            x.steps().add(1));
                }, new Search(first, value, value.like(Double.POSITIVE_INFINITY), Counted.none()));
        Tensor rate = end.error().isFinite().where(end.rate(), end.rate().like(0));
        P updates = TreeMath.scale(rate, gradients);
        var stored = state.stored().map(_ -> new Stored<>(end.value(), Transforms.grad(loss.function(who))
                .apply(TreeMath.addScaled(params, end.rate(), gradients))));
        return new Step<>(updates, new State<>(rate, end.value(), stored, end.steps(), end.error()));
    }
}
