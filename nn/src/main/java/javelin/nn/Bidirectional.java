package javelin.nn;

import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import javelin.Control;
import javelin.Pair;
import javelin.Tensors;
import javelin.core.Tensor;

/**
 * One network over a sequence from its beginning and one from its end, their outputs at each place put together, by
 * default one after the other along the last axis. They are called {@code forward_rnn} and {@code backward_rnn}.
 * (flax.linen.Bidirectional)
 */
public record Bidirectional<F, B>(RNN<F> forward, RNN<B> backward, BinaryOperator<Tensor> merge) implements Layer {
    private static final BinaryOperator<Tensor> CONCATENATE = (a, b) -> Tensors.concatenate(List.of(a, b), -1);

    public static <F, B> Bidirectional<F, B> of(RecurrentCell<F> forward, RecurrentCell<B> backward) {
        return new Bidirectional<>(RNN.of(forward), RNN.of(backward), CONCATENATE);
    }

    public Bidirectional<F, B> withMerge(BinaryOperator<Tensor> merge) {
        return new Bidirectional<>(forward, backward, merge);
    }

    public Bidirectional<F, B> withTimeMajor(boolean first) {
        return new Bidirectional<>(forward.withTimeMajor(first), backward.withTimeMajor(first), merge);
    }

    @Override public Tensor call(Scope s, Tensor x) { return run(s, x, Optional.empty(), Optional.empty()).outputs(); }

    /** The last states of both and the outputs; arguments as for {@link RNN#run}. */
    public Control.Scanned<Pair<F, B>, Tensor> run(Scope s, Tensor x, Optional<Pair<F, B>> carry,
            Optional<Tensor> lengths) {
        Bound<RecurrentCell<F>> first = s.bind("forward_rnn", forward).scope().bind("cell", forward.cell());
        Bound<RecurrentCell<B>> second = s.bind("backward_rnn", backward).scope().bind("cell", backward.cell());
        return run(first, second, x, carry, lengths);
    }

    /** As above, for cells that have their names from elsewhere. */
    public Control.Scanned<Pair<F, B>, Tensor> run(Bound<? extends RecurrentCell<F>> first,
            Bound<? extends RecurrentCell<B>> second, Tensor x, Optional<Pair<F, B>> carry, Optional<Tensor> lengths) {
        var there = forward.withReverse(false).run(first, x, carry.map(Pair::first), lengths);
        var back = backward.withReverse(true).withKeepOrder(true).run(second, x, carry.map(Pair::second), lengths);
        return new Control.Scanned<>(new Pair<>(there.carry(), back.carry()),
                merge.apply(there.outputs(), back.outputs()));
    }
}
