package javelin.compiler.simplify;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javelin.core.Atom;
import javelin.core.Atom.Literal;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.ops.Cond;
import javelin.core.ops.Scan;
import javelin.core.ops.While;

/** Drops what nobody reads: equations, and results, state and inputs of loops and branches. */
final class Liveness {
    private Liveness() {}

    static Program run(Program program) {
        BitSet live = new BitSet();
        mark(live, program.outputs());
        List<Equation> kept = new ArrayList<>();
        for (Equation e : program.equations().reversed()) {
            if (!isLive(e, live)) continue;
            List<Boolean> wanted = Lists.map(e.outputs(), v -> live.get(v.index()));
            Equation slim = switch (e.op()) {
                case Scan scan -> slim(scan, e, wanted);
                case While loop -> slim(loop, e, wanted);
                case Cond cond -> slim(cond, e, wanted);
                default -> e;
            };
            kept.add(slim);
            mark(live, slim.inputs());
        }
        Collections.reverse(kept);
        return Program.of(program.inputs(), kept, program.outputs());
    }

    private static boolean isLive(Equation e, BitSet live) {
        return e.op().hasEffects() || e.outputs().stream().anyMatch(v -> live.get(v.index()));
    }

    private static void mark(BitSet live, List<Atom> atoms) {
        for (Atom a : atoms) if (a instanceof Var v) live.set(v.index());
    }

    /**
     * A loop without the outputs nobody wants, the state nothing depends on, and the inputs that then go unread. State
     * the body never changes becomes a constant, and constants that are literals move into the body.
     */
    private static Equation slim(Scan scan, Equation e, List<Boolean> wanted) {
        Program body = scan.body();
        int c = scan.constants(), k = scan.carries(), n = body.inputs().size(), m = body.outputs().size();
        List<Boolean> keepOut = new ArrayList<>(wanted);
        BitSet read = keepWhatIsRead(body, c, k, keepOut);
        Map<Integer, Atom> names = new HashMap<>();
        List<Integer> constants = new ArrayList<>(), carries = new ArrayList<>(), xs = new ArrayList<>();
        List<Boolean> fixed = new ArrayList<>(Lists.falses(k));
        for (int i = 0; i < n; i++) {
            Var v = body.inputs().get(i);
            boolean isCarry = i >= c && i < c + k;
            if (isCarry && !keepOut.get(i - c) || !isCarry && !read.get(v.index())) continue;
            boolean unchanged = isCarry && !wanted.get(i - c) && body.outputs().get(i - c).equals(v);
            if (unchanged) fixed.set(i - c, true);
            if (i >= c + k) xs.add(i);
            else if (isCarry && !unchanged) carries.add(i);
            else if (e.inputs().get(i) instanceof Literal l) names.put(v.index(), l);
            else constants.add(i);
        }
        List<Integer> inputs = Lists.concat(constants, carries, xs);
        List<Integer> outputs = Lists.range(0, m).stream().filter(i -> keepOut.get(i) && (i >= k || !fixed.get(i)))
                .toList();
        Program slim = substituted(body, Lists.map(inputs, body.inputs()::get), names,
                Lists.map(outputs, body.outputs()::get));
        var op = new Scan(run(slim), constants.size(), carries.size(), scan.length(), scan.reverse());
        return new Equation(Lists.map(outputs, e.outputs()::get), op, Lists.map(inputs, e.inputs()::get), e.source());
    }

    /** Marks the state that marked outputs of {@code body} depend on, however many steps later; what they read. */
    private static BitSet keepWhatIsRead(Program body, int constants, int carries, List<Boolean> keep) {
        while (true) {
            BitSet read = reads(body, keep);
            boolean changed = false;
            for (int i = 0; i < carries; i++)
                if (!keep.get(i) && read.get(body.inputs().get(constants + i).index())) {
                    keep.set(i, true);
                    changed = true;
                }
            if (!changed) return read;
        }
    }

    /** A loop without the state that neither a wanted result nor the condition depends on. */
    private static Equation slim(While loop, Equation e, List<Boolean> wanted) {
        int c = loop.conditionConstants(), b = loop.bodyConstants(), k = wanted.size();
        BitSet tested = reads(loop.condition(), List.of(true));
        List<Boolean> keep = new ArrayList<>(
                Lists.each(k, i -> wanted.get(i) || tested.get(loop.condition().inputs().get(c + i).index())));
        keepWhatIsRead(loop.body(), b, k, keep);
        if (!keep.contains(false)) return e;
        Program condition = without(loop.condition(), c, keep, loop.condition().outputs()),
                body = without(loop.body(), b, keep, Lists.where(loop.body().outputs(), keep, true));
        return new Equation(Lists.where(e.outputs(), keep, true), new While(condition, body, c, b, loop.limit()),
                Lists.concat(e.inputs().subList(0, c + b),
                        Lists.where(e.inputs().subList(c + b, c + b + k), keep, true)), e.source());
    }

    private static Program without(Program part, int constants, List<Boolean> keep, List<Atom> outputs) {
        List<Var> in = part.inputs();
        List<Var> kept = Lists.concat(in.subList(0, constants),
                Lists.where(in.subList(constants, in.size()), keep, true));
        return run(substituted(part, kept, Map.of(), outputs));
    }

    private static Equation slim(Cond cond, Equation e, List<Boolean> wanted) {
        List<Integer> outputs = Lists.range(0, wanted.size()).stream().filter(wanted::get).toList();
        List<Program> slim = Lists.map(cond.branches(),
                b -> run(Program.of(b.inputs(), b.equations(), Lists.map(outputs, b.outputs()::get))));
        return new Equation(Lists.map(outputs, e.outputs()::get), new Cond(slim), e.inputs(), e.source());
    }

    /** The variables that the marked outputs of {@code body} depend on. */
    private static BitSet reads(Program body, List<Boolean> outputs) {
        BitSet live = new BitSet();
        mark(live, Lists.where(body.outputs(), outputs, true));
        for (Equation e : body.equations().reversed()) if (isLive(e, live)) mark(live, e.inputs());
        return live;
    }

    private static Program substituted(Program body, List<Var> inputs, Map<Integer, Atom> names, List<Atom> outputs) {
        BitSet bound = new BitSet();
        inputs.forEach(v -> bound.set(v.index()));
        List<Equation> equations = new ArrayList<>();
        for (Equation e : body.equations()) {
            boolean possible = e.inputs().stream()
                    .allMatch(a -> !(a instanceof Var v) || bound.get(v.index()) || names.containsKey(v.index()));
            // depends on a dropped input, so nothing kept reads it
            if (!possible) continue;
            equations.add(new Equation(e.outputs(), e.op(), Lists.map(e.inputs(), a -> name(names, a)), e.source()));
            e.outputs().forEach(v -> bound.set(v.index()));
        }
        return Program.of(inputs, equations, Lists.map(outputs, a -> name(names, a)));
    }

    private static Atom name(Map<Integer, Atom> names, Atom a) {
        return a instanceof Var v ? names.getOrDefault(v.index(), v) : a;
    }
}
