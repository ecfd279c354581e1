package javelin.compiler.simplify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javelin.core.Atom;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.ops.Scan;
import javelin.core.type.TensorType;

/** A scan taken apart by role, to move things in and out of it. */
final class Loop {
    private final Equation equation;
    private final Scan scan;
    private final Naming outside;
    private int fresh;
    final List<Var> constants, carries, xs, results, stacks;
    final List<Atom> constantsOutside, initial, xsOutside, next, ys;
    final List<Equation> body;

    /** Variables for what is added to a program. */
    static final class Naming {
        private int fresh;

        Naming(Program program) { fresh = program.variables(); }

        Var fresh(TensorType type) { return new Var(fresh++, type); }
    }

    Loop(Scan scan, Equation equation, Naming outside) {
        this.scan = scan;
        this.equation = equation;
        this.outside = outside;
        fresh = scan.body().variables();
        int c = scan.constants(), k = scan.carries(), n = equation.inputs().size(), m = equation.outputs().size();
        List<Var> in = scan.body().inputs();
        constants = new ArrayList<>(in.subList(0, c));
        carries = new ArrayList<>(in.subList(c, c + k));
        xs = new ArrayList<>(in.subList(c + k, n));
        constantsOutside = new ArrayList<>(equation.inputs().subList(0, c));
        initial = new ArrayList<>(equation.inputs().subList(c, c + k));
        xsOutside = new ArrayList<>(equation.inputs().subList(c + k, n));
        next = new ArrayList<>(scan.body().outputs().subList(0, k));
        ys = new ArrayList<>(scan.body().outputs().subList(k, m));
        results = new ArrayList<>(equation.outputs().subList(0, k));
        stacks = new ArrayList<>(equation.outputs().subList(k, m));
        body = new ArrayList<>(scan.body().equations());
    }

    Map<Integer, Equation> makers() {
        Map<Integer, Equation> makers = new HashMap<>();
        for (Equation e : body) for (Var v : e.outputs()) makers.put(v.index(), e);
        return makers;
    }

    /** In how many places the body reads what. */
    Map<Integer, Integer> readers() {
        Map<Integer, Integer> readers = new HashMap<>();
        List<Atom> read = body.stream().flatMap(e -> e.inputs().stream()).toList();
        for (Atom a : Lists.<Atom>concat(read, next, ys))
            if (a instanceof Var v) readers.merge(v.index(), 1, Integer::sum);
        return readers;
    }

    /** What holds {@code v}, a variable of the body, of all turns, if something does. */
    Optional<Atom> stack(Var v) {
        if (xs.contains(v)) return Optional.of(xsOutside.get(xs.indexOf(v)));
        return ys.contains(v) ? Optional.of(stacks.get(ys.indexOf(v))) : Optional.empty();
    }

    Atom addStack(Var v) {
        return stack(v).orElseGet(() -> {
            ys.add(v);
            stacks.add(outside.fresh(stacked(v.type())));
            return stacks.getLast();
        });
    }

    private TensorType stacked(TensorType turn) { return turn.withShape(turn.shape().prepend(scan.length())); }

    /** The body's name for something outside that it may read from now on. */
    Var addConstant(Atom outer) {
        constants.add(fresh(outer.type()));
        constantsOutside.add(outer);
        return constants.getLast();
    }

    private Var fresh(TensorType type) { return new Var(fresh++, type); }

    void removeCarry(int i) { for (List<?> list : List.of(carries, initial, next, results)) list.remove(i); }

    Equation equation() {
        Program program = Program.of(Lists.concat(constants, carries, xs), body, Lists.concat(next, ys));
        return new Equation(Lists.concat(results, stacks),
                new Scan(program, constants.size(), carries.size(), scan.length(), scan.reverse()),
                Lists.concat(constantsOutside, initial, xsOutside), equation.source());
    }
}
