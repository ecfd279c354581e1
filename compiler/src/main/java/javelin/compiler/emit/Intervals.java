package javelin.compiler.emit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Node;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;

/** What integer nodes may be when integers in buffers and scalar arguments are 0, and booleans anything. */
final class Intervals {
    private final Code code;
    private final Map<Integer, Integer> turns;
    private final Map<Integer, Optional<Interval>> known = new HashMap<>();

    /** @param turns extents, by axis */
    Intervals(Code code, Map<Integer, Integer> turns) {
        this.code = code;
        this.turns = turns;
    }

    /** The values of a node, if anything is known about it. */
    Optional<Interval> of(int node) {
        Optional<Interval> found = known.get(node);
        if (found == null) {
            found = compute(node).filter(Interval::isInt);
            known.put(node, found);
        }
        return found;
    }

    private Optional<Interval> compute(int node) {
        DType type = code.type(node);
        if (type == DType.BOOL) return Optional.of(new Interval(0, 1));
        if (type.isFloat()) return Optional.empty();
        return switch (code.node(node)) {
            case Node.Const(Number value, _) -> Optional.of(Interval.of(value.longValue()));
            case Node.Axis(int axis) -> Optional.of(new Interval(0, Math.max(0, turns.getOrDefault(axis, 1) - 1)));
            case Node.Argument _ -> Optional.of(Interval.of(0));
            case Node.Load _ -> type.bytes() == 1 ? Optional.of(new Interval(0, 1)) : Optional.of(Interval.of(0));
            case Node.Fold _ -> Optional.empty();
            case Node.Apply(Fn fn, _, List<Integer> arguments) -> apply(fn, arguments);
        };
    }

    private Optional<Interval> apply(Fn fn, List<Integer> arguments) {
        List<Optional<Interval>> parts = arguments.stream().map(this::of).toList();
        if (parts.stream().anyMatch(Optional::isEmpty)) return Optional.empty();
        List<Interval> x = parts.stream().flatMap(Optional::stream).toList();
        Interval a = x.getFirst(), b = x.getLast();
        return switch (fn) {
            case NEG -> Optional.of(Interval.of(-a.least(), -a.most()));
            case ADD -> Optional.of(new Interval(a.least() + b.least(), a.most() + b.most()));
            case SUB -> Optional.of(new Interval(a.least() - b.most(), a.most() - b.least()));
            case MUL -> Optional.of(Interval.of(a.least() * b.least(), a.least() * b.most(), a.most() * b.least(),
                a.most() * b.most()));
            case MAX -> Optional.of(new Interval(Math.max(a.least(), b.least()), Math.max(a.most(), b.most())));
            case MIN -> Optional.of(new Interval(Math.min(a.least(), b.least()), Math.min(a.most(), b.most())));
            case DIV ->
                when(a.least() >= 0 && b.least() > 0, () -> new Interval(a.least() / b.most(), a.most() / b.least()));
            case REM -> when(a.least() >= 0 && b.least() > 0, () -> new Interval(0, Math.min(a.most(), b.most() - 1)));
            case SELECT -> Optional.of(x.get(1).or(b));
            case CONVERT -> when(a.least() >= 0, () -> a);
            default -> Optional.empty();
        };
    }

    private static Optional<Interval> when(boolean condition, Supplier<Interval> interval) {
        return condition ? Optional.of(interval.get()) : Optional.empty();
    }
}
