package javelin.optim;

import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;

/** 0 in place of NaN. (optax.zero_nans) */
public record ZeroNans<P>() implements GradientTransformation<P, ZeroNans.State<P>> {

    /** @param foundNan a bool for each tensor: whether its last gradient had a NaN */
    public record State<P>(P foundNan) {}

    @Override public State<P> init(P params) {
        return new State<>(TreeMath.map(params, _ -> Array.scalar(0, DType.BOOL)));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        return new Step<>(TreeMath.map(gradients, g -> g.isNaN().where(g.like(0), g)),
                new State<>(TreeMath.map(gradients, (Tensor g) -> g.isNaN().any())));
    }
}
