package javelin.core.ops;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javelin.check.Grid;
import javelin.check.Vectors;
import javelin.core.Array;
import javelin.core.ComposedOp;
import javelin.core.ControlOp;
import javelin.core.Evaluator;
import javelin.core.Lists;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * The table's cases with every other element type that the op's own type rule takes, where the table itself has no
 * case with that type and a reference. The reference stays the table's, on the same numbers: what is computed with them
 * as doubles, rounded to floating-point types and wrapped to integers; or, where the table has none, what the op itself
 * gives in f64 (but for Eigh, whose vectors have either sign: DTypesTest looks whether they are any).
 */
public final class OtherTypes {
    /** Cases for one type in one slot, out of those whose types are tried. */
    private static final int CASES = 4, TRIED = 24;

    private OtherTypes() {}

    /** What {@code op} takes in one of its slots, and for which of those types there is a case with a reference. */
    public record Accepted(String op, String slot, Set<DType> types, Set<DType> referred) {}

    private record Use(OpCase of, Slot slot) {}

    private static final List<Accepted> ACCEPTED = new ArrayList<>();
    private static final List<OpCase> ALL = derived();

    public static List<OpCase> all() { return ALL; }

    /** For each op, in alphabetical order, and each of its slots. */
    public static List<Accepted> accepted() { return List.copyOf(ACCEPTED); }

    private static List<OpCase> derived() {
        List<OpCase> cases = new ArrayList<>();
        for (List<OpCase> table : Ops.byClass()) {
            Map<String, List<Use>> slots = table.stream().flatMap(c -> Slot.of(c).stream().map(s -> new Use(c, s)))
                    .collect(Collectors.groupingBy(u -> u.slot.name(), LinkedHashMap::new, Collectors.toList()));
            slots.forEach((name, uses) -> {
                Set<DType> types = EnumSet.noneOf(DType.class), referred = EnumSet.noneOf(DType.class);
                for (Use u : uses) {
                    types.add(u.slot.dtype());
                    if (u.of.reference().isPresent()) referred.add(u.slot.dtype());
                }
                for (DType t : DType.values()) {
                    if (referred.contains(t)) continue;
                    for (OpCase c : some(uses, t)) {
                        cases.add(c);
                        types.add(t);
                        if (c.reference().isPresent()) referred.add(t);
                    }
                }
                ACCEPTED.add(new Accepted(table.getFirst().op().getClass().getSimpleName(), name, types, referred));
            });
        }
        return List.copyOf(cases);
    }

    /** Cases with {@code to} in the slot, from those of the nearest type that has any. */
    private static List<OpCase> some(List<Use> uses, DType to) {
        List<DType> bases = to.isFloat() ? List.of(DType.F64, DType.F32, DType.I32, DType.I64)
                : List.of(DType.I32, DType.I64, DType.F64, DType.F32);
        for (DType base : bases) {
            Set<Object> ops = new HashSet<>();
            List<Use> different = uses.stream().filter(u -> u.slot.dtype() == base)
                    .filter(u -> ops.add(List.of(u.of.op(), u.of.types()))).toList();
            List<OpCase> found = spread(different, TRIED).stream()
                    .flatMap(u -> u.slot.at(u.of, to).map(typed -> at(u, typed, to)).stream()).toList();
            if (!found.isEmpty()) return spread(found, CASES);
        }
        return List.of();
    }

    /** So many of them, with the first and the last. */
    private static <T> List<T> spread(List<T> all, int count) {
        return all.size() <= count ? all : Lists.each(count, i -> all.get(i * (all.size() - 1) / (count - 1)));
    }

    private static OpCase at(Use use, Slot.Typed typed, DType to) {
        OpCase c = use.of;
        boolean runs = typed.op() instanceof ControlOp || typed.op() instanceof ComposedOp;
        OpCase.Inputs inputs = random -> {
            List<Array> drawn = c.inputs().draw(random);
            return Lists.each(drawn.size(), i -> converted(drawn.get(i), typed.in().get(i)));
        };
        boolean isUnique = to.isFloat() && !(c.op() instanceof Eigh);
        Optional<OpCase.Reference> reference = c.reference()
                .or(() -> isUnique ? Optional.of(in -> inF64(use, in)) : Optional.empty());
        Optional<OpCase.Reference> narrowed = reference.map(wide -> in -> {
            List<Grid> out = wide.of(in);
            return Lists.each(out.size(), k -> narrowed(out.get(k), typed.out().get(k).dtype()));
        });
        return new OpCase(typed.op(), typed.in(), inputs, narrowed,
                to.isHalf() && !runs ? roundedOnce(c.tolerance(), to) : c.tolerance(), c.modes());
    }

    /** What the tolerance allows in f32, in which halves are computed, and one rounding of either side. */
    private static OpCase.Tolerance roundedOnce(OpCase.Tolerance t, DType half) {
        if (t.relative() == 0 && t.absolute() == 0) return t;
        double finer = Vectors.epsilon(List.of(TensorType.f32())) / Vectors.epsilon(List.of(TensorType.of(half)));
        return new OpCase.Tolerance(t.relative() * finer + 1, t.absolute() * finer, t.reason() + ", in f32, rounded");
    }

    /**
     * Drawn numbers as another type: integers wrapped, floating-point numbers rounded; those that become integers are
     * tripled, since many are below 1, and for bool whether they are odd. What would be a large u32 or u64 changes
     * sign: references compute with doubles.
     */
    private static Array converted(Array drawn, TensorType to) {
        if (drawn.dtype() == to.dtype()) return drawn;
        double[] x = drawn.toDoubles();
        if (!to.dtype().isFloat()) for (int i = 0; i < x.length; i++) {
            long whole = Math.round(drawn.dtype().isFloat() ? 3 * x[i] : x[i]);
            x[i] = to.dtype() == DType.BOOL ? whole & 1
                    : wrapped(isWide(to.dtype()) ? Math.abs(whole) : whole, to.dtype());
        }
        return Array.of(to, x);
    }

    private static boolean isWide(DType t) { return t.kind() == DType.Kind.UNSIGNED && t.bytes() >= 4; }

    private static double wrapped(long x, DType to) { return to.toDouble(to.normalize(x)); }

    /** The reference's whole numbers as integers of a type; infinities, or the ends of i32 and i64, as its ends. */
    private static Grid narrowed(Grid wide, DType to) {
        if (to.isFloat()) return wide;
        double[] x = wide.numbers().clone();
        for (int i = 0; i < x.length; i++) {
            boolean lowest = x[i] < 0 && end(x[i]), highest = x[i] > 0 && end(x[i]);
            x[i] = lowest ? to.toDouble(to.lowest()) : highest ? to.toDouble(to.highest())
                    : to == DType.BOOL ? x[i] != 0 ? 1 : 0 : wrapped((long) x[i], to);
        }
        return new Grid(wide.sizes(), x);
    }

    private static boolean end(double x) {
        return Double.isInfinite(x) || x == Integer.MAX_VALUE || x == Integer.MIN_VALUE || Math.abs(x) == 0x1p63;
    }

    private static List<Grid> inF64(Use use, List<Grid> in) {
        Slot.Typed wide = use.slot.at(use.of, DType.F64).orElseThrow();
        List<Array> arguments = Lists.each(in.size(), i -> Array.of(wide.in().get(i), in.get(i).numbers()));
        OpCase c = new OpCase(wide.op(), wide.in(), use.of.inputs(), Optional.empty(), use.of.tolerance(),
                use.of.modes());
        return Lists.map(Evaluator.evaluate(c.program(), arguments), y -> Grid.of(y.array()));
    }
}
