package javelin.optim;

/** {@code factor g}. (optax.scale) */
public record Scale<P>(double factor) implements GradientTransformation<P, NoState> {
    @Override public NoState init(P params) { return new NoState(); }

    @Override public Step<P, NoState> update(P gradients, NoState state, P params) {
        return new Step<>(TreeMath.map(gradients, g -> g.mul(factor)), state);
    }
}
