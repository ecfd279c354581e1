package javelin.core.transform;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javelin.core.Array;
import javelin.core.Atom;
import javelin.core.Atom.Literal;
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
        Map<Integer, Operand> env = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) env.put(program.inputs().get(i).index(), inputs.get(i));
        for (Equation e : program.equations()) {
            List<Operand> in = Lists.map(e.inputs(), a -> read(env, a));
            boolean linear = in.stream().anyMatch(Operand::isLinear);
            List<Tensor> values = linear ? List.of()
                    : e.source().keep(() -> Op.apply(e.op(), Lists.map(in, Operand::known)));
            for (int i = 0; i < e.outputs().size(); i++) {
                Var v = e.outputs().get(i);
                env.put(v.index(), new Operand(v.type(), linear ? Optional.empty() : Optional.of(values.get(i))));
            }
        }
        Map<Integer, Tensor> ct = new HashMap<>();
        for (int i = 0; i < cotangents.size(); i++)
            if (program.outputs().get(i) instanceof Var v && env.get(v.index()).isLinear())
                ct.merge(v.index(), cotangents.get(i), Tensor::add);
        for (Equation e : program.equations().reversed()) {
            List<Operand> in = Lists.map(e.inputs(), a -> read(env, a));
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
        return program.inputs().stream().filter(v -> env.get(v.index()).isLinear()).map(v -> cotangent(ct, v)).toList();
    }

    private static Tensor cotangent(Map<Integer, Tensor> ct, Var v) {
        Tensor known = ct.get(v.index());
        return known == null ? Tensor.zeros(v.type()) : known;
    }

    private static Operand read(Map<Integer, Operand> env, Atom a) {
        return switch (a) {
            case Var v -> env.get(v.index());
            case Literal(Number value, var type) -> Operand.known(Array.scalar(value, type.dtype()));
        };
    }
}
