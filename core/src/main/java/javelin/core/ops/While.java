package javelin.core.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javelin.core.Array;
import javelin.core.Batched;
import javelin.core.ControlOp;
import javelin.core.Dual;
import javelin.core.Evaluator;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.transform.Jvp;
import javelin.core.transform.PartialEval;
import javelin.core.transform.Vmap;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * {@code while (condition(constants, carry)) carry = body(constants, carry)}. Inputs: the condition's constants, the
 * body's constants, the initial carry. Outputs: the final carry.
 *
 * @param limit no less than the number of steps, for reverse mode to choose how many states to keep; the condition must
 *              see to it
 */
public record While(Program condition, Program body, int conditionConstants, int bodyConstants,
        int limit) implements ControlOp {
    public While(Program condition, Program body, int conditionConstants, int bodyConstants) {
        this(condition, body, conditionConstants, bodyConstants, Integer.MAX_VALUE);
    }

    /** {@code while (condition(state)) state = body(state)}; both may close over tensors. */
    public static List<Tensor> loop(List<Tensor> initial, Function<List<Tensor>, Tensor> condition,
            UnaryOperator<List<Tensor>> body) {
        return loop(initial, Integer.MAX_VALUE, condition, body);
    }

    private static List<Tensor> loop(List<Tensor> initial, int limit, Function<List<Tensor>, Tensor> condition,
            UnaryOperator<List<Tensor>> body) {
        List<TensorType> types = Lists.map(initial, Tensor::type);
        var goOn = Recorder.trace(types, v -> List.of(condition.apply(v)));
        var step = Recorder.trace(types, body);
        var loop = new While(goOn.program(), step.program(), goOn.captured().size(), step.captured().size(), limit);
        return Op.apply(loop, Lists.concat(goOn.captured(), step.captured(), initial));
    }

    private int constants() { return conditionConstants + bodyConstants; }

    private int carries() { return body.outputs().size(); }

    private While with(Program condition, Program body, int conditionConstants, int bodyConstants) {
        return new While(condition, body, conditionConstants, bodyConstants, limit);
    }

    /** The types of one loop's inputs. */
    List<TensorType> inputTypes() {
        return Lists.concat(condition.inputTypes().subList(0, conditionConstants), body.inputTypes());
    }

    @Override public List<Program> bodies() { return List.of(condition, body); }

    @Override public ControlOp withBodies(List<Program> bodies) {
        return with(bodies.get(0), bodies.get(1), conditionConstants, bodyConstants);
    }

    <T> List<T> forCondition(List<T> in) {
        return Lists.concat(in.subList(0, conditionConstants), in.subList(constants(), in.size()));
    }

    <T> List<T> forBody(List<T> in) { return in.subList(conditionConstants, in.size()); }

    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        if (!condition.outputTypes().equals(List.of(TensorType.of(DType.BOOL))))
            throw new ShapeException(this, in, "the condition gives " + condition.outputTypes()
                    + "; it must give one bool scalar");
        List<TensorType> carry = in.subList(constants(), in.size()), out = body.outputTypes();
        for (int c = 0; c < carry.size(); c++)
            if (!out.get(c).equals(carry.get(c)))
                throw new ShapeException(this, in,
                        "carry " + c + " goes in as " + carry.get(c) + " but comes out as " + out.get(c)
                        + "; a loop's state must keep its type, convert it with astype or fix the initial value");
        return carry;
    }

    /** Marks the carries that come out marked; true if there are new ones. */
    private boolean spread(List<Boolean> in, List<Boolean> out) {
        boolean changed = false;
        for (int c = 0; c < carries(); c++)
            if (out.get(c) && !in.get(constants() + c)) {
                in.set(constants() + c, true);
                changed = true;
            }
        return changed;
    }

    <T> List<T> carries(List<T> in) { return in.subList(constants(), in.size()); }

    /** The tangents that are not always zero join the carry; the condition looks at primals only. */
    @Override public List<Dual> jvp(List<Dual> in) {
        List<Boolean> has = new ArrayList<>(Lists.map(in, Dual::hasTangent));
        Jvp.Forward forward = Jvp.of(body, forBody(has), carries(has));
        while (spread(has, forward.tangentOutputs())) forward = Jvp.of(body, forBody(has), carries(has));
        List<Boolean> constantHas = has.subList(conditionConstants, constants()), carryHas = List.copyOf(carries(has));
        int n = body.inputs().size(), c = Lists.count(constantHas), k = Lists.count(carryHas);
        // constants, their tangents, carry, its tangents; the derivative has all primals first
        Program dual = forward.program();
        Program ordered = Program.of(Lists.map(
                Lists.concat(Lists.range(0, bodyConstants), Lists.range(n, c), Lists.range(bodyConstants, carries()),
                        Lists.range(n + c, k)),
                dual.inputs()::get), dual.equations(), dual.outputs());
        Program wider = withIgnored(condition,
                Lists.where(Lists.map(in.subList(constants(), in.size()), d -> d.primal().type()), carryHas, true));
        List<Dual> constant = in.subList(conditionConstants, constants()), carry = in.subList(constants(), in.size());
        List<Tensor> out = Op.apply(with(wider, ordered, conditionConstants, bodyConstants + c), Lists.concat(
                Lists.map(in.subList(0, constants()), Dual::primal),
                        Lists.map(Lists.where(constant, constantHas, true), Dual::tangentOrZero),
                Lists.map(carry, Dual::primal), Lists.map(Lists.where(carry, carryHas, true), Dual::tangentOrZero)));
        var tangents = out.subList(carries(), out.size()).iterator();
        return Lists.each(carries(), i -> carryHas.get(i) ? Dual.of(out.get(i), tangents.next())
                : Dual.constant(out.get(i)));
    }

    /** {@code p} with more inputs that it does not read. */
    private static Program withIgnored(Program p, List<TensorType> more) {
        return Recorder.trace(Lists.concat(p.inputTypes(), more), in -> p.apply(in.subList(0, p.inputs().size())))
                .closed();
    }

    /**
     * What depends on unknowns waits, as a loop of its own; what does not is computed now, with a tape for the way
     * back.
     */
    @Override public Stages split(List<Boolean> unknownInputs) {
        List<Boolean> unknown = new ArrayList<>(unknownInputs);
        while (spread(unknown, PartialEval.split(body, forBody(unknown), carries(unknown)).unknownOutputs())) continue;
        List<Argument> all = Lists.each(unknown.size(), Argument.Input::new);
        boolean waits = PartialEval.split(condition, forCondition(unknown)).unknownOutputs().getFirst()
                || unknown.subList(0, conditionConstants).contains(true);
        if (waits) return new Stages(this, List.of(), this, all, List.of(), Lists.each(carries(), _ -> true));
        List<Boolean> mask = List.copyOf(unknown);
        var taped = new TapedWhile(this, mask);
        List<TensorType> out = taped.outputTypes(Lists.where(inputTypes(), mask, false));
        List<TensorType> tape = out.subList(carries() - Lists.count(carries(mask)), out.size());
        return new Stages(taped, Lists.where(Lists.range(0, mask.size()), mask, false), new WhileTangents(this, mask),
                Lists.concat(all, Lists.each(tape.size(), Argument.Residual::new)), tape, carries(mask));
    }

    /**
     * If the lanes disagree when to stop, loops while any wants to go on, and those that have stopped keep their
     * values.
     */
    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        List<Boolean> mapped = new ArrayList<>(Lists.map(in, Batched::mapped));
        Vmap.Mapped body, condition;
        while (true) {
            body = Vmap.of(this.body, forBody(mapped), size, carries(mapped));
            if (spread(mapped, body.mapped())) continue;
            condition = Vmap.of(this.condition, forCondition(mapped), size, List.of(false));
            if (!condition.mapped().getFirst() || !carries(mapped).contains(false)) break;
            for (int c = constants(); c < mapped.size(); c++) mapped.set(c, true);
        }
        List<Tensor> arguments = Lists.each(in.size(), i -> mapped.get(i) ? in.get(i).spread(size) : in.get(i).value());
        List<Boolean> out = List.copyOf(carries(mapped));
        List<Tensor> results = condition.mapped().getFirst()
                ? perLane(arguments, condition.program(), body.program(), size,
                        Vmap.of(this.condition, forCondition(mapped), Math.min(size, BLOCK)), forCondition(mapped))
                : Op.apply(with(condition.program(), body.program(), conditionConstants, bodyConstants), arguments);
        return Lists.each(results.size(), i -> new Batched(results.get(i), out.get(i)));
    }

    /** How many lanes are asked at a time whether any of them still runs. */
    private static final int BLOCK = 256;

    /**
     * Those lanes that have stopped never run again. So the loop carries a first lane before which all have stopped,
     * and after a step asks that lane's block only, and the next ones if all of it has stopped: an answer for all
     * lanes would take as long as a step.
     */
    private List<Tensor> perLane(List<Tensor> in, Program lanes, Program step, int size, Program block,
            List<Boolean> mapped) {
        List<Tensor> tested = in.subList(0, conditionConstants),
                constants = in.subList(conditionConstants, constants()), initial = carries(in);
        Tensor first = firstRunning(Array.scalar(0), Lists.concat(tested, initial), size, block, mapped);
        return loop(Lists.concat(List.of(first), initial), limit, v -> v.getFirst().lt(size), v -> {
            List<Tensor> carry = v.subList(1, v.size());
            Tensor running = lanes.apply(Lists.concat(tested, carry)).getFirst();
            List<Tensor> next = step.apply(Lists.concat(constants, carry));
            List<Tensor> after = Lists.each(next.size(), i -> {
                Shape shape = next.get(i).shape();
                return running.broadcast(shape, List.of(0)).where(next.get(i), carry.get(i));
            });
            return Lists.concat(List.of(firstRunning(v.getFirst(), Lists.concat(tested, after), size, block, mapped)),
                    after);
        }).subList(1, 1 + initial.size());
    }

    /** The start of the first block from {@code from} on that has a running lane; {@code size} or more if none has. */
    private static Tensor firstRunning(Tensor from, List<Tensor> in, int size, Program block, List<Boolean> mapped) {
        int lanes = Math.min(size, BLOCK);
        return loop(List.of(from), v -> v.getFirst().lt(size).and(block.apply(Lists.each(in.size(), i -> {
            Tensor x = in.get(i);
            if (!mapped.get(i) || lanes == size) return x;
            return Op.apply(new DynamicSlice(x.shape().dropFirst().prepend(lanes).sizes()),
                    Lists.concat(List.of(x), Lists.each(x.rank(), a -> a == 0 ? v.getFirst() : Array.scalar(0))))
                            .getFirst();
        })).getFirst().any().not()), v -> List.of(v.getFirst().add(lanes))).getFirst();
    }

    @Override public List<Tensor> run(List<Tensor> inputs) {
        List<Tensor> constants = inputs.subList(0, constants()), carry = inputs.subList(constants(), inputs.size());
        while (Evaluator.evaluate(condition, forCondition(Lists.concat(constants, carry))).getFirst().itemAsLong() != 0)
            carry = Evaluator.evaluate(body, forBody(Lists.concat(constants, carry)));
        return carry;
    }

    @Override public String toString() { return "while[constants=" + conditionConstants + "," + bodyConstants + "]"; }
}
