package javelin.optim;

import javelin.Control;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * Gradient accumulation: one inner update from k gradients, zeros in between. Inner schedules count inner updates.
 * (optax.MultiSteps)
 *
 * @param every k, of the count of inner updates
 * @param mean  whether the inner update gets the gradients' mean or their sum; kept in f32 or wider
 * @param skip  which gradients count as never seen
 */
public record MultiSteps<P, S>(GradientTransformation<P, S> inner, Schedule every, boolean mean, Skip<P> skip)
        implements LossAware<P, MultiSteps.State<P, S>> {

    /** Whether gradients are to be left out: a bool scalar. */
    @FunctionalInterface
    public interface Skip<P> {
        Tensor test(P gradients, Tensor gradientStep, P params);

        static <P> Skip<P> never() { return (_, _, _) -> Array.scalar(0, DType.BOOL); }

        /** Those with an infinite number or NaN. (optax.skip_not_finite) */
        static <P> Skip<P> notFinite() { return (gradients, _, _) -> TreeMath.allFinite(gradients).not(); }

        /** Those whose squared norm is not below {@code maxSquaredNorm}. (optax.skip_large_updates) */
        static <P> Skip<P> large(double maxSquaredNorm) {
            return (gradients, _, _) -> TreeMath.squaredNorm(gradients).lt(maxSquaredNorm).not();
        }
    }

    /** @param miniStep gradients since the last inner update, @param gradientStep inner updates */
    public record State<P, S>(Tensor miniStep, Tensor gradientStep, S innerOptState, P accGrads, Tensor skipped) {
        /** Whether the last update was an inner one. (has_updated) */
        public Tensor hasUpdated() { return miniStep.eq(0).and(gradientStep.gt(0)); }
    }

    @Override public State<P, S> init(P params) {
        P none = TreeMath.map(TreeMath.zeros(params), z -> z.dtype().bytes() < 4 ? z.astype(DType.F32) : z);
        return new State<>(Counted.none(), Counted.none(), inner.init(params), none, Array.scalar(0, DType.BOOL));
    }

    @Override public Step<P, State<P, S>> update(P gradients, State<P, S> state, P params, Loss<P> loss) {
        Tensor skipped = skip.test(gradients, state.gradientStep(), params);
        Tensor k = every.at(state.gradientStep()).astype(DType.I32), n = state.miniStep();
        Tensor emit = n.eq(k.sub(1)).and(skipped.not());
        P sum = TreeMath.zip("multiSteps", gradients, state.accGrads(), (x, acc) -> {
            Tensor g = x.astype(acc.dtype());
            Tensor next = mean ? acc.add(g.sub(acc).div(n.add(1).astype(acc.dtype()))) : acc.add(g);
            return skipped.where(acc, next);
        });
        Step<P, S> step = Control.cond(emit,
                (S s) -> inner.update(TreeMath.castLike(sum, gradients), s, params, loss),
                (S s) -> new Step<>(TreeMath.zeros(gradients), s), state.innerOptState());
        Tensor mini = skipped.where(n, emit.where(n.like(0), n.add(1)));
        Tensor steps = emit.where(Counted.next(state.gradientStep()), state.gradientStep());
        P kept = TreeMath.map(sum, s -> emit.where(s.like(0), s));
        return new Step<>(step.updates(), new State<>(mini, steps, step.state(), kept, skipped));
    }
}
