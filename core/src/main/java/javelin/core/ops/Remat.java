package javelin.core.ops;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javelin.core.Atom;
import javelin.core.Atom.Var;
import javelin.core.Batched;
import javelin.core.ControlOp;
import javelin.core.Dual;
import javelin.core.Equation;
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

/**
 * Runs {@code body}, keeping its inputs for the way back and what the policy allows; the way back computes the rest
 * again (jax.checkpoint).
 */
public record Remat(Program body, Policy policy) implements ControlOp, LinearOp {
    public Remat(Program body) { this(body, NOTHING); }

    /** What is worth keeping. */
    @FunctionalInterface public interface Policy { boolean saves(Op op, List<TensorType> inputs); }

    private static final Policy NOTHING = (_, _) -> false;

    private Remat with(Program body) { return new Remat(body, policy); }

    @Override public List<Program> bodies() { return List.of(body); }

    @Override public ControlOp withBodies(List<Program> bodies) { return with(bodies.getFirst()); }

    @Override public List<TensorType> outputTypes(List<TensorType> in) { return body.outputTypes(); }

    @Override public List<Tensor> run(List<Tensor> inputs) { return Evaluator.evaluate(body, inputs); }

    @Override public List<Dual> jvp(List<Dual> in) {
        List<Boolean> has = Lists.map(in, Dual::hasTangent);
        var forward = Jvp.of(body, has);
        List<Tensor> out = Op.apply(with(forward.program()),
                Lists.concat(Lists.map(in, Dual::primal), Lists.map(Lists.where(in, has, true), Dual::tangentOrZero)));
        var tangents = out.subList(body.outputs().size(), out.size()).iterator();
        return Lists.each(body.outputs().size(),
                i -> forward.tangentOutputs().get(i) ? Dual.of(out.get(i), tangents.next())
                        : Dual.constant(out.get(i)));
    }

    /** The second stage computes the residuals again, from the inputs and what the first has saved. */
    @Override public Stages split(List<Boolean> unknownInputs) {
        var halves = PartialEval.split(body, unknownInputs);
        Program now = halves.known();
        int known = now.outputs().size() - halves.residuals(), n = body.inputs().size();
        List<Atom> residuals = now.outputs().subList(known, now.outputs().size());
        Set<Atom> needed = new HashSet<>(residuals);
        List<Var> saved = new ArrayList<>();
        List<Equation> repeated = new ArrayList<>();
        for (Equation e : now.equations().reversed()) {
            List<Var> read = e.outputs().stream().filter(needed::contains).toList();
            if (read.isEmpty()) continue;
            if (policy.saves(e.op(), Lists.map(e.inputs(), Atom::type))) {
                saved.addAll(read);
            } else {
                repeated.addFirst(e);
                needed.addAll(e.inputs());
            }
        }
        Program first = Program.of(now.inputs(), now.equations(), Lists.concat(now.outputs().subList(0, known), saved));
        Program restored = Program.of(Lists.concat(now.inputs(), saved), repeated, residuals);
        List<TensorType> kept = Lists.map(saved, Var::type);
        Program again = Recorder.trace(Lists.concat(body.inputTypes(), kept), v -> halves.unknown().apply(Lists.concat(
                restored.apply(Lists.concat(Lists.where(v.subList(0, n), unknownInputs, false),
                        v.subList(n, v.size()))),
                Lists.where(v.subList(0, n), unknownInputs, true)))).closed()
                .only(Lists.range(0, Lists.count(halves.unknownOutputs())));
        List<Integer> read = Lists.range(0, n + saved.size()).stream()
                .filter(i -> i >= n || unknownInputs.get(i) || again.reads(i)).toList();
        Program slim = Program.of(Lists.map(read, again.inputs()::get), again.equations(), again.outputs());
        return new Stages(with(first), Lists.where(Lists.range(0, n), unknownInputs, false), with(slim),
                Lists.map(read, i -> i < n ? new Argument.Input(i) : new Argument.Residual(i - n)), kept,
                        halves.unknownOutputs());
    }

    @Override public List<Tensor> transpose(List<Operand> in, List<Tensor> cotangents) {
        List<Tensor> known = in.stream().filter(o -> !o.isLinear()).map(Operand::known).toList();
        Program backwards = Recorder.trace(Lists.concat(Lists.map(known, Tensor::type),
                Lists.map(cotangents, Tensor::type)), v -> {
            var values = v.subList(0, known.size()).iterator();
            List<Operand> operands = Lists.map(in,
                    o -> new Operand(o.type(), o.isLinear() ? Optional.empty() : Optional.of(values.next())));
            return Transposition.run(body, operands, v.subList(known.size(), v.size()));
        }).closed();
        return Op.apply(with(backwards), Lists.concat(known, cotangents));
    }

    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        var batched = Vmap.of(body, Lists.map(in, Batched::mapped), size, Lists.falses(body.outputs().size()));
        List<Tensor> out = Op.apply(with(batched.program()), Lists.map(in, Batched::value));
        return Lists.each(out.size(), i -> new Batched(out.get(i), batched.mapped().get(i)));
    }

    @Override public String toString() { return "remat"; }
}
