package javelin.optim;

/**
 * A {@link GradientTransformation} whose state does not show in its type what it is made of: {@link Optimizers} gives
 * these, so that one can replace another without a change of types elsewhere.
 * <pre>{@code
 * Optimizer<Variables> adam = Optimizers.adam(0.05);
 * OptState state = adam.init(params);
 * var step = adam.update(gradients, state, params);
 * params = Optimizers.applyUpdates(params, step.updates());
 * state = step.state();
 * }</pre>
 */
public interface Optimizer<P> extends LossAware<P, OptState> {}
