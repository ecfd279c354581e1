package javelin.core.ops;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javelin.core.Atom;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.transform.PartialEval;

/**
 * What a split program keeps for its second half, and what that half had better compute again: {@code 1 - y} beside
 * y.
 */
final class Recomputation {
    /** Of equations on equations. */
    private static final int DEEPEST = 4;

    private final PartialEval.Split split;
    private final Map<Integer, Equation> makers = new HashMap<>();
    private final Set<Var> kept = new LinkedHashSet<>();
    private final List<Equation> again = new ArrayList<>();
    // in the second half, of variables of the first
    private final Map<Integer, Var> names = new HashMap<>();
    private int fresh;

    /**
     * The same without the residuals that a few cheap equations make of the others: the second program makes them
     * again.
     */
    static PartialEval.Split withFewerResiduals(PartialEval.Split split) { return new Recomputation(split).fewer(); }

    private Recomputation(PartialEval.Split split) {
        this.split = split;
        fresh = split.unknown().variables();
        for (Equation e : split.known().equations()) for (Var v : e.outputs()) makers.put(v.index(), e);
    }

    private PartialEval.Split fewer() {
        Program known = split.known(), unknown = split.unknown();
        int outputs = known.outputs().size() - split.residuals();
        List<Var> all = Lists.map(known.outputs().subList(outputs, known.outputs().size()), a -> (Var) a);
        kept.addAll(all);
        for (Var v : all.reversed()) {
            kept.remove(v);
            if (!isCheap(v, DEEPEST)) kept.add(v);
        }
        List<Integer> keptAt = Lists.range(0, all.size()).stream().filter(r -> kept.contains(all.get(r))).toList();
        for (int r = 0; r < all.size(); r++) names.put(all.get(r).index(), unknown.inputs().get(r));
        Set<Var> made = new LinkedHashSet<>(kept);
        for (Var v : all) make(v, made);
        List<Var> inputs = Lists.concat(Lists.map(keptAt, unknown.inputs()::get),
                unknown.inputs().subList(all.size(), unknown.inputs().size()));
        return new PartialEval.Split(
                Program.of(known.inputs(), known.equations(),
                        Lists.concat(known.outputs().subList(0, outputs), Lists.map(keptAt, all::get))),
                Program.of(inputs, Lists.concat(again, unknown.equations()), unknown.outputs()), keptAt.size(),
                        split.unknownOutputs());
    }

    /** Whether {@code a} is there anyway, or a few equations make it of what is. */
    private boolean isCheap(Atom a, int depth) {
        if (!(a instanceof Var v) || kept.contains(v)) return true;
        Equation e = makers.get(v.index());
        return e != null && depth > 0 && isCheap(e.op()) && e.inputs().stream().allMatch(in -> isCheap(in, depth - 1));
    }

    private static boolean isCheap(Op op) {
        return op instanceof Add || op instanceof Sub || op instanceof Mul || op instanceof Neg
                || op instanceof Broadcast;
    }

    private void make(Atom a, Set<Var> made) {
        if (!(a instanceof Var v) || !made.add(v)) return;
        Equation e = makers.get(v.index());
        e.inputs().forEach(in -> make(in, made));
        Var name = names.computeIfAbsent(v.index(), _ -> new Var(fresh++, v.type()));
        again.add(new Equation(List.of(name), e.op(),
                Lists.map(e.inputs(), in -> in instanceof Var w ? names.get(w.index()) : in), e.source()));
    }
}
