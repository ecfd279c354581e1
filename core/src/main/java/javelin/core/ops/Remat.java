package javelin.core.ops;

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
import javelin.core.Tensor;
import javelin.core.transform.Jvp;
import javelin.core.transform.PartialEval;
import javelin.core.transform.Transposition;
import javelin.core.transform.Vmap;
import javelin.core.type.TensorType;

/** Runs {@code body}, keeping nothing but its inputs for the way back, which computes the rest again (jax.checkpoint). */
public record Remat(Program body) implements ControlOp, LinearOp {
    @Override public List<Program> bodies() { return List.of(body); }

    @Override public ControlOp withBodies(List<Program> bodies) { return new Remat(bodies.getFirst()); }

    @Override public List<TensorType> outputTypes(List<TensorType> in) { return body.outputTypes(); }

    @Override public List<Tensor> run(List<Tensor> inputs) { return Evaluator.evaluate(body, inputs); }

    @Override public List<Dual> jvp(List<Dual> in) {
        List<Boolean> has = Lists.map(in, Dual::hasTangent);
        var forward = Jvp.of(body, has);
        List<Tensor> out = Op.apply(new Remat(forward.program()), Lists.concat(Lists.map(in, Dual::primal), Lists.map(Lists.where(in, has, true), Dual::tangentOrZero)));
        var tangents = out.subList(body.outputs().size(), out.size()).iterator();
        return Lists.each(body.outputs().size(), i -> forward.tangentOutputs().get(i) ? Dual.of(out.get(i), tangents.next()) : Dual.constant(out.get(i)));
    }

    /** The second stage computes the residuals again, from the inputs. */
    @Override public Stages split(List<Boolean> unknownInputs) {
        var halves = PartialEval.split(body, unknownInputs);
        Program now = halves.known();
        int known = now.outputs().size() - halves.residuals();
        Program first = Program.of(now.inputs(), now.equations(), now.outputs().subList(0, known));
        Program again = Recorder.trace(body.inputTypes(), v -> halves.unknown().apply(Lists.concat(
                now.apply(Lists.where(v, unknownInputs, false)).subList(known, now.outputs().size()), Lists.where(v, unknownInputs, true)))).closed();
        return new Stages(new Remat(first), Lists.where(Lists.range(0, unknownInputs.size()), unknownInputs, false),
                new Remat(again), Lists.each(unknownInputs.size(), Argument.Input::new), List.of(), halves.unknownOutputs());
    }

    @Override public List<Tensor> transpose(List<Operand> in, List<Tensor> cotangents) {
        List<Tensor> known = in.stream().filter(o -> !o.isLinear()).map(Operand::known).toList();
        Program backwards = Recorder.trace(Lists.concat(Lists.map(known, Tensor::type), Lists.map(cotangents, Tensor::type)), v -> {
            var values = v.subList(0, known.size()).iterator();
            List<Operand> operands = Lists.map(in, o -> new Operand(o.type(), o.isLinear() ? Optional.empty() : Optional.of(values.next())));
            return Transposition.run(body, operands, v.subList(known.size(), v.size()));
        }).closed();
        return Op.apply(new Remat(backwards), Lists.concat(known, cotangents));
    }

    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        var batched = Vmap.of(body, Lists.map(in, Batched::mapped), size, Lists.falses(body.outputs().size()));
        List<Tensor> out = Op.apply(new Remat(batched.program()), Lists.map(in, Batched::value));
        return Lists.each(out.size(), i -> new Batched(out.get(i), batched.mapped().get(i)));
    }

    @Override public String toString() { return "remat"; }
}
