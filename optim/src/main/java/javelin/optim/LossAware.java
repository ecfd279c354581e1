package javelin.optim;

/**
 * A transformation that uses the {@link Loss}, or hands it on to those it is made of.
 * (optax.GradientTransformationExtraArgs)
 */
public interface LossAware<P, S> extends GradientTransformation<P, S> {
    @Override Step<P, S> update(P gradients, S state, P params, Loss<P> loss);

    @Override default Step<P, S> update(P gradients, S state, P params) {
        return update(gradients, state, params, Loss.unknown());
    }
}
