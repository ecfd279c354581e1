package javelin.optim;

/**
 * A pair of pure functions that turns gradients into updates, to be <em>added</em> to the parameters. {@code P} is any
 * tree of tensors: a record, a list, {@code Variables}; integer and boolean tensors in it are left as they are. The
 * state is a tree too, so both functions may be traced, compiled and mapped. (optax.GradientTransformation)
 *
 * @param <P> the parameters, and also gradients and updates
 * @param <S> the state
 */
public interface GradientTransformation<P, S> {
    /** The state before the first update. */
    S init(P params);

    /** The updates for these gradients, and the next state; {@code params} are those the gradients were taken at. */
    Step<P, S> update(P gradients, S state, P params);

    /** As above, with what is known about the loss; ignored by all but {@link LossAware} transformations. */
    default Step<P, S> update(P gradients, S state, P params, Loss<P> loss) {
        return update(gradients, state, params);
    }

    /** What {@link #update} gives. */
    record Step<P, S>(P updates, S state) {}
}
