package javelin.core.ops;

import java.util.ArrayList;
import java.util.List;
import javelin.core.Batched;
import javelin.core.ControlOp;
import javelin.core.Dual;
import javelin.core.Evaluator;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.NoRuleException;
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
 */
public record While(Program condition, Program body, int conditionConstants, int bodyConstants) implements ControlOp, LinearOp {
    private int constants() { return conditionConstants + bodyConstants; }

    private int carries() { return body.outputs().size(); }

    @Override public List<Program> bodies() { return List.of(condition, body); }

    @Override public ControlOp withBodies(List<Program> bodies) { return new While(bodies.get(0), bodies.get(1), conditionConstants, bodyConstants); }

    private <T> List<T> forCondition(List<T> in) { return Lists.concat(in.subList(0, conditionConstants), in.subList(constants(), in.size())); }

    private <T> List<T> forBody(List<T> in) { return in.subList(conditionConstants, in.size()); }

    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        if (!condition.outputTypes().equals(List.of(TensorType.of(DType.BOOL))))
            throw new ShapeException(this, in, "the condition must give one bool scalar, not " + condition.outputTypes());
        List<TensorType> carry = in.subList(constants(), in.size()), out = body.outputTypes();
        for (int c = 0; c < carry.size(); c++)
            if (!out.get(c).equals(carry.get(c)))
                throw new ShapeException(this, in, "carry " + c + " goes in as " + carry.get(c) + " but comes out as " + out.get(c)
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

    private List<Boolean> carryMask(List<Boolean> in) { return in.subList(constants(), in.size()); }

    /** The tangents that are not always zero join the carry; the condition looks at primals only. */
    @Override public List<Dual> jvp(List<Dual> in) {
        List<Boolean> has = new ArrayList<>(Lists.map(in, Dual::hasTangent));
        Jvp.Forward forward = Jvp.of(body, forBody(has), carryMask(has));
        while (spread(has, forward.tangentOutputs())) forward = Jvp.of(body, forBody(has), carryMask(has));
        List<Boolean> constantHas = has.subList(conditionConstants, constants()), carryHas = List.copyOf(carryMask(has));
        int n = body.inputs().size(), c = Lists.count(constantHas), k = Lists.count(carryHas);
        // constants, their tangents, carry, its tangents; the derivative has all primals first
        Program dual = forward.program();
        Program ordered = Program.of(Lists.map(Lists.concat(Lists.range(0, bodyConstants), Lists.range(n, c), Lists.range(bodyConstants, carries()), Lists.range(n + c, k)),
                dual.inputs()::get), dual.equations(), dual.outputs());
        Program wider = withIgnored(condition, Lists.where(Lists.map(in.subList(constants(), in.size()), d -> d.primal().type()), carryHas, true));
        List<Dual> constant = in.subList(conditionConstants, constants()), carry = in.subList(constants(), in.size());
        List<Tensor> out = Op.apply(new While(wider, ordered, conditionConstants, bodyConstants + c), Lists.concat(
                Lists.map(in.subList(0, constants()), Dual::primal), Lists.map(Lists.where(constant, constantHas, true), Dual::tangentOrZero),
                Lists.map(carry, Dual::primal), Lists.map(Lists.where(carry, carryHas, true), Dual::tangentOrZero)));
        var tangents = out.subList(carries(), out.size()).iterator();
        return Lists.each(carries(), i -> carryHas.get(i) ? Dual.of(out.get(i), tangents.next()) : Dual.constant(out.get(i)));
    }

    /** {@code p} with more inputs that it does not read. */
    private static Program withIgnored(Program p, List<TensorType> more) {
        return Recorder.trace(Lists.concat(p.inputTypes(), more), in -> p.apply(in.subList(0, p.inputs().size()))).closed();
    }

    /** What depends on unknowns is computed by a second run of the whole loop; the first gives what does not. */
    @Override public Stages split(List<Boolean> unknownInputs) {
        List<Boolean> unknown = new ArrayList<>(unknownInputs);
        var reach = PartialEval.split(body, forBody(unknown), carryMask(unknown));
        while (spread(unknown, reach.unknownOutputs())) reach = PartialEval.split(body, forBody(unknown), carryMask(unknown));
        List<Boolean> unknownOutputs = List.copyOf(carryMask(unknown));
        List<Argument> all = Lists.each(unknown.size(), Argument.Input::new);
        List<Boolean> everything = Lists.each(unknownOutputs.size(), _ -> true);
        var conditionNeeds = PartialEval.split(condition, forCondition(unknown));
        if (conditionNeeds.unknownOutputs().getFirst() || unknownOutputs.equals(everything) || unknown.subList(0, conditionConstants).contains(true))
            return new Stages(this, List.of(), this, all, List.of(), everything);
        List<Integer> knownArguments = Lists.range(0, unknown.size()).stream().filter(i -> !unknown.get(i)).toList();
        Program knownBody = reach.known();
        Program first = Program.of(knownBody.inputs(), knownBody.equations(), knownBody.outputs().subList(0, knownBody.outputs().size() - reach.residuals()));
        int knownBodyConstants = bodyConstants - Lists.count(unknown.subList(conditionConstants, constants()));
        return new Stages(new While(conditionNeeds.known(), first, conditionConstants, knownBodyConstants), knownArguments, new Whole(this, unknownOutputs), all, List.of(), unknownOutputs);
    }

    /** A loop of which only some of the results are wanted: the second stage of a split loop. */
    public record Whole(While loop, List<Boolean> wanted) implements ControlOp, LinearOp {
        private <T> List<T> wanted(List<T> out) { return Lists.where(out, wanted, true); }

        @Override public List<TensorType> outputTypes(List<TensorType> in) { return wanted(loop.outputTypes(in)); }

        @Override public List<Dual> jvp(List<Dual> in) { return wanted(loop.jvp(in)); }

        @Override public List<Batched> batch(List<Batched> in) { return wanted(loop.batch(in)); }

        @Override public List<Tensor> run(List<Tensor> in) { return wanted(loop.run(in)); }

        @Override public List<Program> bodies() { return loop.bodies(); }

        @Override public ControlOp withBodies(List<Program> bodies) { return new Whole((While) loop.withBodies(bodies), wanted); }

        @Override public Stages split(List<Boolean> unknownInputs) {
            return new Stages(this, List.of(), this, Lists.each(unknownInputs.size(), Argument.Input::new), List.of(), Lists.each(Lists.count(wanted), _ -> true));
        }

        @Override public List<Tensor> transpose(List<Operand> in, List<Tensor> ct) { return loop.transpose(in, ct); }

        @Override public String toString() { return loop.toString(); }
    }

    /** How often the body runs is not known beforehand, so there is nowhere to keep what the way back needs. */
    @Override public List<Tensor> transpose(List<Operand> in, List<Tensor> ct) {
        throw new NoRuleException(this, "reverse-mode derivative, since the number of its steps is known only when it runs",
                "use Control.foriLoop or Control.scan with a fixed number of steps, or forward mode (jvp, jacfwd)");
    }

    /** If the lanes disagree when to stop, loops while any wants to go on, and those that have stopped keep their values. */
    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        List<Boolean> mapped = new ArrayList<>(Lists.map(in, Batched::mapped));
        Vmap.Mapped body, condition;
        while (true) {
            body = Vmap.of(this.body, forBody(mapped), size, carryMask(mapped));
            if (spread(mapped, body.mapped())) continue;
            condition = Vmap.of(this.condition, forCondition(mapped), size, List.of(false));
            if (!condition.mapped().getFirst() || !carryMask(mapped).contains(false)) break;
            for (int c = constants(); c < mapped.size(); c++) mapped.set(c, true);
        }
        List<Tensor> arguments = Lists.each(in.size(), i -> mapped.get(i) ? in.get(i).spread(size) : in.get(i).value());
        List<Boolean> out = List.copyOf(carryMask(mapped));
        Op loop = condition.mapped().getFirst() ? perLane(condition.program(), body.program())
                : new While(condition.program(), body.program(), conditionConstants, bodyConstants);
        List<Tensor> forCondition = condition.mapped().getFirst() ? arguments.subList(0, conditionConstants) : List.of();
        List<Tensor> results = Op.apply(loop, Lists.concat(arguments.subList(0, conditionConstants), forCondition, arguments.subList(conditionConstants, arguments.size())));
        return Lists.each(results.size(), i -> new Batched(results.get(i), out.get(i)));
    }

    /** The batched loop whose body has the condition's constants too, to see which lanes still run. */
    private While perLane(Program lanes, Program step) {
        int k = conditionConstants;
        Program any = Recorder.trace(lanes.inputTypes(), v -> List.of(lanes.apply(v).getFirst().any())).closed();
        List<TensorType> types = Lists.concat(lanes.inputTypes().subList(0, k), step.inputTypes());
        Program masked = Recorder.trace(types, v -> {
            List<Tensor> carry = v.subList(k + bodyConstants, v.size());
            Tensor running = lanes.apply(Lists.concat(v.subList(0, k), carry)).getFirst();
            List<Tensor> next = step.apply(v.subList(k, v.size()));
            return Lists.each(next.size(), i -> {
                Shape shape = next.get(i).shape();
                return running.broadcast(shape, List.of(0)).where(next.get(i), carry.get(i));
            });
        }).closed();
        return new While(any, masked, k, k + bodyConstants);
    }

    @Override public List<Tensor> run(List<Tensor> inputs) {
        List<Tensor> constants = inputs.subList(0, constants()), carry = inputs.subList(constants(), inputs.size());
        while (Evaluator.evaluate(condition, forCondition(Lists.concat(constants, carry))).getFirst().itemAsLong() != 0)
            carry = Evaluator.evaluate(body, forBody(Lists.concat(constants, carry)));
        return carry;
    }

    @Override public String toString() { return "while[constants=" + conditionConstants + "," + bodyConstants + "]"; }
}
