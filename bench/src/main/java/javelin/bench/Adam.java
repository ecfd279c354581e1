package javelin.bench;

import static javelin.Transforms.jit;
import static javelin.Transforms.valueAndGrad;

import java.util.function.BiFunction;
import java.util.function.Supplier;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.tree.Trees;

/**
 * Adam (Kingma and Ba, arXiv:1412.6980, algorithm 1), written out as the peers write it.
 *
 * @param loss of parameters and a batch
 */
record Adam<P, B>(BiFunction<P, B, Tensor> loss, double rate) {
    /** @param mean of gradients, and of their squares, both decaying */
    record State<P>(Tensor step, P mean, P square) {}

    record Stepped<P>(P parameters, State<P> state, Tensor loss) {}

    State<P> init(P parameters) {
        return new State<>(Array.scalar(0f), Trees.map(parameters, x -> Tensor.zeros(x.type())),
                Trees.map(parameters, x -> Tensor.zeros(x.type())));
    }

    Stepped<P> step(P parameters, State<P> state, B batch) {
        var at = valueAndGrad(loss).apply(parameters, batch);
        Tensor t = state.step().add(1);
        P mean = Trees.zip(state.mean(), at.grad(), (m, g) -> m.mul(0.9).add(g.mul(1 - 0.9)));
        P square = Trees.zip(state.square(), at.grad(), (v, g) -> v.mul(0.999).add(g.mul(1 - 0.999).mul(g)));
        P moved = Trees.zip(mean, square, (m, v) -> {
            Tensor first = m.div(t.like(0.9).pow(t).neg().add(1)), second = v.div(t.like(0.999).pow(t).neg().add(1));
            return first.mul(rate).div(second.sqrt().add(1e-8));
        });
        return new Stepped<>(Trees.zip(parameters, moved, Tensor::sub), new State<>(t, mean, square), at.value());
    }

    /**
     * A compiled step that is fed what it gave, its memory used again; each run gives the loss. {@code parameters}
     * are donated.
     */
    Supplier<Tensor> loop(P parameters, B batch) {
        var step = jit(this::step).donate(0, 1);
        return new Supplier<>() {
            private P p = parameters;
            private State<P> s = init(parameters);

            @Override public Tensor get() {
                var next = step.apply(p, s, batch);
                p = next.parameters();
                s = next.state();
                return next.loss();
            }
        };
    }
}
