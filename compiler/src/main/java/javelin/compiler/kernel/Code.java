package javelin.compiler.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalars;
import javelin.core.type.DType;

/**
 * Straight-line arithmetic as a graph of numbered nodes, each made once: asking for the same node twice gives the same
 * number, so common subexpressions vanish as the graph is built. Constants are folded.
 */
public final class Code {
    /** One value. Arguments of nodes are numbers of earlier nodes. */
    public sealed interface Node {
        DType type();

        record Const(Number value, DType type) implements Node {}

        /** A scalar handed to the kernel; {@code index} counts its scalar arguments. */
        record Argument(int index, DType type) implements Node {}

        /** The current index of a loop, i32. */
        record Axis(int axis) implements Node {
            @Override public DType type() { return DType.I32; }
        }

        /** An element of a buffer. */
        record Load(int buffer, Address at, DType type) implements Node {}

        record Apply(Fn fn, DType type, List<Integer> arguments) implements Node {}

        /** The result of a reduction of the kernel. */
        record Fold(int fold, DType type) implements Node {}
    }

    /**
     * A place in a buffer: {@code constant + sum of coefficient * index of axis + dynamic}.
     *
     * @param terms   coefficients by axis; none is 0
     * @param dynamic a node, i32, or -1 for none
     */
    public record Address(SortedMap<Integer, Integer> terms, int constant, int dynamic) {
        public static Address of(int constant) { return new Address(new TreeMap<>(), constant, -1); }

        public static Address axis(int axis) { return new Address(new TreeMap<>(Map.of(axis, 1)), 0, -1); }

        public boolean isConstant() { return terms.isEmpty() && dynamic < 0; }

        public int coefficient(int axis) { return terms.getOrDefault(axis, 0); }
    }

    private final List<Node> nodes = new ArrayList<>();
    private final Map<Node, Integer> numbers = new HashMap<>();
    private final List<Long> axes = new ArrayList<>();                   // which axes each node depends on, as bits
    private final List<Long> folds = new ArrayList<>();                  // which reductions, likewise

    public Node node(int n) { return nodes.get(n); }

    public int size() { return nodes.size(); }

    public DType type(int n) { return nodes.get(n).type(); }

    /** The axes node {@code n} depends on, bit by bit, not counting those inside reductions. */
    public long axes(int n) { return axes.get(n); }

    public long folds(int n) { return folds.get(n); }

    public boolean varies(int n, int axis) { return (axes.get(n) >> axis & 1) != 0; }

    public int constant(Number value, DType type) { return add(new Node.Const(type.normalize(value), type), 0, 0); }

    public int argument(int index, DType type) { return add(new Node.Argument(index, type), 0, 0); }

    public int axis(int axis) { return add(new Node.Axis(axis), 1L << axis, 0); }

    /** @param axes the axes the reduction's result still depends on */
    public int fold(int fold, DType type, long axes) { return add(new Node.Fold(fold, type), axes, 1L << fold); }

    public int load(int buffer, Address at, DType type) {
        long a = 0, f = 0;
        for (int axis : at.terms().keySet()) a |= 1L << axis;
        if (at.dynamic() >= 0) {
            a |= axes(at.dynamic());
            f |= folds(at.dynamic());
        }
        return add(new Node.Load(buffer, at, type), a, f);
    }

    public int apply(Fn fn, DType type, int... arguments) {
        long a = 0, f = 0;
        List<Integer> list = new ArrayList<>(arguments.length);
        List<Number> constants = new ArrayList<>(arguments.length);
        for (int n : arguments) {
            a |= axes(n);
            f |= folds(n);
            list.add(n);
            if (nodes.get(n) instanceof Node.Const(Number value, DType _)) constants.add(value);
        }
        boolean exact = !type(arguments[0]).isFloat() || fn.compareTo(Fn.EXP) < 0;
        if (constants.size() == arguments.length && exact && arguments.length > 0)
            return constant(Scalars.apply(fn, type(arguments[0]), type, constants), type);
        if (fn == Fn.CONVERT && type == type(arguments[0])) return arguments[0];
        if (fn == Fn.CONVERT && type.isHalf()
                && nodes.get(arguments[0]) instanceof Node.Apply(Fn inner, _, List<Integer> of)
                // widened from what it is again
                && inner == Fn.CONVERT && type(of.getFirst()) == type) return of.getFirst();
        if (fn == Fn.SELECT && arguments[1] == arguments[2]) return arguments[1];
        if (fn == Fn.SELECT && nodes.get(arguments[0]) instanceof Node.Const(Number c, DType _))
            return c.longValue() != 0 ? arguments[1] : arguments[2];
        if (fn == Fn.AND && type == DType.BOOL && nodes.get(arguments[0]) instanceof Node.Const(Number c, DType _))
            return c.longValue() != 0 ? arguments[1] : arguments[0];
        return add(new Node.Apply(fn, type, list), a, f);
    }

    private int add(Node node, long a, long f) {
        Integer known = numbers.get(node);
        if (known != null) return known;
        numbers.put(node, nodes.size());
        nodes.add(node);
        axes.add(a);
        folds.add(f);
        return nodes.size() - 1;
    }

    /** {@code left + right}; either may be computed at run time. */
    public Address add(Address left, Address right) {
        SortedMap<Integer, Integer> terms = new TreeMap<>(left.terms());
        right.terms().forEach((axis, c) -> terms.merge(axis, c, Integer::sum));
        terms.values().removeIf(c -> c == 0);
        int dynamic = left.dynamic() < 0 ? right.dynamic() : right.dynamic() < 0 ? left.dynamic()
                : apply(Fn.ADD, DType.I32, left.dynamic(), right.dynamic());
        return new Address(terms, left.constant() + right.constant(), dynamic);
    }

    public Address scale(Address a, int factor) {
        if (factor == 0) return Address.of(0);
        if (factor == 1) return a;
        SortedMap<Integer, Integer> terms = new TreeMap<>(a.terms());
        terms.replaceAll((_, c) -> c * factor);
        return new Address(terms, a.constant() * factor,
                a.dynamic() < 0 ? -1 : apply(Fn.MUL, DType.I32, a.dynamic(), constant(factor, DType.I32)));
    }

    /** The address as a number, i32. */
    public int value(Address a) {
        int sum = a.dynamic();
        for (var term : a.terms().entrySet()) {
            int product = term.getValue() == 1 ? axis(term.getKey())
                    : apply(Fn.MUL, DType.I32, axis(term.getKey()), constant(term.getValue(), DType.I32));
            sum = sum < 0 ? product : apply(Fn.ADD, DType.I32, sum, product);
        }
        int constant = constant(a.constant(), DType.I32);
        return sum < 0 ? constant : a.constant() == 0 ? sum : apply(Fn.ADD, DType.I32, sum, constant);
    }
}
