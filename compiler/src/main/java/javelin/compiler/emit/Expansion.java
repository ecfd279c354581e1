package javelin.compiler.emit;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import javelin.compiler.kernel.Approximations;
import javelin.compiler.kernel.Code;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** Adds functions to a graph as the arithmetic they are made of. */
final class Expansion {
    private final Code code;

    Expansion(Code code) { this.code = code; }

    /** {@code fn} as {@link Approximations} writes it. */
    int apply(Fn fn, DType type, int... arguments) {
        List<Scalar> reads = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) reads.add(new Scalar.Read(i, List.of(), type));
        return add(Approximations.expand(fn, type, reads), arguments);
    }

    /** A graph whose reads are the given nodes. */
    int add(Scalar graph, int... arguments) { return add(graph, arguments, new IdentityHashMap<>()); }

    private int add(Scalar s, int[] arguments, Map<Scalar, Integer> made) {
        Integer known = made.get(s);
        if (known != null) return known;
        int node = switch (s) {
            case Scalar.Const(Number value, DType type) -> code.constant(value, type);
            case Scalar.Read(int input, _, _) -> arguments[input];
            case Scalar.Apply(Fn fn, DType type, List<Scalar> parts) ->
                code.apply(fn, type, parts.stream().mapToInt(p -> add(p, arguments, made)).toArray());
            case Scalar.Loop _ -> throw new IllegalStateException("a function of numbers has no loops");
        };
        made.put(s, node);
        return node;
    }
}
