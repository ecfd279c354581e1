package javelin.optim;

import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * Averaging in place of a schedule: gradients are taken at {@code y = b1 x + (1 - b1) z}, where z makes the base
 * optimizer's steps and x is z's mean, weighted by {@code (largest rate so far)^power}. Evaluate at x: {@link
 * #evalParams}. Defazio et al., "The road less scheduled", arXiv:2405.15682. (optax.contrib.schedule_free)
 *
 * @param base without momentum of its own
 * @param rate the base's learning rate, here for the weights only
 */
public record ScheduleFree<P, S>(GradientTransformation<P, S> base, Schedule rate, double b1, double power)
        implements LossAware<P, ScheduleFree.State<P, S>> {

    /** @param stepCount starts from 1, @param z where the base optimizer is */
    public record State<P, S>(Tensor b1, Tensor weightSum, Tensor stepCount, Tensor maxLr, S baseOptimizerState, P z) {}

    /** The parameters to evaluate and to keep, x. (optax.contrib.schedule_free_eval_params) */
    public static <P> P evalParams(State<P, ?> state, P params) {
        return TreeMath.zip("scheduleFree", params, state.z(), (y, z) -> mean(y, z, state.b1().astype(y.dtype())));
    }

    private static Tensor mean(Tensor y, Tensor z, Tensor b1) {
        return y.sub(z.mul(b1.like(1).sub(b1))).div(b1);
    }

    @Override public State<P, S> init(P params) {
        Tensor zero = TreeMath.scalar(params, 0);
        return new State<>(zero.like(b1), zero, Counted.none().like(1), zero, base.init(params), params);
    }

    @Override public Step<P, State<P, S>> update(P gradients, State<P, S> state, P params, Loss<P> loss) {
        DType type = state.maxLr().dtype();
        Tensor largest = state.maxLr().maximum(rate.at(state.stepCount()).astype(type));
        Tensor weight = largest.pow(power), sum = state.weightSum().add(weight), share = weight.div(sum);
        Tensor c = sum.eq(0).where(sum.like(0), share);
        var step = base.update(gradients, state.baseOptimizerState(), params, loss);
        P z = TreeMath.add(state.z(), step.updates());
        P updates = TreeMath.zip("scheduleFree", params, state.z(), z, (y, before, now) -> {
            Tensor s = c.astype(y.dtype()), x = y.sub(before.mul(1 - b1)).div(b1);
            Tensor mean = x.mul(s.like(1).sub(s)).add(now.mul(s));
            return mean.mul(b1).add(now.mul(1 - b1)).sub(y);
        });
        return new Step<>(updates,
                new State<>(state.b1(), sum, Counted.next(state.stepCount()), largest, step.state(), z));
    }
}
