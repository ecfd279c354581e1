package javelin.compiler.simplify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javelin.core.Atom;
import javelin.core.Atom.Literal;
import javelin.core.Atom.Var;
import javelin.core.ComposedOp;
import javelin.core.ControlOp;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.ops.Add;
import javelin.core.ops.Broadcast;
import javelin.core.ops.Callback;
import javelin.core.ops.Mul;
import javelin.core.ops.Remat;
import javelin.core.ops.Reshape;
import javelin.core.ops.WhileTangents;

/**
 * The passes over a program, in order: write out tiny matrices, rewrite and share (with loops cleaned up from the
 * inside), drop what nobody reads, inline, drop again. No pass but {@link LoopSums} changes a value: {@code x + 0}
 * stays, since x may be -0.
 */
public final class Simplify {
    private Simplify() {}

    public static Program run(Program program) {
        Program simpler = Liveness.run(share(SmallMatrices.run(program)));
        // what the first round brought together
        simpler = Liveness.run(share(LoopTransposes.run(LoopSums.run(simpler))));
        return DotLayouts.run(Liveness.run(inline(simpler)));
    }

    /** One walk from top to bottom: bodies first, then {@link Rewrites}, then equal equations become one. */
    private static Program share(Program program) {
        var builder = new Builder(program);
        for (Equation e : program.equations()) {
            Op op = e.op() instanceof ControlOp control
                    ? control.withBodies(Lists.map(control.bodies(), Simplify::run)) : e.op();
            builder.add(new Equation(e.outputs(), op, builder.resolve(e.inputs()), e.source()));
        }
        return builder.finish();
    }

    /** A program under construction; variables of the old program stand for atoms of the new one. */
    static final class Builder {
        private record Key(Op op, List<Atom> inputs) {
            // two ops that read the same and differ in their parameters alone are rare
            @Override public int hashCode() { return 31 * op.getClass().hashCode() + inputs.hashCode(); }
        }

        private final Program program;
        private final Map<Integer, Atom> atoms = new HashMap<>();
        private final Map<Integer, Equation> producers = new HashMap<>();
        private final Map<Key, List<Var>> known = new HashMap<>();
        private final Map<Integer, Integer> readers = new HashMap<>();
        private final List<Equation> equations = new ArrayList<>();
        private int fresh;

        Builder(Program program) {
            this.program = program;
            fresh = program.variables();
            for (Var v : program.inputs()) atoms.put(v.index(), v);
            for (Equation e : program.equations()) countReaders(e.inputs());
            countReaders(program.outputs());
        }

        private void countReaders(List<Atom> inputs) {
            for (Atom a : inputs) if (a instanceof Var v) readers.merge(v.index(), 1, Integer::sum);
        }

        /** Whether the program had {@code a}, and read it in one place. */
        boolean isReadOnce(Atom a) { return a instanceof Var v && readers.getOrDefault(v.index(), 0) == 1; }

        List<Atom> resolve(List<Atom> inputs) {
            return Lists.map(inputs, a -> a instanceof Var v ? atoms.get(v.index()) : a);
        }

        /** The equation that computes {@code a}, if one does. */
        Optional<Equation> producer(Atom a) {
            return a instanceof Var v ? Optional.ofNullable(producers.get(v.index())) : Optional.empty();
        }

        /** A new equation of one output, for rewrites that need a step in between. */
        Atom emit(Op op, List<Atom> inputs, Equation because) {
            Var v = new Var(fresh++, op.outputTypes(Lists.map(inputs, Atom::type)).getFirst());
            add(new Equation(List.of(v), op, inputs, because.source()));
            return atoms.get(v.index());
        }

        void add(Equation e) {
            var replacement = e.outputs().size() == 1 ? Rewrites.apply(e, this) : Optional.<Atom>empty();
            if (replacement.isPresent()) {
                atoms.put(e.output().index(), replacement.get());
                return;
            }
            var key = new Key(e.op(), commutes(e) ? inOrder(e.inputs()) : e.inputs());
            List<Var> same = e.op().hasEffects() ? null : known.putIfAbsent(key, e.outputs());
            if (same == null) {
                equations.add(e);
                for (Var v : e.outputs()) producers.put(v.index(), e);
                same = e.outputs();
            }
            for (int i = 0; i < same.size(); i++) atoms.put(e.outputs().get(i).index(), same.get(i));
        }

        private static boolean commutes(Equation e) { return e.op() instanceof Add || e.op() instanceof Mul; }

        private static List<Atom> inOrder(List<Atom> two) {
            return two.get(0) instanceof Var a && two.get(1) instanceof Var b && a.index() > b.index()
                    ? two.reversed() : two;
        }

        Program finish() { return Program.of(program.inputs(), equations, resolve(program.outputs())); }
    }

    /** Takes apart the ops that are programs only for differentiation's sake; nothing is shared after this. */
    private static Program inline(Program program) {
        List<Equation> flat = new ArrayList<>();
        int[] fresh = {program.variables()};
        Map<Integer, Atom> names = new HashMap<>();
        for (Equation e : program.equations()) inline(e, names, flat, fresh);
        return Program.of(program.inputs(), flat, Lists.map(program.outputs(), a -> name(names, a)));
    }

    private static Atom name(Map<Integer, Atom> names, Atom a) {
        return a instanceof Var v ? names.getOrDefault(v.index(), v) : a;
    }

    private static void inline(Equation e, Map<Integer, Atom> names, List<Equation> flat, int[] fresh) {
        List<Atom> inputs = Lists.map(e.inputs(), a -> name(names, a));
        switch (e.op()) {
            case Remat(Program body, _) -> inline(body, inputs, e.outputs(), names, flat, fresh);
            case ComposedOp op ->
                inline(run(op.definition(Lists.map(inputs, Atom::type))), inputs, e.outputs(), names, flat, fresh);
            case WhileTangents part -> {
                var outputs = e.outputs().iterator();
                List<Boolean> wanted = part.wanted();
                List<Atom> all = part.loop().body().outputs();
                flat.add(new Equation(Lists.each(wanted.size(),
                        i -> wanted.get(i) ? outputs.next() : new Var(fresh[0]++, all.get(i).type())),
                        part.loop(), part.ofLoop(inputs), e.source()));
            }
            case Callback op -> {
                List<Atom> stored = Lists.map(inputs, a -> inMemory(a, e, flat, fresh));
                flat.add(new Equation(e.outputs(), op, stored, e.source()));
            }
            default -> flat.add(new Equation(e.outputs(), e.op(), inputs, e.source()));
        }
    }

    /** What Java code is given lies in arrays, so a literal is made an equation. */
    private static Atom inMemory(Atom a, Equation because, List<Equation> flat, int[] fresh) {
        if (a instanceof Var) return a;
        Var v = new Var(fresh[0]++, a.type());
        flat.add(new Equation(List.of(v), new Broadcast(a.type().shape(), List.of()), List.of(a), because.source()));
        return v;
    }

    private static void inline(Program body, List<Atom> inputs, List<Var> results, Map<Integer, Atom> names,
            List<Equation> flat, int[] fresh) {
        Map<Integer, Atom> inner = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) inner.put(body.inputs().get(i).index(), inputs.get(i));
        for (Equation b : body.equations()) {
            List<Var> outputs = Lists.map(b.outputs(), v -> new Var(fresh[0]++, v.type()));
            inline(new Equation(outputs, b.op(), Lists.map(b.inputs(), a -> name(inner, a)), b.source()), names, flat,
                    fresh);
            for (int i = 0; i < outputs.size(); i++) inner.put(b.outputs().get(i).index(), name(names, outputs.get(i)));
        }
        for (int i = 0; i < results.size(); i++) names.put(results.get(i).index(), name(inner, body.outputs().get(i)));
    }

    /** The literal every element of {@code a} is, if it is one and repeated. */
    static Optional<Literal> splat(Atom a, Builder in) {
        if (a instanceof Literal l) return Optional.of(l);
        return in.producer(a).filter(e -> e.op() instanceof Broadcast || e.op() instanceof Reshape)
                .flatMap(e -> splat(e.inputs().getFirst(), in));
    }
}
