package javelin.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import javelin.core.Atom.Literal;
import javelin.core.Atom.Var;
import javelin.core.type.TensorType;

/**
 * A closed, typed, straight-line program. Every variable is bound once, before it is read; variables
 * are numbered in binding order, so two traces of the same function are {@code equals} and one
 * compiled kernel serves both.
 */
public record Program(List<Var> inputs, List<Equation> equations, List<Atom> outputs) {
    public Program {
        inputs = List.copyOf(inputs);
        equations = List.copyOf(equations);
        outputs = List.copyOf(outputs);
    }

    /** Renumbers arbitrary distinct variables into binding order. */
    public static Program of(List<Var> inputs, List<Equation> equations, List<? extends Atom> outputs) {
        Map<Integer, Var> names = new HashMap<>();
        List<Var> newInputs = Lists.map(inputs, v -> rename(names, v));
        List<Equation> newEquations = new ArrayList<>(equations.size());
        for (Equation e : equations) {
            List<Atom> reads = Lists.map(e.inputs(), a -> lookUp(names, a));
            newEquations.add(new Equation(Lists.map(e.outputs(), v -> rename(names, v)), e.op(), reads, e.source()));
        }
        return new Program(newInputs, newEquations, Lists.map(outputs, a -> lookUp(names, a)));
    }

    private static Var rename(Map<Integer, Var> names, Var v) {
        Var renamed = new Var(names.size(), v.type());
        if (names.put(v.index(), renamed) != null) throw new IllegalStateException(v + " is bound twice");
        return renamed;
    }

    private static Atom lookUp(Map<Integer, Var> names, Atom a) {
        if (!(a instanceof Var v)) return a;
        Var named = names.get(v.index());
        if (named == null) throw new IllegalStateException(v + ":" + v.type() + " is read but never bound");
        return named;
    }

    /** This program for some of its outputs, by index, without the equations they do not depend on. */
    public Program only(List<Integer> wanted) {
        List<Atom> results = Lists.map(wanted, outputs::get);
        Set<Atom> read = new HashSet<>(results);
        List<Equation> needed = new ArrayList<>();
        for (Equation e : equations.reversed()) {
            if (e.outputs().stream().noneMatch(read::contains)) continue;
            needed.addFirst(e);
            read.addAll(e.inputs());
        }
        return of(inputs, needed, results);
    }

    public boolean reads(int input) {
        Var v = inputs.get(input);
        return outputs.contains(v) || equations.stream().anyMatch(e -> e.inputs().contains(v));
    }

    public List<TensorType> inputTypes() { return Lists.map(inputs, Var::type); }

    public List<TensorType> outputTypes() { return Lists.map(outputs, Atom::type); }

    public boolean hasEffects() { return equations.stream().anyMatch(e -> e.op().hasEffects()); }

    /** One more than the largest index of a variable. */
    public int variables() { return inputs.size() + equations.stream().mapToInt(e -> e.outputs().size()).sum(); }

    /** Applies this program: evaluates it, or, inside a trace, inlines it. */
    public List<Tensor> apply(List<Tensor> arguments) {
        return interpret(arguments, x -> x, (e, in) -> Op.apply(e.op(), in));
    }

    /**
     * Runs this program on values of any kind, given what a constant and an equation mean for them. What a meaning
     * records is said to come from its equation's line. Every pass that interprets is built on this.
     */
    public <T> List<T> interpret(List<T> arguments, Function<Tensor, T> constant,
            BiFunction<Equation, List<T>, List<T>> meaning) {
        Map<Integer, T> env = new HashMap<>();
        bind(env, inputs, arguments);
        for (Equation e : equations) {
            List<T> in = Lists.map(e.inputs(), a -> read(env, constant, a));
            bind(env, e.outputs(), e.source().keep(() -> meaning.apply(e, in)));
        }
        return Lists.map(outputs, a -> read(env, constant, a));
    }

    private static <T> void bind(Map<Integer, T> env, List<Var> variables, List<T> values) {
        for (int i = 0; i < values.size(); i++) env.put(variables.get(i).index(), values.get(i));
    }

    private static <T> T read(Map<Integer, T> env, Function<Tensor, T> constant, Atom a) {
        return switch (a) {
            case Var v -> env.get(v.index());
            case Literal(Number value, TensorType type) -> constant.apply(Array.scalar(value, type.dtype()));
        };
    }

    @Override public String toString() { return print(""); }

    private String print(String indent) {
        String in = inputs.stream().map(v -> v + ":" + v.type()).collect(Collectors.joining(" "));
        String body = equations.stream().map(e -> print(e, indent + "  ")).collect(Collectors.joining());
        return "{ " + in + " ->\n" + body + indent + "  in " + outputs.stream().map(Object::toString)
                .collect(Collectors.joining(" ")) + " }";
    }

    private static String print(Equation e, String indent) {
        String line = indent + e.outputs().stream().map(v -> v + ":" + v.type())
                .collect(Collectors.joining(" ")) + " = " + e.op()
                + e.inputs().stream().map(a -> " " + a).collect(Collectors.joining()) + "\n";
        if (!(e.op() instanceof ControlOp control)) return line;
        return line + control.bodies().stream().map(b -> indent + "  " + b.print(indent + "  ") + "\n")
                .collect(Collectors.joining());
    }
}
