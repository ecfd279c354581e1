package javelin.optim;

import javelin.core.Tensor;

/**
 * Steps of {@code s sign(g)}; s grows by {@code etaPlus} while the sign stays, shrinks by {@code etaMinus} when it
 * turns, and then no step is made. Riedmiller and Braun, "A direct adaptive method for faster backpropagation learning:
 * the RPROP algorithm", 1993. As in Optax each step is made one update after it was found. (optax.scale_by_rprop)
 */
public record ScaleByRprop<P>(double learningRate, double etaMinus, double etaPlus, double minStep, double maxStep)
        implements GradientTransformation<P, ScaleByRprop.State<P>> {

    /** @param prevUpdates the step to make next, unless the sign turns */
    public record State<P>(P stepSizes, P prevUpdates) {}

    @Override public State<P> init(P params) {
        return new State<>(TreeMath.full(params, learningRate), TreeMath.zeros(params));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        P turned = TreeMath.zip("rprop", gradients, state.prevUpdates(), Tensor::mul);
        P sizes = TreeMath.zip("rprop", turned, state.stepSizes(), (t, s) -> t.eq(0).where(s,
                s.mul(t.gt(0).where(s.like(etaPlus), s.like(etaMinus))).clip(minStep, maxStep)));
        P next = TreeMath.zip("rprop", turned, gradients, sizes, (t, g, s) ->
                t.lt(0).where(g.like(0), s.mul(g.sign())));
        P updates = TreeMath.zip("rprop", turned, state.prevUpdates(), (t, u) -> t.lt(0).where(u.like(0), u));
        return new Step<>(updates, new State<>(sizes, next));
    }
}
