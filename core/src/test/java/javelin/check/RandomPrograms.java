package javelin.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javelin.core.Array;
import javelin.core.Atom;
import javelin.core.Atom.Literal;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.Evaluator;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.SourceLine;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Programs made at random from all ops, loops and branches included, with arguments they are well-conditioned at:
 * values stay small and finite, and nothing is close to a jump or a kink, so that neither rounding nor the step of a
 * finite difference decides what is computed. The same seed makes the same program; fewer steps make the beginning of
 * it.
 *
 * <p>Steps are drawn from {@link Recipes}. Every value is computed while the program is made: a step whose values are
 * not as they should be is taken back, and another is tried.
 */
public final class RandomPrograms {
    /** A program and arguments for it. */
    public record Sample(Program program, List<Array> arguments) {}

    /** What a program is for, which decides what may be in it. */
    public enum Purpose {
        /** All element types, and all ops that mean something for any values. */
        VALUES(DType.F32, DType.F64),
        /** As above and every op there is, on arguments of its domain: to be run at those arguments only. */
        ALL_OPS(DType.F32, DType.F64),
        /** As above with bf16 and f16 too: such numbers are off by more, so they keep further away from jumps. */
        HALVES(DType.BF16, DType.F16, DType.F32),
        /** Finite differences: f64 only, and nothing whose derivative is by definition not the slope of its values. */
        DIFFERENCES(DType.F64);

        final List<DType> floats;

        Purpose(DType... floats) { this.floats = List.of(floats); }

        /** Whether only values matter, so that there may be ops whose derivative is not the slope of their values. */
        boolean isOfValues() { return this == VALUES || this == ALL_OPS || this == HALVES; }

        /** How far from its jumps and kinks an op's inputs are. */
        double margin() { return this == HALVES ? 0.25 : 0.03; }
    }

    private static final List<Shape> SHAPES = List.of(Shape.of(), Shape.of(1), Shape.of(3), Shape.of(5), Shape.of(2, 3),
            Shape.of(3, 1), Shape.of(3, 3), Shape.of(2, 1, 3), Shape.of(0), Shape.of(0, 3));
    static final SourceLine HERE = new SourceLine("<a random program>");

    final RandomGenerator random;
    final Purpose purpose;
    final boolean inLoop;
    final int depth;
    private final List<Var> inputs = new ArrayList<>();
    private final List<Array> arguments = new ArrayList<>();
    private final List<Equation> equations = new ArrayList<>();
    private final List<Array> values = new ArrayList<>();                // of every variable, at the arguments

    /** @param inLoop the values are those of one step only, so kinks must be kept out altogether */
    RandomPrograms(RandomGenerator random, Purpose purpose, boolean inLoop, int depth) {
        this.random = random;
        this.purpose = purpose;
        this.inLoop = inLoop;
        this.depth = depth;
    }

    /** @param steps how many, each of one equation to a dozen */
    public static Sample of(long seed, Purpose purpose, int steps) {
        var p = new RandomPrograms(Vectors.random(seed), purpose, false, 0);
        for (TensorType type : p.argumentTypes()) p.input(p.argument(type));
        p.steps(steps);
        List<Var> unread = p.unread();
        return new Sample(p.program(unread), List.copyOf(p.arguments));
    }

    /**
     * Runs {@code property} on a random program; if it fails, on ever longer beginnings of it, to show the shortest
     * that fails.
     */
    public static void check(long seed, Purpose purpose, int steps, Consumer<Sample> property) {
        try {
            property.accept(of(seed, purpose, steps));
        } catch (AssertionError | RuntimeException failure) {
            for (int fewer = 1; fewer <= steps; fewer++) {
                Sample beginning = of(seed, purpose, fewer);
                try {
                    property.accept(beginning);
                } catch (AssertionError | RuntimeException first) {
                    throw new AssertionError("seed " + seed + ", " + purpose + ", the first " + fewer + " of " + steps
                            + " steps:\n" + beginning.program()
                            + "\nat " + beginning.arguments() + "\n" + first, first);
                }
            }
            throw failure;
        }
    }

    /** Other arguments for the program {@code sample}; nothing is promised about jumps and kinks there. */
    public static List<Array> otherArguments(Program sample, long seed) {
        var p = new RandomPrograms(Vectors.random(seed), Purpose.VALUES, false, 0);
        return Lists.map(sample.inputTypes(), p::argument);
    }

    private List<TensorType> argumentTypes() {
        List<TensorType> types = new ArrayList<>();
        for (int i = 0; i < 3; i++) types.add(new TensorType(pick(purpose.floats),
                pick(SHAPES.subList(0, random.nextInt(8) == 0 ? SHAPES.size() : 8))));
        types.add(new TensorType(pick(purpose.floats), Shape.of(3, 3)));
        types.add(TensorType.of(DType.I32));
        types.add(new TensorType(pick(Stream.of(DType.values()).filter(DType::isInteger).toList()),
                pick(SHAPES.subList(0, 5))));
        return types;
    }

    private Array argument(TensorType type) {
        double[] numbers = new double[type.elements()];
        for (int i = 0; i < numbers.length; i++)
            numbers[i] = type.dtype().isFloat() ? random.nextDouble(0.1, 1) * (random.nextBoolean() ? 1 : -1)
                    : type.dtype() == DType.BOOL ? random.nextInt(2) : random.nextInt(6);
        return Array.of(type, numbers);
    }

    // what recipes are made of

    <T> T pick(List<T> list) { return list.get(random.nextInt(list.size())); }

    Var input(Array value) {
        Var v = new Var(values.size(), value.type());
        inputs.add(v);
        arguments.add(value);
        values.add(value);
        return v;
    }

    /** Records {@code op}, one output of which is the result. */
    Var add(Op op, Atom... in) { return addAll(op, List.of(in)).getFirst(); }

    List<Var> addAll(Op op, List<? extends Atom> in) {
        List<TensorType> types = op.outputTypes(Lists.map(List.<Atom>copyOf(in), Atom::type));
        List<Var> out = Lists.each(types.size(), i -> new Var(values.size() + i, types.get(i)));
        var equation = new Equation(out, op, List.copyOf(in), HERE);
        List<Var> reads = in.stream().filter(Var.class::isInstance).map(Var.class::cast).distinct().toList();
        var one = Program.of(reads, List.of(equation), out);
        equations.add(equation);
        for (var value : Evaluator.evaluate(one, Lists.map(reads, this::value))) values.add(value.array());
        return out;
    }

    Array value(Var v) { return values.get(v.index()); }

    static Literal literal(Number value, DType dtype) { return new Literal(value, TensorType.of(dtype)); }

    /** All values so far of the kind that {@code wanted} says, newest last. */
    List<Var> those(Predicate<Var> wanted) {
        return Lists.each(values.size(), i -> new Var(i, values.get(i).type())).stream().filter(wanted).toList();
    }

    /** A floating-point value, more likely a new one than an old one. */
    Var anyFloat() {
        List<Var> floats = those(v -> v.type().dtype().isFloat());
        return floats.get(Math.max(random.nextInt(floats.size()), random.nextInt(floats.size())));
    }

    /** Something of exactly this type, made of what there is if need be. */
    Var like(TensorType type) {
        List<Var> same = those(v -> v.type().equals(type));
        return same.isEmpty() || random.nextInt(4) == 0 ? Recipes.fitted(this, anyFloat(), type) : pick(same);
    }

    // making

    private static final class Rejected extends RuntimeException {
        Rejected() { super("", null, false, false); }
    }

    /** Takes the step back. */
    static void require(boolean wellConditioned) {
        if (!wellConditioned) throw new Rejected();
    }

    void steps(int count) {
        // loops and branches are a few among many, so they are given three chances each; the table stands for all ops
        List<Recipes> possible = Stream.of(Stream.of(Recipes.values()), Recipes.CONTROL.stream(),
                Recipes.CONTROL.stream(),
                Collections.nCopies(20, Recipes.TABLE).stream()).<Recipes>flatMap(r -> r)
                        .filter(r -> r.possible(this)).toList();
        for (int done = 0; done < count; ) {
            int equationsBefore = equations.size(), valuesBefore = values.size(), inputsBefore = inputs.size();
            try {
                pick(possible).make(this);
                for (int i = valuesBefore; i < values.size(); i++) require(isTame(values.get(i)));
                done++;
            } catch (Rejected e) {
                equations.subList(equationsBefore, equations.size()).clear();
                values.subList(valuesBefore, values.size()).clear();
                inputs.subList(inputsBefore, inputs.size()).clear();
                arguments.subList(inputsBefore, arguments.size()).clear();
            }
        }
    }

    private static boolean isTame(Array value) {
        if (value.type().elements() > 60) return false;
        if (!value.dtype().isFloat()) return true;
        for (double x : value.toDoubles()) if (!(Math.abs(x) <= 8)) return false;
        return true;
    }

    /** What nothing reads: as outputs these make every equation count. */
    List<Var> unread() {
        Set<Integer> read = new HashSet<>();
        for (Equation e : equations) for (Atom a : e.inputs()) if (a instanceof Var v) read.add(v.index());
        return those(v -> !read.contains(v.index()));
    }

    Program program(List<? extends Atom> outputs) { return Program.of(inputs, equations, outputs); }
}
