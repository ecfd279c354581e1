package javelin.core.ops;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javelin.core.Atom.Var;
import javelin.core.Batched;
import javelin.core.ControlOp;
import javelin.core.Dual;
import javelin.core.Evaluator;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.transform.Jvp;
import javelin.core.transform.PartialEval;
import javelin.core.transform.Transposition;
import javelin.core.transform.Vmap;
import javelin.core.type.TensorType;

/**
 * A loop that carries state: {@code (carry, y[t]) = body(constants, carry, x[t])} for t = 0..length-1,
 * or backwards. Inputs: constants, initial carry, xs stacked on axis 0. Outputs: final carry, ys stacked.
 *
 * @param constants how many inputs are the same at every step
 * @param carries   how many values pass from step to step; their types may not change
 */
public record Scan(Program body, int constants, int carries, int length, boolean reverse) implements ControlOp,
        LinearOp {

    /** A list of inputs (or of anything that goes with inputs) by role. */
    private record Parts<T>(List<T> constants, List<T> carry, List<T> xs) {}

    private <T> Parts<T> parts(List<T> all) {
        return new Parts<>(all.subList(0, constants), all.subList(constants, constants + carries),
                all.subList(constants + carries, all.size()));
    }

    private Scan with(Program body, int constants, int carries) {
        return new Scan(body, constants, carries, length, reverse);
    }

    private int ys() { return body.outputs().size() - carries; }

    @Override public List<Program> bodies() { return List.of(body); }

    @Override public ControlOp withBodies(List<Program> bodies) { return with(bodies.getFirst(), constants, carries); }

    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        Parts<TensorType> types = parts(in);
        List<TensorType> results = body.outputTypes();
        for (int c = 0; c < carries; c++)
            if (!results.get(c).equals(types.carry().get(c)))
                throw new ShapeException(this, in,
                        "carry " + c + " goes in as " + types.carry().get(c) + " but comes out as " + results.get(c)
                        + "; a loop's state must keep its type, convert it with astype or fix the initial value");
        for (TensorType x : types.xs())
            if (x.rank() == 0 || x.shape().size(0) != length)
                throw new ShapeException(this, in, x + " cannot be scanned for " + length
                        + " steps; axis 0 must have that size");
        return Lists.concat(types.carry(), stacked(results.subList(carries, results.size())));
    }

    /** This loop with {@code unroll} steps in each turn; the steps that are left over make a loop of their own. */
    public List<Tensor> apply(List<Tensor> inputs, int unroll) {
        if (unroll == 1 || length == 0) return Op.apply(this, inputs);
        Parts<Tensor> in = parts(inputs);
        int turns = length / unroll, whole = turns * unroll;
        List<Tensor> xs = Lists.map(in.xs(), x ->
                x.slice(0, 0, whole).reshape(x.shape().dropFirst().prepend(unroll).prepend(turns)));
        Program turn = Recorder.trace(Lists.concat(Lists.map(in.constants(), Tensor::type),
                Lists.map(in.carry(), Tensor::type), rows(Lists.map(xs, Tensor::type))),
                v -> new Scan(body, constants, carries, unroll, reverse).steps(v, body::apply)).closed();
        var most = new Scan(turn, constants, carries, turns, reverse);
        var rest = new Scan(body, constants, carries, length - whole, reverse);
        List<Tensor> restXs = Lists.map(in.xs(), x -> x.slice(0, whole, length)), carry = in.carry(),
                first = List.of(), last = List.of();
        for (boolean isRest : reverse ? new boolean[] {true, false} : new boolean[] {false, true}) {
            List<Tensor> out = Op.apply(isRest ? rest : most,
                    Lists.concat(in.constants(), carry, isRest ? restXs : xs));
            carry = out.subList(0, carries);
            if (isRest) last = out.subList(carries, out.size());
            else first = Lists.map(out.subList(carries, out.size()),
                    y -> y.reshape(y.shape().dropFirst().dropFirst().prepend(whole)));
        }
        List<Tensor> begin = first, end = last;
        return Lists.concat(carry, Lists.each(ys(), i -> new Concatenate(0).apply(begin.get(i), end.get(i))));
    }

    /** Scans the body's derivative, carrying those tangents that are not always zero beside the primals. */
    @Override public List<Dual> jvp(List<Dual> in) {
        List<Boolean> has = new ArrayList<>(Lists.map(in, Dual::hasTangent));
        Jvp.Forward forward = Jvp.of(body, has, carryMask(has));
        while (spread(has, forward.tangentOutputs())) forward = Jvp.of(body, has, carryMask(has));
        int c = Lists.count(parts(has).constants()), k = Lists.count(parts(has).carry()), n = in.size();
        // the derivative takes all primals, then all tangents; a scan wants them by role
        Parts<Integer> primal = parts(Lists.range(0, n));
        List<Integer> tangent = Lists.range(n, Lists.count(has));
        List<Integer> inputs = Lists.concat(primal.constants(), tangent.subList(0, c), primal.carry(),
                tangent.subList(c, c + k), primal.xs(), tangent.subList(c + k, tangent.size()));
        int m = body.outputs().size();
        List<Boolean> outHas = forward.tangentOutputs();
        List<Integer> outputs = Lists.concat(Lists.range(0, carries), Lists.range(m, k), Lists.range(carries, ys()),
                Lists.range(m + k, Lists.count(outHas) - k));
        Program dual = reordered(forward.program(), inputs, outputs);
        List<Tensor> arguments = Lists.concat(Lists.map(in, Dual::primal),
                Lists.map(Lists.where(in, has, true), Dual::tangentOrZero));
        List<Tensor> out = Op.apply(with(dual, constants + c, carries + k), Lists.map(inputs, arguments::get));
        var carryTangents = out.subList(carries, carries + k).iterator();
        var yTangents = out.subList(carries + k + ys(), out.size()).iterator();
        return Lists.each(m, i -> {
            Tensor value = out.get(i < carries ? i : i + k);
            return outHas.get(i) ? Dual.of(value, (i < carries ? carryTangents : yTangents).next())
                    : Dual.constant(value);
        });
    }

    /** Which outputs must come out with what their carry went in with. */
    private List<Boolean> carryMask(List<Boolean> in) { return Lists.concat(parts(in).carry(), Lists.falses(ys())); }

    /** Marks the carries that come out marked; true if there are new ones. */
    private boolean spread(List<Boolean> in, List<Boolean> out) {
        boolean changed = false;
        for (int c = 0; c < carries; c++)
            if (out.get(c) && !in.get(constants + c)) {
                in.set(constants + c, true);
                changed = true;
            }
        return changed;
    }

    private static Program reordered(Program p, List<Integer> inputs, List<Integer> outputs) {
        return Program.of(Lists.map(inputs, p.inputs()::get), p.equations(), Lists.map(outputs, p.outputs()::get));
    }

    /**
     * Splits the body. What its second half needs from the first is stacked, step by step, and scanned over, unless it
     * is a constant or an x of this scan, which the second scan can have directly. A known carry that the loop mixes
     * with unknowns has to wait too, until nothing changes.
     */
    @Override public Stages split(List<Boolean> unknownInputs) {
        List<Boolean> unknown = new ArrayList<>(unknownInputs);
        PartialEval.Split halves = PartialEval.split(body, unknown, carryMask(unknown));
        while (spread(unknown, halves.unknownOutputs())) halves = PartialEval.split(body, unknown, carryMask(unknown));
        halves = Recomputation.withFewerResiduals(halves);
        Parts<Boolean> masks = parts(unknown);
        int constantsLater = Lists.count(masks.constants()), carriesLater = Lists.count(masks.carry());

        Program first = halves.known(), second = halves.unknown();
        List<Integer> knownInputs = Lists.range(0, unknown.size()).stream().filter(i -> !unknown.get(i)).toList();
        int knownOutputs = first.outputs().size() - halves.residuals(), knownConstants = constants - constantsLater,
                knownCarries = carries - carriesLater;
        List<Integer> stackedAt = new ArrayList<>(), constantAt = new ArrayList<>(), xAt = new ArrayList<>();
        List<Argument> constantArguments = new ArrayList<>(), xArguments = new ArrayList<>();
        for (int r = 0; r < halves.residuals(); r++) {
            int input = first.outputs().get(knownOutputs + r) instanceof Var v ? first.inputs().indexOf(v) : -1;
            if (input >= 0 && input < knownConstants) {
                constantAt.add(r);
                constantArguments.add(new Argument.Input(knownInputs.get(input)));
            } else if (input >= knownConstants + knownCarries) {
                xAt.add(r);
                xArguments.add(new Argument.Input(knownInputs.get(input)));
            } else {
                xAt.add(r);
                xArguments.add(new Argument.Residual(stackedAt.size()));
                stackedAt.add(r);
            }
        }
        Program now = reordered(first, Lists.range(0, knownInputs.size()),
                Lists.concat(Lists.range(0, knownOutputs), Lists.map(stackedAt, r -> knownOutputs + r)));
        int r = halves.residuals(), carryFrom = r + constantsLater, xFrom = carryFrom + carriesLater;
        Program later = reordered(second, Lists.concat(constantAt, Lists.range(r, constantsLater),
                Lists.range(carryFrom, carriesLater), xAt,
                Lists.range(xFrom, second.inputs().size() - xFrom)), Lists.range(0, second.outputs().size()));
        List<Argument> waiting = Lists.map(Lists.where(Lists.range(0, unknown.size()), unknown, true),
                Argument.Input::new);
        List<Argument> arguments = Lists.concat(constantArguments, waiting.subList(0, constantsLater + carriesLater),
                xArguments,
                waiting.subList(constantsLater + carriesLater, waiting.size()));
        return new Stages(with(now, knownConstants, knownCarries), knownInputs,
                with(later, constantAt.size() + constantsLater, carriesLater), arguments,
                stacked(Lists.map(stackedAt, s -> first.outputs().get(knownOutputs + s).type())),
                        halves.unknownOutputs());
    }

    /** Runs the steps the other way, carrying the cotangents of the carry and of the constants so far. */
    @Override public List<Tensor> transpose(List<Operand> inputs, List<Tensor> cotangents) {
        Parts<Operand> given = parts(inputs);
        // a carry that starts from a known zero is linear like the others; its cotangent is dropped at the end
        List<Boolean> linear = Lists.each(inputs.size(),
                i -> inputs.get(i).isLinear() || i >= constants && i < constants + carries);
        Parts<Boolean> masks = parts(linear);
        List<Tensor> fixed = Lists.map(Lists.where(given.constants(), masks.constants(), false), Operand::known);
        List<Tensor> residuals = Lists.map(Lists.where(given.xs(), masks.xs(), false), Operand::known);
        List<TensorType> sums = Lists.map(Lists.where(given.constants(), masks.constants(), true), Operand::type);
        List<TensorType> carry = Lists.map(given.carry(), Operand::type),
                y = body.outputTypes().subList(carries, body.outputs().size());
        List<TensorType> types = Lists.concat(Lists.map(fixed, Tensor::type), sums, carry,
                rows(Lists.map(residuals, Tensor::type)), y);
        Program backwards = Recorder.trace(types, v -> {
            var args = new Cursor(v);
            List<Tensor> fixedNow = args.take(fixed.size()), soFar = args.take(sums.size()),
                    carryCt = args.take(carries);
            var known = Lists.<Tensor>concat(fixedNow, args.take(residuals.size())).iterator();
            List<Operand> operands = Lists.each(linear.size(),
                    i -> new Operand(body.inputTypes().get(i),
                            linear.get(i) ? Optional.empty() : Optional.of(known.next())));
            var ct = new Cursor(Transposition.run(body, operands, Lists.concat(carryCt, args.rest())));
            List<Tensor> more = ct.take(sums.size());
            return Lists.concat(Lists.each(sums.size(), i -> soFar.get(i).add(more.get(i))), ct.rest());
        }).closed();
        var scan = new Scan(backwards, fixed.size(), sums.size() + carries, length, !reverse);
        var ct = new Cursor(Op.apply(scan, Lists.concat(fixed, Lists.map(sums, Tensor::zeros),
                cotangents.subList(0, carries), residuals,
                cotangents.subList(carries, cotangents.size()))));
        return Lists.concat(ct.take(sums.size()),
                Lists.where(ct.take(carries), Lists.map(given.carry(), Operand::isLinear), true), ct.rest());
    }

    /** Batches the body. Scanned values keep time first: batch and time axes trade places on the way in and out. */
    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        List<Boolean> mapped = new ArrayList<>(Lists.map(in, Batched::mapped));
        Vmap.Mapped batched = Vmap.of(body, mapped, size, carryMask(mapped));
        while (spread(mapped, batched.mapped())) batched = Vmap.of(body, mapped, size, carryMask(mapped));
        List<Tensor> arguments = Lists.each(in.size(), i -> {
            if (!mapped.get(i)) return in.get(i).value();
            Tensor x = in.get(i).spread(size);
            return i < constants + carries ? x : x.moveAxis(1, 0);
        });
        List<Tensor> out = Op.apply(with(batched.program(), constants, carries), arguments);
        List<Boolean> has = batched.mapped();
        return Lists.each(out.size(), i -> new Batched(has.get(i) && i >= carries ? out.get(i).moveAxis(1, 0)
                : out.get(i), has.get(i)));
    }

    @Override public List<Tensor> run(List<Tensor> inputs) { return steps(inputs, in -> Evaluator.evaluate(body, in)); }

    private List<Tensor> steps(List<Tensor> inputs, UnaryOperator<List<Tensor>> step) {
        Parts<Tensor> in = parts(inputs);
        List<Tensor> carry = List.copyOf(in.carry());
        List<List<Tensor>> steps = new ArrayList<>();
        for (int n = 0; n < length; n++) {
            int t = reverse ? length - 1 - n : n;
            List<Tensor> out = step.apply(Lists.concat(in.constants(), carry, Lists.map(in.xs(), x -> x.index(t))));
            carry = out.subList(0, carries);
            steps.add(out.subList(carries, out.size()));
        }
        if (reverse) Collections.reverse(steps);
        return Lists.concat(carry, Lists.each(ys(),
                i -> stack(Lists.map(steps, s -> s.get(i)), body.outputTypes().get(carries + i))));
    }

    private Tensor stack(List<Tensor> rows, TensorType row) {
        if (rows.isEmpty()) return Tensor.zeros(row.withShape(row.shape().prepend(0)));
        return new Concatenate(0).apply(rows.stream().map(r -> r.expandDims(0)).toArray(Tensor[]::new));
    }

    private List<TensorType> stacked(List<TensorType> list) {
        return Lists.map(list, t -> t.withShape(t.shape().prepend(length)));
    }

    private static List<TensorType> rows(List<TensorType> list) {
        return Lists.map(list, t -> t.withShape(t.shape().dropFirst()));
    }

    /** Takes a list apart from the front. */
    private static final class Cursor {
        private final List<Tensor> list;
        private int at;

        Cursor(List<Tensor> list) { this.list = list; }

        List<Tensor> take(int n) { return list.subList(at, at += n); }

        List<Tensor> rest() { return list.subList(at, list.size()); }
    }

    @Override public String toString() {
        return "scan[length=" + length + (reverse ? " reverse" : "") + " constants=" + constants + " carries="
                + carries + "]";
    }
}
