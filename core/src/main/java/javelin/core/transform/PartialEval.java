package javelin.core.transform;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import javelin.core.Atom;
import javelin.core.Atom.Var;
import javelin.core.ControlOp;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.type.TensorType;

/** Unzips a program into what can be computed from its known inputs now and what must wait for the rest. */
public final class PartialEval {
    private PartialEval() {}

    /**
     * @param known   known inputs to known outputs, then residuals
     * @param unknown residuals, then unknown inputs, to unknown outputs
     */
    public record Split(Program known, Program unknown, int residuals, List<Boolean> unknownOutputs) {}

    public static Split split(Program p, List<Boolean> unknownInputs) {
        return split(p, unknownInputs, Lists.falses(p.outputs().size()));
    }

    /** As above, but the outputs marked in {@code wait} come from the second program even if they are known. */
    public static Split split(Program p, List<Boolean> unknownInputs, List<Boolean> wait) {
        BitSet unknown = new BitSet();
        for (Var v : Lists.where(p.inputs(), unknownInputs, true)) unknown.set(v.index());
        List<Equation> now = new ArrayList<>(), later = new ArrayList<>();
        int[] fresh = {p.variables()};
        for (Equation e : p.equations()) {
            List<Boolean> mask = Lists.map(e.inputs(), a -> isUnknown(unknown, a));
            if (!mask.contains(true)) {
                now.add(e);
            } else if (e.op() instanceof ControlOp control && mask.contains(false)) {
                var stages = control.split(mask);
                List<Var> residuals = Lists.map(stages.residuals(), (TensorType t) -> new Var(fresh[0]++, t));
                List<Var> nowOut = Lists.concat(Lists.where(e.outputs(), stages.unknownOutputs(), false), residuals);
                if (!nowOut.isEmpty() || stages.known().hasEffects())
                    now.add(new Equation(nowOut, stages.known(), Lists.map(stages.knownArguments(), e.inputs()::get),
                            e.source()));
                List<Atom> arguments = Lists.map(stages.unknownArguments(), a -> switch (a) {
                    case ControlOp.Argument.Input(int i) -> e.inputs().get(i);
                    case ControlOp.Argument.Residual(int i) -> residuals.get(i);
                });
                List<Var> laterOut = Lists.where(e.outputs(), stages.unknownOutputs(), true);
                if (!laterOut.isEmpty() || stages.unknown().hasEffects())
                    later.add(new Equation(laterOut, stages.unknown(), arguments, e.source()));
                laterOut.forEach(v -> unknown.set(v.index()));
            } else {
                later.add(e);
                e.outputs().forEach(v -> unknown.set(v.index()));
            }
        }
        List<Boolean> unknownOutputs = Lists.each(wait.size(),
                i -> wait.get(i) || isUnknown(unknown, p.outputs().get(i)));
        SequencedSet<Var> residuals = new LinkedHashSet<>();
        for (Equation e : later) addKnown(residuals, e.inputs(), unknown);
        addKnown(residuals, Lists.where(p.outputs(), unknownOutputs, true), unknown);
        List<Var> r = List.copyOf(residuals);
        Program first = Program.of(Lists.where(p.inputs(), unknownInputs, false), now,
                Lists.concat(Lists.where(p.outputs(), unknownOutputs, false), r));
        Program second = Program.of(Lists.concat(r, Lists.where(p.inputs(), unknownInputs, true)), later,
                Lists.where(p.outputs(), unknownOutputs, true));
        return new Split(first, second, r.size(), unknownOutputs);
    }

    private static boolean isUnknown(BitSet unknown, Atom a) { return a instanceof Var v && unknown.get(v.index()); }

    private static void addKnown(SequencedSet<Var> residuals, List<Atom> reads, BitSet unknown) {
        for (Atom a : reads) if (a instanceof Var v && !unknown.get(v.index())) residuals.add(v);
    }
}
