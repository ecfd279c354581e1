package javelin.compiler.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javelin.compiler.kernel.Approximations;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;

/**
 * What a loop computes in vectors, as a graph of its own: functions are written out, and a node of the kernel that is
 * the same in every lane is an {@link Node.Argument} with that node's number as index. Halves are f32 here, in memory
 * u16.
 */
final class VectorGraph {
    /** The arithmetic holds where {@code |x|} is at most {@code limit}. */
    record Limit(int x, DType type, double limit) {}

    final Code code = new Code();
    private final Code kernel;
    private final int lane;
    private final Set<Integer> folds;
    private final Map<Integer, Integer> made = new HashMap<>();
    private final Map<Integer, Boolean> varying = new HashMap<>();
    private final Map<Integer, Integer> bits = new HashMap<>();         // of halves that were loaded
    private final List<Limit> limits = new ArrayList<>();

    /**
     * @param lane  the axis whose turns are the lanes
     * @param folds the reductions that every lane has for itself
     */
    VectorGraph(Code kernel, int lane, Set<Integer> folds) {
        this.kernel = kernel;
        this.lane = lane;
        this.folds = folds;
    }

    List<Limit> limits() { return limits; }

    /** Whether a node of the kernel may differ between lanes. */
    boolean varies(int node) {
        Boolean known = varying.get(node);
        if (known != null) return known;
        boolean varies = switch (kernel.node(node)) {
            case Node.Const _, Node.Argument _ -> false;
            case Node.Axis(int axis) -> axis == lane;
            case Node.Fold(int f, _) -> folds.contains(f);
            case Node.Load(_, Address at, _) -> at.coefficient(lane) != 0 || at.dynamic() >= 0 && varies(at.dynamic());
            case Node.Apply(_, _, List<Integer> arguments) -> arguments.stream().anyMatch(this::varies);
        };
        varying.put(node, varies);
        return varies;
    }

    /** The node here for a node of the kernel. */
    int of(int node) {
        Integer known = made.get(node);
        if (known != null) return known;
        int here = varies(node) ? vector(kernel.node(node)) : uniform(node);
        made.put(node, here);
        return here;
    }

    private int uniform(int node) {
        return kernel.node(node) instanceof Node.Const(Number value, DType type)
                ? code.constant(value, type.computation())
            : code.argument(node, kernel.type(node).computation());
    }

    private int vector(Node node) {
        return switch (node) {
            case Node.Axis(int axis) -> code.axis(axis);
            case Node.Fold(int f, DType type) -> code.fold(f, type, 0);
            case Node.Load(int buffer, Address at, DType type) -> {
                Address here = new Address(at.terms(), at.constant(), at.dynamic() < 0 ? -1 : of(at.dynamic()));
                yield type.isHalf() ? widened(code.load(buffer, here, DType.U16), type) : code.load(buffer, here, type);
            }
            case Node.Apply(Fn fn, DType type, List<Integer> arguments) -> {
                int[] x = arguments.stream().mapToInt(this::of).toArray();
                double limit = Approximations.handles(fn, type) ? Approximations.limit(fn, type)
                    : Double.POSITIVE_INFINITY;
                if (limit < Double.POSITIVE_INFINITY) limits.add(new Limit(x[0], type, limit));
                DType from = kernel.type(arguments.getFirst());
                yield fn == Fn.BITCAST ? bitcast(x[0], from, type)
                    : fn == Fn.CONVERT && type.isHalf() ? rounded(x[0], type)
                    : new Expansion(code).forVectors(fn, type.computation(), x);
            }
            case Node.Const _, Node.Argument _ ->
                throw new IllegalStateException("a constant is the same in every lane");
        };
    }

    private int rounded(int x, DType half) {
        Expansion expansion = new Expansion(code);
        return expansion.rounded(expansion.forVectors(Fn.CONVERT, DType.F32, x), half);
    }

    private int widened(int u16, DType half) {
        int x = new Expansion(code).widened(u16, half);
        bits.put(x, u16);
        return x;
    }

    private int narrowed(int x, DType half) {
        return bits.containsKey(x) ? bits.get(x) : new Expansion(code).narrowed(x, half);
    }

    private int bitcast(int x, DType from, DType to) {
        if (from == to) return x;
        if (from.isHalf()) return bitcast(narrowed(x, from), DType.U16, to);
        return to.isHalf() ? widened(bitcast(x, from, DType.U16), to)
                : new Expansion(code).forVectors(Fn.BITCAST, to, x);
    }

    /** What is put into a buffer of {@code type} for a node of the kernel. */
    int stored(int node, DType type) { return type.isHalf() ? narrowed(of(node), type) : of(node); }

    /**
     * The address of a load of this graph as the kernel has it; it is the same in every lane but for the lane itself.
     */
    Address inKernel(Address at) {
        if (at.dynamic() < 0) return at;
        int dynamic = switch (code.node(at.dynamic())) {
            case Node.Argument(int node, _) -> node;
            default -> throw new IllegalStateException("an address that differs between lanes is not one vector");
        };
        return new Address(at.terms(), at.constant(), dynamic);
    }

    /** All that {@code roots} are made of, with them. */
    Set<Integer> reachable(Set<Integer> roots) {
        Set<Integer> all = new HashSet<>();
        roots.forEach(r -> reach(r, all));
        return all;
    }

    private void reach(int node, Set<Integer> all) {
        if (all.add(node) && code.node(node) instanceof Node.Apply(_, _, List<Integer> arguments)) {
            arguments.forEach(a -> reach(a, all));
        }
    }

    /** The type whose vectors a bool node is a mask for; {@code usual} if it may be any. */
    DType maskOf(int node, DType usual) {
        return switch (code.node(node)) {
            case Node.Load _ -> DType.U8;
            case Node.Apply(Fn fn, _, List<Integer> arguments) ->
                fn.isComparison() ? code.type(arguments.getFirst()) : maskOf(arguments.getFirst(), usual);
            case Node.Const _, Node.Argument _, Node.Axis _, Node.Fold _ -> usual;
        };
    }
}
