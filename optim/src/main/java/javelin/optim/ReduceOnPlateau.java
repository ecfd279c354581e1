package javelin.optim;

import javelin.core.JavelinException;
import javelin.core.Tensor;

/**
 * Multiplies updates by a scale that falls by {@code factor} whenever the loss has not fallen for {@code patience}
 * rounds. Needs the {@link Loss}' value. As PyTorch's ReduceLROnPlateau. (optax.contrib.reduce_on_plateau)
 */
public record ReduceOnPlateau<P>(Settings settings) implements LossAware<P, ReduceOnPlateau.State> {

    /**
     * @param factor           in (0, 1)
     * @param rtol             a loss is better if below {@code (1 - rtol) best - atol}
     * @param cooldown         rounds to wait after the scale fell
     * @param accumulationSize how many values are averaged to make a round
     */
    public record Settings(double factor, int patience, double rtol, double atol, int cooldown, int accumulationSize,
            double minScale) {
        /** 0.1, 10 rounds, 1e-4, 0, no cooldown, every value a round, no least scale. */
        public static final Settings DEFAULT = new Settings(0.1, 10, 1e-4, 0, 0, 1, 0);

        public Settings {
            if (!(factor > 0 && factor < 1 && rtol >= 0 && rtol <= 1 && atol >= 0 && rtol + atol > 0))
                throw new JavelinException("reduceOnPlateau: factor = " + factor + " must be in (0, 1), rtol = " + rtol
                        + " in [0, 1], atol = " + atol + " not negative, and one of the two positive");
        }

        public Settings withFactor(double factor) {
            return new Settings(factor, patience, rtol, atol, cooldown, accumulationSize, minScale);
        }

        public Settings withPatience(int patience) {
            return new Settings(factor, patience, rtol, atol, cooldown, accumulationSize, minScale);
        }
    }

    public record State(Tensor scale, Tensor bestValue, Tensor plateauCount, Tensor cooldownCount, Tensor count,
            Tensor avgValue) {}

    @Override public State init(P params) {
        Tensor one = TreeMath.scalar(params, 1), none = Counted.none();
        return new State(one, one.like(Double.POSITIVE_INFINITY), none, none, none, one.like(0));
    }

    @Override public Step<P, State> update(P gradients, State state, P params, Loss<P> loss) {
        Tensor value = loss.value("reduceOnPlateau", state.avgValue().dtype()), seen = Counted.next(state.count());
        Tensor before = state.count().astype(value.dtype());
        Tensor mean = state.avgValue().mul(before).add(value).div(seen.astype(value.dtype()));
        State more = new State(state.scale(), state.bestValue(), state.plateauCount(), state.cooldownCount(), seen,
                mean);
        State next = TreeMath.where(seen.eq(settings.accumulationSize()), round(more), more);
        return new Step<>(TreeMath.scale(next.scale(), gradients), next);
    }

    private State round(State s) {
        Tensor better = s.avgValue().lt(s.bestValue().mul(1 - settings.rtol()).sub(settings.atol()));
        Tensor best = better.where(s.avgValue(), s.bestValue()), none = Counted.none();
        Tensor count = better.where(none, Counted.next(s.plateauCount())), cooling = s.cooldownCount().gt(0);
        Tensor over = cooling.not().and(count.eq(settings.patience()));
        Tensor lower = s.scale().mul(settings.factor()).maximum(settings.minScale());
        Tensor cooldown = cooling.where(s.cooldownCount().sub(1), over.where(none.like(settings.cooldown()), none));
        return new State(over.where(lower, cooling.where(s.scale(), s.scale().maximum(settings.minScale()))), best,
                over.or(cooling).where(none, count), cooldown, none, s.avgValue().like(0));
    }
}
