package javelin.nn;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import javelin.core.Atom;
import javelin.core.ControlOp;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.ops.Cond;
import javelin.core.ops.Scan;
import javelin.core.type.TensorType;

/**
 * How many floating-point operations equations do, from what their ops mean: one for every arithmetic or
 * transcendental function applied to an element, two for a product that is summed; none for conversion, choice and
 * movement. A scan does its body's for every step, a branch those of its longest side, a while loop those of one step.
 */
public final class Flops {
    private static final Set<Fn> FREE = Set.of(Fn.CONVERT, Fn.SELECT, Fn.BITCAST);

    private Flops() {}

    public static long of(Program program) { return of(program.equations()); }

    static long of(List<Equation> equations) { return equations.stream().mapToLong(Flops::of).sum(); }

    private static long of(Equation e) {
        Op op = e.op();
        if (op instanceof ControlOp control) {
            var bodies = control.bodies().stream().mapToLong(Flops::of);
            if (op instanceof Scan scan) return scan.length() * bodies.sum();
            return op instanceof Cond ? bodies.max().orElse(0) : bodies.sum();
        }
        List<TensorType> in = Lists.map(e.inputs(), Atom::type);
        long elements = e.outputs().getFirst().type().elements();
        return switch (op.lower(in)) {
            case Lowering.Pointwise(var bodies) -> elements * perElement(bodies);
            case Lowering.Reduce(var extents, var body, _, _) -> {
                boolean counts = e.outputs().getFirst().type().dtype().isFloat();
                yield elements * product(extents) * (perElement(List.of(body)) + (counts ? 1 : 0));
            }
            case Lowering.Update(_, var pieces) -> pieces.stream()
                    .mapToLong(p -> product(p.extents()) * (perElement(List.of(p.value())) + p.combine().stream()
                            .count()))
                    .sum();
            default -> 0;                                                // the others move or compare elements
        };
    }

    private static long product(List<Integer> extents) { return extents.stream().mapToLong(n -> n)
            .reduce(1, (a, b) -> a * b); }

    private static long perElement(List<Scalar> bodies) {
        Set<Scalar> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        return bodies.stream().mapToLong(b -> count(b, seen)).sum();
    }

    /** Expressions are graphs: shared parts are computed once. */
    private static long count(Scalar x, Set<Scalar> seen) {
        if (!(x instanceof Scalar.Apply(var fn, var type, var arguments)) || !seen.add(x)) return 0;
        long here = type.isFloat() && !FREE.contains(fn) ? 1 : 0;
        return here + arguments.stream().mapToLong(a -> count(a, seen)).sum();
    }
}
