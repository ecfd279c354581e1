package javelin.core.ops;

import java.util.List;
import javelin.core.Array;
import javelin.core.Batched;
import javelin.core.ControlOp;
import javelin.core.Dual;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Tensor;
import javelin.core.transform.Transposition;
import javelin.core.type.TensorType;

/**
 * The part of a loop that had to wait for tangents. Inputs: all those of the loop, then the tape of {@link TapedWhile},
 * which only the way back reads; forwards, the loop runs once more. Outputs: the carries that are unknown.
 */
public record WhileTangents(While loop, List<Boolean> unknown) implements ControlOp, LinearOp {
    /** Which of the loop's results are wanted. */
    public List<Boolean> wanted() { return loop.carries(unknown); }

    /** The inputs of the loop. */
    public <T> List<T> ofLoop(List<T> in) { return in.subList(0, unknown.size()); }

    private <T> List<T> wanted(List<T> out) { return Lists.where(out, wanted(), true); }

    @Override public List<TensorType> outputTypes(List<TensorType> in) { return wanted(loop.outputTypes(ofLoop(in))); }

    @Override public List<Dual> jvp(List<Dual> in) { return wanted(loop.jvp(ofLoop(in))); }

    @Override public List<Batched> batch(List<Batched> in) {
        if (ofLoop(in).stream().anyMatch(Batched::mapped)) return wanted(loop.batch(ofLoop(in)));
        return Lists.map(wanted(Op.apply(loop, Lists.map(ofLoop(in), Batched::value))), Batched::same);
    }

    @Override public List<Tensor> run(List<Tensor> in) { return wanted(loop.run(ofLoop(in))); }

    @Override public List<Program> bodies() { return loop.bodies(); }

    @Override public ControlOp withBodies(List<Program> bodies) {
        return new WhileTangents((While) loop.withBodies(bodies), unknown);
    }

    @Override public Stages split(List<Boolean> unknownInputs) {
        return new Stages(this, List.of(), this, Lists.each(unknownInputs.size(), Argument.Input::new), List.of(),
                Lists.each(Lists.count(wanted()), _ -> true));
    }

    /**
     * From the last step to the first. A stretch between two snapshots of the tape is run again from the first of them,
     * leaving more snapshots on a stack above the tape: of every step if there is room, else at equal distances,
     * halving what is left when room gets scarce. So loops that fit on the tape run nothing twice but the step itself,
     * others a number of times that grows with the logarithm of their length, in memory that does not grow.
     *
     * <p>One flat loop does it, since a loop in a loop would copy the stack: a turn either runs on from the nearest
     * snapshot and leaves another, or undoes the step that follows it.
     */
    @Override public List<Tensor> transpose(List<Operand> in, List<Tensor> cotangents) {
        var taped = new TapedWhile(loop, unknown);
        var tangents = taped.body().unknown();
        var repeated = taped.repeated();
        int n = unknown.size(), first = loop.conditionConstants(), rows = repeated.rows(loop.limit());
        List<Operand> bodyConstants = in.subList(first, first + loop.bodyConstants());
        List<Boolean> waits = unknown.subList(first, first + loop.bodyConstants());
        List<Tensor> constants = Lists.map(Lists.where(bodyConstants, waits, false), Operand::known),
                tape = Lists.map(in.subList(n, in.size()), Operand::known);
        List<Operand> waiting = Lists.where(bodyConstants, waits, true);
        List<TensorType> sums = waiting.stream().filter(Operand::isLinear).map(Operand::type).toList();
        int sumsFrom = 2, ctFrom = sumsFrom + sums.size(), numbers = ctFrom + cotangents.size();

        // steps to undo, top of the stack, sums, cotangents, which step's state each place of the stack holds, tape
        // and stack
        List<Tensor> initial = Lists.concat(List.of(tape.getFirst(), Array.scalar(-1)), Lists.map(sums, Tensor::zeros),
                cotangents,
                List.of(Tensor.zeros(TensorType.i32(rows))),
                        Lists.map(tape.subList(2, tape.size()), r -> r.pad(0, 0, rows, 0)));
        List<Tensor> end = While.loop(initial, v -> v.getFirst().gt(0), v -> {
            Tensor last = v.getFirst().sub(1), top = v.get(1), onTape = last.div(tape.get(1)).mul(tape.get(1)),
                    empty = top.lt(0);
            Tensor place = empty.where(onTape.rem(rows), top.add(rows)),
                    at = empty.where(onTape, TapedWhile.row(v.get(numbers), top));
            List<Tensor> state = Lists.map(v.subList(numbers + 1, v.size()), r -> TapedWhile.row(r, place));
            Tensor until = at.add(stretch(last.sub(at), top.neg().add(rows - 1), rows)), arrived = last.eq(at);
            List<Tensor> moved = While.loop(Lists.concat(List.of(at), state), w -> w.getFirst().lt(until), w ->
                    Lists.concat(List.of(w.getFirst().add(1)),
                            repeated.step().apply(Lists.concat(constants, w.subList(1, w.size())))));
            List<Tensor> undone = While.loop(Lists.concat(List.of(arrived), v.subList(sumsFrom, numbers)),
                    List::getFirst, w -> {
                List<Tensor> residuals = repeated.residual().apply(Lists.concat(constants, state));
                List<Operand> operands = Lists.concat(Lists.map(residuals, Operand::known), waiting,
                        Lists.map(cotangents, c -> Operand.linear(c.type())));
                List<Tensor> before = Transposition.run(tangents, operands, w.subList(1 + sums.size(), w.size()));
                List<Tensor> added = Lists.each(sums.size(), i -> w.get(1 + i).add(before.get(i)));
                return Lists.concat(List.of(w.getFirst().not()), added, before.subList(sums.size(), before.size()));
            });
            Tensor written = arrived.where(top, top.add(1)).maximum(0);
            return Lists.concat(List.of(arrived.where(last, v.getFirst()),
                    arrived.where(top.sub(1).maximum(-1), top.add(1))), undone.subList(1, undone.size()),
                    List.of(TapedWhile.put(v.get(numbers), written, moved.getFirst())),
                    Lists.each(state.size(), i ->
                            TapedWhile.put(v.get(numbers + 1 + i), written.add(rows), moved.get(1 + i))));
        });
        List<Boolean> linear = Lists.map(Lists.where(in.subList(first + loop.bodyConstants(), n), wanted(), true),
                Operand::isLinear);
        return Lists.concat(end.subList(sumsFrom, ctFrom), Lists.where(end.subList(ctFrom, numbers), linear, true));
    }

    /** How many steps to run on, of {@code gap}, before the next snapshot, for which there are {@code free} places. */
    private static Tensor stretch(Tensor gap, Tensor free, int rows) {
        Tensor pieces = free.clip(1, 2).maximum(free.sub(rows / 4));
        return gap.le(free).where(gap.minimum(1), gap.add(pieces).sub(1).div(pieces));
    }

    @Override public String toString() { return loop.toString(); }
}
