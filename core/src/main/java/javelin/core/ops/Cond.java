package javelin.core.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * {@code branches[index](operands)}: one of several programs of the same type. Inputs: the i32 scalar index, held
 * within range, then the operands, which every branch takes.
 */
public record Cond(List<Program> branches) implements ControlOp, LinearOp {
    @Override public List<Program> bodies() { return branches; }

    @Override public ControlOp withBodies(List<Program> bodies) { return new Cond(bodies); }

    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        if (!in.getFirst().equals(TensorType.of(DType.I32)))
            throw new ShapeException(this, in, in.getFirst()
                    + " cannot choose a branch; the index must be an i32 scalar");
        List<TensorType> out = branches.getFirst().outputTypes();
        for (int b = 0; b < branches.size(); b++)
            if (!branches.get(b).outputTypes().equals(out))
                throw new ShapeException(this, in,
                        "branch " + b + " gives " + branches.get(b)
                                .outputTypes() + " where branch 0 gives " + out
                                        + "; all branches must give the same types");
        return out;
    }

    @Override public List<Dual> jvp(List<Dual> in) {
        List<Dual> operands = in.subList(1, in.size());
        List<Boolean> has = Lists.map(operands, Dual::hasTangent);
        List<Boolean> out = either(Lists.map(branches, b -> Jvp.of(b, has).tangentOutputs()));
        var forward = new Cond(Lists.map(branches, b -> Jvp.of(b, has, out).program()));
        List<Tensor> results = Op.apply(forward,
                Lists.concat(List.of(in.getFirst().primal()), Lists.map(operands, Dual::primal),
                Lists.map(Lists.where(operands, has, true), Dual::tangentOrZero)));
        var tangents = results.subList(out.size(), results.size()).iterator();
        return Lists.each(out.size(), i -> out.get(i) ? Dual.of(results.get(i), tangents.next())
                : Dual.constant(results.get(i)));
    }

    private static List<Boolean> either(List<List<Boolean>> masks) {
        return Lists.each(masks.getFirst().size(), i -> masks.stream().anyMatch(m -> m.get(i)));
    }

    /** Splits every branch; each stage's branches pass on the residuals of all, those of the others as zeros. */
    @Override public Stages split(List<Boolean> unknownInputs) {
        List<Boolean> unknown = unknownInputs.subList(1, unknownInputs.size());
        List<Argument> all = Lists.each(unknownInputs.size(), Argument.Input::new);
        int outputs = branches.getFirst().outputs().size();
        if (unknownInputs.getFirst())
            return new Stages(this, List.of(), this, all, List.of(), Lists.each(outputs, _ -> true));
        List<Boolean> later = either(Lists.map(branches, b -> PartialEval.split(b, unknown).unknownOutputs()));
        List<PartialEval.Split> halves = Lists.map(branches, b -> PartialEval.split(b, unknown, later));
        List<TensorType> residuals = new ArrayList<>();
        List<Integer> from = new ArrayList<>();
        for (var half : halves) {
            from.add(residuals.size());
            residuals.addAll(half.unknown().inputTypes().subList(0, half.residuals()));
        }
        int known = outputs - Lists.count(later);
        List<Program> first = Lists.each(branches.size(), b -> {
            Program half = halves.get(b).known();
            return Recorder.trace(half.inputTypes(), v -> {
                List<Tensor> out = half.apply(v);
                return Lists.concat(out.subList(0, known), Lists.each(residuals.size(), r -> {
                    int mine = r - from.get(b);
                    return mine >= 0 && mine < halves.get(b).residuals() ? out.get(known + mine)
                            : Tensor.zeros(residuals.get(r));
                }));
            }).closed();
        });
        List<TensorType> waiting = Lists.where(branches.getFirst().inputTypes(), unknown, true);
        List<Program> second = Lists.each(branches.size(), b -> Recorder.trace(Lists.concat(residuals, waiting), v ->
                halves.get(b).unknown().apply(
                        Lists.concat(v.subList(from.get(b), from.get(b) + halves.get(b).residuals()),
                                v.subList(residuals.size(), v.size())))).closed());
        List<Integer> inputs = Lists.range(1, unknown.size());
        List<Argument> arguments = Lists.concat(List.of(new Argument.Input(0)),
                Lists.<Argument>each(residuals.size(), Argument.Residual::new),
                Lists.map(Lists.where(inputs, unknown, true), Argument.Input::new));
        return new Stages(new Cond(first), Lists.concat(List.of(0), Lists.where(inputs, unknown, false)),
                new Cond(second), arguments, residuals, later);
    }

    @Override public List<Tensor> transpose(List<Operand> in, List<Tensor> cotangents) {
        List<Operand> operands = in.subList(1, in.size());
        List<Tensor> known = operands.stream().filter(o -> !o.isLinear()).map(Operand::known).toList();
        List<TensorType> types = Lists.concat(Lists.map(known, Tensor::type), Lists.map(cotangents, Tensor::type));
        List<Program> backwards = Lists.map(branches, b -> Recorder.trace(types, v -> {
            var values = v.subList(0, known.size()).iterator();
            return Transposition.run(b, Lists.map(operands,
                    o -> new Operand(o.type(), o.isLinear() ? Optional.empty() : Optional.of(values.next()))),
                    v.subList(known.size(), v.size()));
        }).closed());
        return Op.apply(new Cond(backwards), Lists.concat(List.of(in.getFirst().known()), known, cotangents));
    }

    /** If the index is mapped, runs every branch and selects. */
    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        List<Batched> operands = in.subList(1, in.size());
        List<Boolean> mapped = Lists.map(operands, Batched::mapped);
        if (!in.getFirst().mapped()) {
            List<Boolean> out = either(Lists.map(branches,
                    b -> Vmap.of(b, mapped, size, Lists.falses(b.outputs().size())).mapped()));
            List<Tensor> results = Op.apply(new Cond(
                    Lists.map(branches, b -> Vmap.of(b, mapped, size, out).program())), Lists.map(in, Batched::value));
            return Lists.each(out.size(), i -> new Batched(results.get(i), out.get(i)));
        }
        Tensor index = in.getFirst().value();
        List<Tensor> chosen = List.of();
        for (int b = 0; b < branches.size(); b++) {
            List<Tensor> out = Lists.map(Vmap.run(branches.get(b), operands), r -> r.spread(size)), before = chosen;
            Tensor mine = index.ge(b);
            chosen = b == 0 ? out : Lists.each(out.size(), i -> {
                Shape shape = out.get(i).shape();
                return mine.broadcast(shape, List.of(0)).where(out.get(i), before.get(i));
            });
        }
        return Lists.map(chosen, Batched::mapped);
    }

    @Override public List<Tensor> run(List<Tensor> in) {
        int index = Math.clamp(in.getFirst().itemAsLong(), 0, branches.size() - 1);
        return Evaluator.evaluate(branches.get(index), in.subList(1, in.size()));
    }

    @Override public String toString() { return "cond[" + branches.size() + " branches]"; }
}
