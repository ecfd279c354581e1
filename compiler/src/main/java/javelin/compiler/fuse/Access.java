package javelin.compiler.fuse;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javelin.core.Atom;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Formulas;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.Shape;

/** What fusion needs to know of an equation: its lowering, how it reads its inputs, and what an element costs. */
public final class Access {
    final Lowering lowering;
    /** Inputs read at positions that depend on data, which must therefore be in memory. */
    final BitSet random = new BitSet();
    /** About how many vector instructions one element takes. */
    final int cost;

    private int counted;
    private final int[] readsOf = new int[8];                            // of each input, up to the eighth

    public Access(Equation e) {
        lowering = viewOf(e).map(v -> (Lowering) new Lowering.Pointwise(v))
                .orElseGet(() -> e.op().lower(Lists.map(e.inputs(), Atom::type)));
        switch (lowering) {
            case Lowering.Pointwise(var bodies) -> bodies.forEach(b -> visit(b, false));
            case Lowering.Reduce(_, var body, _, _) -> visit(body, false);
            case Lowering.ArgReduce(_, var body, _) -> visit(body, false);
            case Lowering.Update(var base, var pieces) -> {
                visit(base, false);
                for (var p : pieces) {
                    visit(p.value(), false);
                    p.at().forEach(i -> visit(i, false));
                    p.inBounds().ifPresent(b -> visit(b, false));
                }
            }
            case Lowering.Reshape(), Lowering.Library _, Lowering.Control() -> { }
        }
        cost = counted;
    }

    /**
     * The body of a reshape that only puts in or takes out axes of size 1: reading the same element under other axes.
     */
    static Optional<Scalar> viewOf(Equation e) {
        if (!(e.op() instanceof javelin.core.ops.Reshape)) return Optional.empty();
        Shape in = e.inputs().getFirst().type().shape(), out = e.output().type().shape();
        List<Integer> from = wide(in), to = wide(out);
        if (!in.select(from).equals(out.select(to))) return Optional.empty();
        List<Scalar> at = Lists.each(in.rank(),
                a -> from.contains(a) ? new Scalar.Loop(to.get(from.indexOf(a))) : Scalar.index(0));
        return Optional.of(new Scalar.Read(0, at, e.output().type().dtype()));
    }

    private static List<Integer> wide(Shape s) {
        return Lists.range(0, s.rank()).stream().filter(a -> s.size(a) != 1).toList();
    }

    /** Whether {@code v} is read at positions that depend on data. */
    public boolean readsAtRandom(Equation e, Atom v) {
        return random.stream().anyMatch(i -> e.inputs().get(i).equals(v));
    }

    /** Whether element i of the output is computed from elements i of the inputs, reading each once. */
    public boolean isElementwise() {
        return java.util.Arrays.stream(readsOf).allMatch(n -> n <= 1) && random.isEmpty()
            && lowering instanceof Lowering.Pointwise(var bodies) && bodies.stream().allMatch(Access::readsInPlace);
    }

    private static boolean readsInPlace(Scalar s) {
        return switch (s) {
            case Scalar.Const _, Scalar.Loop _ -> true;
            case Scalar.Read(_, var at, _) ->
                Lists.range(0, at.size()).stream()
                        .allMatch(a -> at.get(a) instanceof Scalar.Loop(int loop) && loop == a);
            case Scalar.Apply(_, _, var args) -> args.stream().allMatch(Access::readsInPlace);
        };
    }

    /** Whether it reduces the last axes of its inputs: sizes do not tell which axes of a square are left. */
    boolean readsRows() { return lowering instanceof Lowering.Reduce(_, var body, _, _) && readsInPlace(body); }

    boolean isPointwise() { return lowering instanceof Lowering.Pointwise; }

    /** Only reads its input from elsewhere: worth no memory of its own. */
    boolean isView() { return cost == 0 && isPointwise() && random.isEmpty(); }

    private void visit(Scalar s, boolean inIndex) {
        switch (s) {
            case Scalar.Const _, Scalar.Loop _ -> { }
            case Scalar.Read(int input, var at, _) -> {
                readsOf[Math.min(input, 7)]++;
                for (Scalar i : at) {
                    if (readsData(i)) random.set(input);
                    visit(i, true);
                }
            }
            case Scalar.Apply(Fn fn, _, var args) -> {
                if (!inIndex) counted += price(fn);
                args.forEach(a -> visit(a, inIndex));
            }
        }
    }

    static boolean isData(Scalar s) { return readsData(s); }

    private static boolean readsData(Scalar s) {
        return switch (s) {
            case Scalar.Const _, Scalar.Loop _ -> false;
            case Scalar.Read _ -> true;
            case Scalar.Apply(_, _, var args) -> args.stream().anyMatch(Access::readsData);
        };
    }

    /** Whether this is read at places that loops change: then it may be the same in two turns. */
    public static boolean readsAlongLoops(Scalar s) {
        return switch (s) {
            case Scalar.Const _, Scalar.Loop _ -> false;
            case Scalar.Read(_, var at, _) -> at.stream().anyMatch(i -> !(i instanceof Scalar.Const));
            case Scalar.Apply(_, _, var args) -> args.stream().anyMatch(Access::readsAlongLoops);
        };
    }

    private static final Map<Fn, Integer> PRICES =
            new HashMap<>(Map.of(Fn.EXP, 15, Fn.EXPM1, 25, Fn.LOG, 22, Fn.LOG1P, 25, Fn.SIN, 22, Fn.COS, 22,
            Fn.TANH, 28, Fn.LOGISTIC, 20, Fn.ERF, 35, Fn.POW, 40));

    static {
        PRICES.put(Fn.TAN, 28);
        PRICES.put(Fn.ERF_INV, 38);
        // the two words of a block share their rounds, whose shifts and additions C2 is quick with
        PRICES.put(Fn.THREEFRY_0, 36);
        PRICES.put(Fn.THREEFRY_1, 4);
    }

    private static int price(Fn fn) { return PRICES.getOrDefault(fn, Formulas.handles(fn) ? 80 : 1); }

    /** Whether, wherever input {@code input} is read, its axes {@code axes} are at the loops {@code loops}. */
    boolean readsAt(int input, List<Integer> axes, List<Integer> loops) {
        return lowering instanceof Lowering.Pointwise(var bodies) && bodies.stream()
                .allMatch(b -> readsAt(b, input, axes, loops));
    }

    private static boolean readsAt(Scalar s, int input, List<Integer> axes, List<Integer> loops) {
        return switch (s) {
            case Scalar.Const _, Scalar.Loop _ -> true;
            case Scalar.Read(int i, var at, _) -> i != input
                    || Lists.range(0, axes.size()).stream()
                            .allMatch(n -> at.get(axes.get(n)) instanceof Scalar.Loop(int loop)
                                    && loop == loops.get(n));
            case Scalar.Apply(_, _, var args) -> args.stream().allMatch(a -> readsAt(a, input, axes, loops));
        };
    }
}
