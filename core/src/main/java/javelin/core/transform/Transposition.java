package javelin.core.transform;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.LinearOp;
import javelin.core.LinearOp.Operand;
import javelin.core.Lists;
import javelin.core.NoRuleException;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Tensor;

/** Runs a linear program backwards: cotangents of its outputs in, cotangents of its linear inputs out. */
public final class Transposition {
    private Transposition() {}

    /** Inputs that are not linear give their values; the result has a cotangent for each linear input, in order. */
    public static List<Tensor> run(Program program, List<Operand> inputs, List<Tensor> cotangents) {
        Deque<List<Operand>> read = new ArrayDeque<>();                  // by each equation, the last one first
        List<Operand> outputs = program.interpret(inputs, Operand::known, (e, in) -> {
            read.push(in);
            return in.stream().anyMatch(Operand::isLinear)
                    ? Lists.map(e.outputs(), v -> Operand.linear(v.type()))
                    : Lists.map(Op.apply(e.op(), Lists.map(in, Operand::known)), Operand::known);
        });
        Map<Integer, Tensor> ct = new HashMap<>();
        for (int i = 0; i < cotangents.size(); i++)
            if (outputs.get(i).isLinear())
                ct.merge(((Var) program.outputs().get(i)).index(), cotangents.get(i), Tensor::add);
        for (Equation e : program.equations().reversed()) {
            List<Operand> in = read.pop();
            if (in.stream().noneMatch(Operand::isLinear) || e.outputs().stream()
                    .noneMatch(v -> ct.containsKey(v.index()))) continue;
            if (!(e.op() instanceof LinearOp op))
                throw new NoRuleException(e.op(), "transpose rule, so it cannot be differentiated in reverse",
                        "use jvp, or make it a LinearOp", e.source());
            List<Tensor> inCt = e.source().keep(() -> op.transpose(in, Lists.map(e.outputs(), v -> cotangent(ct, v))));
            int next = 0;
            for (int i = 0; i < in.size(); i++)
                if (in.get(i).isLinear()) ct.merge(((Var) e.inputs().get(i)).index(), inCt.get(next++), Tensor::add);
        }
        List<Boolean> linear = Lists.map(inputs, Operand::isLinear);
        return Lists.map(Lists.where(program.inputs(), linear, true), v -> cotangent(ct, v));
    }

    private static Tensor cotangent(Map<Integer, Tensor> ct, Var v) {
        Tensor known = ct.get(v.index());
        return known == null ? Tensor.zeros(v.type()) : known;
    }
}
