package javelin.optim;

import javelin.Transforms;
import javelin.core.JavelinException;
import javelin.core.Tensor;

/**
 * Sharpness-aware minimization: the gradient is taken where {@code adversary}'s steps, turned uphill, lead to. Foret,
 * Kleiner, Mobahi and Neyshabur, arXiv:2010.01412, with {@code adversary = chain(normalize(), sgd(rho))}.
 * (optax.contrib.sam)
 *
 * @param syncPeriod adversarial steps and one real one
 * @param resetState whether the adversary forgets after each real step
 * @param opaque     whether one update makes all the steps, which needs the {@link Loss}' function; otherwise
 *                   each update makes one and the caller gives the gradient where it led
 */
public record Sam<P, S, A>(GradientTransformation<P, S> optimizer, GradientTransformation<P, A> adversary,
        int syncPeriod, boolean resetState, boolean opaque) implements LossAware<P, Sam.State<P, S, A>> {
    public Sam {
        if (syncPeriod < 1) throw new JavelinException("sam: the period must be 1 or more, not " + syncPeriod);
    }

    /** @param cache the parameters at the last real step */
    public record State<P, S, A>(Tensor stepsSinceSync, S optState, A advState, P cache) {}

    @Override public State<P, S, A> init(P params) {
        return new State<>(Counted.none(), optimizer.init(params), adversary.init(params), params);
    }

    @Override public Step<P, State<P, S, A>> update(P gradients, State<P, S, A> state, P params, Loss<P> loss) {
        return opaque ? all(gradients, state, params, loss) : next(gradients, state, params);
    }

    private Step<P, State<P, S, A>> next(P gradients, State<P, S, A> state, P params) {
        Tensor n = state.stepsSinceSync(), first = n.eq(0), last = n.eq(syncPeriod - 1);
        P cache = TreeMath.where(first, params, state.cache());
        var uphill = adversary.update(gradients, state.advState(), params);
        var real = optimizer.update(gradients, state.optState(), cache);
        P updates = TreeMath.zip("sam", real.updates(), uphill.updates(), cache, params, (u, a, c, p) ->
                last.where(c.sub(p).add(u), a.neg()));
        A forgotten = resetState ? adversary.init(params) : state.advState();
        return new Step<>(updates, new State<>(last.where(n.like(0), n.add(1)),
                TreeMath.where(last, real.state(), state.optState()),
                TreeMath.where(last, forgotten, uphill.state()), cache));
    }

    private Step<P, State<P, S, A>> all(P gradients, State<P, S, A> state, P params, Loss<P> loss) {
        P at = params, g = gradients;
        A adversarial = state.advState();
        for (int i = 0; i < syncPeriod - 1; i++) {
            var uphill = adversary.update(g, adversarial, at);
            at = TreeMath.sub(at, uphill.updates());
            adversarial = uphill.state();
            g = Transforms.grad(loss.function("sam")).apply(at);
        }
        var real = optimizer.update(g, state.optState(), params);
        A after = resetState ? adversary.init(params) : adversarial;
        return new Step<>(real.updates(), new State<>(state.stepsSinceSync(), real.state(), after, params));
    }
}
