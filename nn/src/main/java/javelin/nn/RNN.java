package javelin.nn;

import java.util.List;
import java.util.Optional;
import javelin.Control;
import javelin.Key;
import javelin.Pair;
import javelin.Tensors;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.tree.Trees;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * A cell run over a sequence, {@code [batch..., time, in] -> [batch..., time, features]}: the cell's parameters are at
 * {@code cell}, the same for all steps. (flax.linen.RNN; there a cell that is made within a module is named by that
 * module, as here one that is bound: {@code RNN.of(cell).run(s.bind(cell), x, ...)})
 *
 * @param timeMajor whether time is axis 0 and not the one before the features
 * @param reverse   whether the cell is run from the end of each sequence to its beginning
 * @param keepOrder whether the outputs of a reversed run are at the place of their inputs, not in the order they came
 */
public record RNN<C>(RecurrentCell<C> cell, boolean timeMajor, boolean reverse, boolean keepOrder) implements Layer {
    public static <C> RNN<C> of(RecurrentCell<C> cell) { return new RNN<>(cell, false, false, false); }

    public RNN<C> withTimeMajor(boolean first) { return new RNN<>(cell, first, reverse, keepOrder); }

    public RNN<C> withReverse(boolean reverse) { return new RNN<>(cell, timeMajor, reverse, keepOrder); }

    public RNN<C> withKeepOrder(boolean keep) { return new RNN<>(cell, timeMajor, reverse, keep); }

    @Override public Tensor call(Scope s, Tensor x) { return run(s, x, Optional.empty(), Optional.empty()).outputs(); }

    /**
     * The last state and the outputs.
     *
     * @param carry   the state before the first step; by default the cell's, zeros
     * @param lengths how many steps of each sequence there are, [batch...] integers: reversal turns these alone, and
     *                the state is that after the last of them; outputs after it have no meaning
     */
    public Control.Scanned<C, Tensor> run(Scope s, Tensor x, Optional<C> carry, Optional<Tensor> lengths) {
        return run(s.bind("cell", cell), x, carry, lengths);
    }

    /** As above, for a cell that has its name from elsewhere. */
    public Control.Scanned<C, Tensor> run(Bound<? extends RecurrentCell<C>> cell, Tensor x, Optional<C> carry,
            Optional<Tensor> lengths) {
        int features = cell.module().featureAxes(), time = timeMajor ? 0 : x.rank() - features - 1;
        if (x.rank() <= features || !x.dtype().isFloat())
            throw new ShapeException("RNN", List.of(x.type()), "takes floating-point sequences "
                    + (timeMajor ? "[time, batch..., in]" : "[batch..., time, in]"));
        int steps = x.size(time);
        Tensor forward = x.moveAxis(time, 0);
        Tensor in = reverse ? turned(forward, lengths) : forward;
        TensorType one = x.type().withShape(forward.shape().dropFirst());
        C start = carry.orElseGet(() -> cell.module().initialCarry(Key.of(0), one));
        boolean keepStates = lengths.isPresent();
        var all = cell.scope().scan(Stacking.of(steps).sharing(Variables.PARAMS), start, in, (at, c, xt) ->
                at.enter(cell.module(), List.of(xt), () -> {
                    var after = cell.module().step(at, c, xt);
                    List<C> states = keepStates ? List.of(after.carry()) : List.of();
                    return new Control.Step<>(after.carry(), new Pair<>(states, after.output()));
                }));
        Tensor y = all.outputs().second();
        if (reverse && keepOrder) y = turned(y, lengths);
        C last = keepStates ? Trees.map(all.outputs().first().getFirst(), c -> atLast(c, lengths.get())) : all.carry();
        return new Control.Scanned<>(last, y.moveAxis(0, time));
    }

    /**
     * [time, batch...] from the last step of each sequence to the first, what comes after the last staying after it.
     */
    private static Tensor turned(Tensor x, Optional<Tensor> lengths) {
        if (lengths.isEmpty()) return x.flip(0);
        int steps = x.size(0);
        Tensor back = Tensors.arange(steps, DType.I32).flip().reshape(padded(List.of(steps), 1 + lengths.get().rank()));
        return x.takeAlongAxis(spread(lengths.get().astype(DType.I32).add(back).rem(steps), x.shape()), 0);
    }

    /** Of [time, batch...], what is at the last step of each sequence. */
    private static Tensor atLast(Tensor x, Tensor lengths) {
        Tensor row = lengths.astype(DType.I32).sub(1).expandDims(0);
        return x.takeAlongAxis(spread(row, x.shape().dropFirst().prepend(1)), 0).index(0);
    }

    /** [rows, batch...] repeated along the other axes of {@code shape}. */
    private static Tensor spread(Tensor rows, Shape shape) {
        return rows.reshape(padded(rows.shape().sizes(), shape.rank())).broadcastTo(shape);
    }

    private static Shape padded(List<Integer> sizes, int rank) {
        return new Shape(Lists.each(rank, a -> a < sizes.size() ? sizes.get(a) : 1));
    }
}
