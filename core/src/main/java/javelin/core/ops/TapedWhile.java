package javelin.core.ops;

import java.util.List;
import javelin.core.Array;
import javelin.core.Batched;
import javelin.core.ComposedOp;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.transform.Jvp;
import javelin.core.transform.PartialEval;
import javelin.core.transform.Vmap;
import javelin.core.type.TensorType;

/**
 * The known part of a loop, run with a tape for the way back: snapshots of the state at every {@code stride} steps, in
 * a fixed number of rows. When the rows are full the stride doubles, and every other snapshot is given up.
 *
 * <p>Inputs: those of the loop that are known. Outputs: the known carries, the number of steps, the stride, the rows.
 * The snapshot before step k is in row k mod rows: the number of rows is odd, so that for any power of two as a stride
 * as many multiples of it as there are rows fall on different ones.
 *
 * @param unknown which inputs of the loop have to wait; {@code loop}'s condition does not depend on them
 */
public record TapedWhile(While loop, List<Boolean> unknown) implements ComposedOp {
    /** Rows together take no more than this, if there are not too few of them then. */
    private static final long MOST_BYTES = 1 << 20;
    private static final int FEWEST = 8, MOST = 64;

    PartialEval.Split body() { return PartialEval.split(loop.body(), loop.forBody(unknown), loop.carries(unknown)); }

    /** How many of the body's constants are known. */
    int constants() {
        return loop.bodyConstants() - Lists.count(loop.forBody(unknown).subList(0, loop.bodyConstants()));
    }

    /**
     * A step of the body's known half as the way back repeats it, without what no residual depends on.
     *
     * @param kept     which of the known carries it needs, and so the tape holds
     * @param step     constants and kept carries, to the kept carries after the step
     * @param residual constants and kept carries, to what the step's tangent needs
     */
    record Repeated(List<Boolean> kept, Program step, Program residual) {
        List<TensorType> types() { return step.outputTypes(); }

        /** One more than the number of steps that need not be run again; odd. */
        int rows(int limit) {
            long bytes = Math.max(1, types().stream().mapToLong(TensorType::bytes).sum());
            long most = Math.clamp(MOST_BYTES / bytes, FEWEST, MOST);
            return (int) (limit < Integer.MAX_VALUE ? Math.ceil(Math.sqrt(limit)) : most) + 1 | 1;
        }
    }

    Repeated repeated() {
        PartialEval.Split body = body();
        Program known = body.known();
        int constants = constants(), carries = known.outputs().size() - body.residuals();
        Program residual = known.only(Lists.range(carries, body.residuals()));
        List<Integer> carry = Lists.range(constants, carries);
        List<Boolean> kept = Lists.map(carry, residual::reads), before;
        Program step;
        do {
            before = kept;
            step = known.only(Lists.where(Lists.range(0, carries), kept, true));
            List<Boolean> more = Lists.map(carry, step::reads), so = kept;
            kept = Lists.each(carries, i -> so.get(i) || more.get(i));
        } while (!kept.equals(before));
        List<Boolean> inputs = Lists.concat(Lists.each(constants, _ -> true), kept);
        return new Repeated(kept, taking(step, inputs), taking(residual, inputs));
    }

    private static Program taking(Program p, List<Boolean> inputs) {
        return Program.of(Lists.where(p.inputs(), inputs, true), p.equations(), p.outputs());
    }

    @Override public boolean hasEffects() { return loop.hasEffects(); }

    @Override public List<TensorType> outputTypes(List<TensorType> in) { return definition(in).outputTypes(); }

    @Override public Program definition(List<TensorType> in) {
        Program condition = PartialEval.split(loop.condition(), loop.forCondition(unknown)).known(),
                body = body().known();
        Repeated repeated = repeated();
        int tested = loop.conditionConstants(), from = tested + constants(), carries = in.size() - from,
                rows = repeated.rows(loop.limit());
        return Recorder.trace(in, v -> {
            List<Tensor> constants = v.subList(tested, from), initial = v.subList(from, v.size());
            List<Tensor> tape = Lists.map(repeated.types(), t -> Tensor.zeros(t.withShape(t.shape().prepend(rows))));
            // whether to go on, the steps so far, the stride, the carries, and the rows of those that are kept
            List<Tensor> end = While.loop(Lists.concat(
                    List.of(goesOn(condition, v.subList(0, tested), initial), Array.scalar(0), Array.scalar(1)),
                            initial, tape),
                    List::getFirst, s -> {
                Tensor steps = s.get(1), stride = s.get(2);
                List<Tensor> now = s.subList(3, 3 + carries), kept = Lists.where(now, repeated.kept(), true);
                List<Tensor> written = Lists.each(kept.size(),
                        i -> put(s.get(3 + carries + i), steps.rem(rows), kept.get(i)));
                Tensor next = steps.eq(stride.mul(rows - 1)).where(stride.mul(2), stride), until = steps.add(next);
                List<Tensor> after = While.loop(Lists.concat(s.subList(0, 2), now),
                        w -> w.get(0).and(w.get(1).lt(until)), w -> {
                    List<Tensor> state = body.apply(Lists.concat(constants, w.subList(2, w.size())))
                            .subList(0, carries);
                    return Lists.concat(List.of(goesOn(condition, v.subList(0, tested), state), w.get(1).add(1)),
                            state);
                });
                return Lists.concat(after.subList(0, 2), List.of(next), after.subList(2, after.size()), written);
            });
            return Lists.concat(end.subList(3, 3 + carries), end.subList(1, 3), end.subList(3 + carries, end.size()));
        }).closed();
    }

    private static Tensor goesOn(Program condition, List<Tensor> constants, List<Tensor> carry) {
        return condition.apply(Lists.concat(constants, carry)).getFirst();
    }

    /** {@code rows} with one overwritten. */
    static Tensor put(Tensor rows, Tensor at, Tensor row) {
        return rows.dynamicUpdateSlice(row.expandDims(0), corner(rows, at));
    }

    static Tensor row(Tensor rows, Tensor at) {
        var shape = rows.shape().dropFirst();
        return rows.dynamicSlice(corner(rows, at), shape.prepend(1).sizes().stream().mapToInt(n -> n).toArray())
                .reshape(shape);
    }

    private static List<Tensor> corner(Tensor rows, Tensor at) {
        return Lists.each(rows.rank(), a -> a == 0 ? at : Array.scalar(0));
    }

    @Override public List<Dual> jvp(List<Dual> in) {
        return Jvp.run(definition(Lists.map(in, d -> d.primal().type())), in);
    }

    @Override public List<Batched> batch(List<Batched> in) {
        List<TensorType> types = Lists.where(loop.inputTypes(), unknown, false);
        return Vmap.run(definition(types), in);
    }

    @Override public String toString() { return loop + " with a tape"; }
}
