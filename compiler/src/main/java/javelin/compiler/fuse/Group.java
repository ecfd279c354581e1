package javelin.compiler.fuse;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javelin.core.Atom;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.Lists;

/** Equations that are computed together, in one step of the plan. */
public sealed interface Group {
    /** In program order. */
    List<Equation> members();

    /** The variables that must be in memory (or in locals) afterwards. */
    List<Var> outputs();

    /** The variables it reads that it does not compute. */
    default List<Var> reads() {
        var own = members().stream().flatMap(e -> e.outputs().stream()).toList();
        Stream<Atom> atoms = members().stream().flatMap(e -> e.inputs().stream());
        return atoms.filter(Var.class::isInstance).map(Var.class::cast).filter(v -> !own.contains(v)).distinct()
                .toList();
    }

    /**
     * One loop nest over rows and, inside, columns: pointwise members over both or over rows only, and reductions along
     * all columns, whose results later members may use. Without reductions there are no columns.
     */
    record Loops(List<Equation> members, List<Var> outputs, List<Integer> rows,
            List<Integer> columns) implements Group {}

    /** One reduction (the last member) that does not run along whole rows, and what it reads. */
    record Reduction(List<Equation> members) implements Group {
        @Override public List<Var> outputs() { return members().getLast().outputs(); }
    }

    /** One update (the last member): boxes written into a base, and how the values written come about. */
    record Update(List<Equation> members) implements Group {
        @Override public List<Var> outputs() { return members().getLast().outputs(); }
    }

    /** A tiny equation, element by element in scalars. */
    record Unrolled(Equation equation) implements Group {
        @Override public List<Equation> members() { return List.of(equation); }

        @Override public List<Var> outputs() { return equation.outputs(); }
    }

    /**
     * A step of its own that some {@link javelin.core.lowering.Routine} does: a matrix product, a sort.
     *
     * @param epilogue loops that the routine runs on each part of its output as soon as it has it
     */
    record Library(Equation equation, Optional<Loops> epilogue) implements Group {
        @Override public List<Equation> members() {
            return Lists.concat(List.of(equation), epilogue.map(Loops::members).orElse(List.of()));
        }

        @Override public List<Var> outputs() {
            return Lists.concat(equation.outputs(), epilogue.map(Loops::outputs).orElse(List.of()));
        }
    }

    /** The input under another shape: no code at all. */
    record Reshape(Equation equation) implements Group {
        @Override public List<Equation> members() { return List.of(equation); }

        @Override public List<Var> outputs() { return equation.outputs(); }
    }

    /** A loop or a branch. */
    record Control(Equation equation) implements Group {
        @Override public List<Equation> members() { return List.of(equation); }

        @Override public List<Var> outputs() { return equation.outputs(); }
    }
}
