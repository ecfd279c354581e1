package javelin.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javelin.Control;
import javelin.Tensors;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * The gradient times an approximation of the inverse Hessian, made of the last {@code memorySize} steps and changes of
 * the gradient: Nocedal and Wright, "Numerical optimization", 2nd edition, algorithm 7.4. (optax.scale_by_lbfgs)
 *
 * @param scaleInit whether the approximation starts from {@code <dg, dp> / |dg|^2} (equation 7.20), or at the first
 * step
 *                  {@code min(1, 1 / |g|)}, in place of 1
 */
public record ScaleByLbfgs<P>(int memorySize, boolean scaleInit)
        implements GradientTransformation<P, ScaleByLbfgs.State<P>> {
    public ScaleByLbfgs {
        if (memorySize < 1) throw new JavelinException("lbfgs: the memory must hold a step or more, not " + memorySize);
    }

    /** Of the last update; the memories have a new axis 0, written around and around. */
    public record State<P>(Tensor count, P params, P updates, P diffParamsMemory, P diffUpdatesMemory,
            Tensor weightsMemory) implements Counted {}

    @Override public State<P> init(P params) {
        P zeros = TreeMath.zeros(params), memory = TreeMath.map(zeros, z -> z.broadcastLeading(memorySize));
        return new State<>(Counted.none(), zeros, zeros, memory, memory, TreeMath.zeros(params, memorySize));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Tensor count = state.count(), later = count.gt(0), now = count.rem(memorySize);
        Tensor last = count.add(memorySize - 1).rem(memorySize);
        P dp = TreeMath.map(TreeMath.sub(params, state.params()), x -> later.where(x, x.like(0)));
        P dg = TreeMath.map(TreeMath.sub(gradients, state.updates()), x -> later.where(x, x.like(0)));
        Tensor product = TreeMath.dot(dg, dp), inverse = product.reciprocal();
        Tensor weight = inverse.isFinite().where(inverse, inverse.like(0));
        P dpMemory = TreeMath.zip("lbfgs", state.diffParamsMemory(), dp, (m, x) -> write(m, last, x));
        P dgMemory = TreeMath.zip("lbfgs", state.diffUpdatesMemory(), dg, (m, x) -> write(m, last, x));
        Tensor weights = write(state.weightsMemory(), last, weight);
        var memory = new Memory<>(dpMemory, dgMemory, weights, now);
        P updates = memory.precondition(gradients, scaleInit ? scale(dg, product, gradients, later)
                : product.like(1));
        return new Step<>(updates, new State<>(Counted.next(count), params, gradients, dpMemory, dgMemory, weights));
    }

    private static <P> Tensor scale(P dg, Tensor product, P gradients, Tensor later) {
        Tensor square = TreeMath.squaredNorm(dg), one = square.like(1);
        Tensor known = square.gt(0).where(product.div(square), one);
        return later.where(known, TreeMath.norm(gradients).reciprocal().minimum(one));
    }

    private static Tensor write(Tensor memory, Tensor at, Tensor x) {
        List<Tensor> start = new ArrayList<>(Collections.nCopies(memory.rank(), at.like(0)));
        start.set(0, at);
        return memory.dynamicUpdateSlice(x.expandDims(0), start);
    }

    /** @param first the oldest place */
    private record Memory<P>(P dp, P dg, Tensor weights, Tensor first) {
        P at(P memory, Tensor i) { return TreeMath.map(memory, m -> m.take(i, 0)); }

        P precondition(P gradients, Tensor scale) {
            int n = weights.size(0);
            Tensor places = Tensors.arange(n, DType.I32).add(first).rem(n);
            var right = Control.scan((P v, Tensor i) -> {
                Tensor alpha = weights.take(i, 0).mul(TreeMath.dot(at(dp, i), v));
                return new Control.Step<>(TreeMath.addScaled(v, alpha.neg(), at(dg, i)), alpha);
            }, gradients, places, true);
            return Control.scan((P v, List<Tensor> x) -> {
                Tensor i = x.get(0), beta = weights.take(i, 0).mul(TreeMath.dot(at(dg, i), v));
                return new Control.Step<>(TreeMath.addScaled(v, x.get(1).sub(beta), at(dp, i)), beta);
            }, TreeMath.scale(scale, right.carry()), List.of(places, right.outputs())).carry();
        }
    }
}
