package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.memory.Region;
import javelin.compiler.memory.Step;
import javelin.compiler.schedule.Expressions;
import javelin.core.Atom;
import javelin.core.Atom.Literal;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * Tiny tensors, element by element in local variables: views and concatenations cost nothing, common subexpressions are
 * computed once.
 */
final class Elements extends Expressions {
    /** Pushes the array of a variable and the place in it that {@code index} pushes. */
    interface Memory {
        void push(Var v, Runnable index);
    }

    private final Frame f;
    private final Memory memory;
    // expressions beyond this are computed into a local variable
    private static final int DEEPEST = 12;

    private final Predicate<Var> readOnce;
    private final KernelLoader loader;
    private final Map<Integer, List<Object>> imports;
    private final Map<Integer, Var> variables = new HashMap<>();
    private final Map<Integer, int[]> computed = new HashMap<>();        // nodes of the elements of variables
    // local variables of nodes that came from outside
    private final Map<Integer, Object> imported = new HashMap<>();

    /** The local variable of a node. */
    private record Local(Elements of, int node) {
        @Override public boolean equals(Object o) {
            return o instanceof Local that && of == that.of && node == that.node;
        }

        @Override public int hashCode() { return 31 * System.identityHashCode(of) + node; }
    }

    /**
     * @param readOnce whether one equation reads a variable, and each of its elements once: it needs no local
     * variables
     */
    Elements(Frame f, Map<Integer, List<Object>> imports, Memory memory, Predicate<Var> readOnce, KernelLoader loader) {
        super(new Code());
        this.readOnce = readOnce;
        this.f = f;
        this.imports = new HashMap<>(imports);
        this.memory = memory;
        this.loader = loader;
    }

    /** Whether anything in {@code region} wants {@code v} in scalars. */
    static boolean reads(Region region, Var v) {
        return region.steps().stream().anyMatch(s -> switch (s) {
            case Step.Unrolled(Equation e) -> e.inputs().contains(v);
            case Step.Run(var call) -> call.arguments().contains(v);
            case Step.Counted loop -> loop.equation().inputs().contains(v);
            case Step.Conditional loop -> loop.equation().inputs().contains(v);
            case Step.Branch branch -> branch.equation().inputs().contains(v);
            case Step.Library _, Step.Copy _, Step.Fill _ -> false;
        });
    }

    /** From now on the elements of {@code v} are in these local variables. */
    void put(Var v, List<Object> locals) { imports.put(v.index(), locals); }

    /** Local variables with the elements of a tiny variable or literal. */
    List<Object> locals(Atom a) {
        if (a instanceof Var v && imports.containsKey(v.index())) return imports.get(v.index());
        int[] nodes = a instanceof Var v && computed.containsKey(v.index()) ? computed.get(v.index())
                : Lists.each(a.type().elements(), i -> element(a, Address.of(i))).stream().mapToInt(n -> n).toArray();
        List<Object> all = new ArrayList<>();
        for (int n : nodes) {
            emit(n);
            if (code.node(n) instanceof Node.Const && !f.has(local(n))) {
                push(n);
                f.store(local(n), Frame.element(code.type(n)));
            }
            all.add(local(n));
        }
        return all;
    }

    /** Computes all elements of all outputs of {@code e}. */
    void compute(Equation e) {
        Lowering lowering = e.op().lower(Lists.map(e.inputs(), Atom::type));
        for (int k = 0; k < e.outputs().size(); k++) {
            TensorType type = e.outputs().get(k).type();
            int[] nodes = new int[type.elements()];
            int output = k;
            switch (lowering) {
                case Lowering.Pointwise(var bodies) ->
                    fill(nodes, type, at -> value(bodies.get(output), at, e.inputs()));
                case Lowering.Reduce(var extents, var body, var combine, var identity) ->
                    fill(nodes, type, at -> code.apply(Fn.CONVERT, type.dtype(),
                            reduce(extents, body, combine, identity, body.type(), at, e)));
                case Lowering.Reshape() -> {
                    for (int i = 0; i < nodes.length; i++) nodes[i] = element(e.inputs().getFirst(), Address.of(i));
                }
                case Lowering.Update(var base, var pieces) -> {
                    fill(nodes, type, at -> value(base, at, e.inputs()));
                    for (var piece : pieces) write(piece, nodes, type, e);
                }
                case Lowering.ArgReduce _, Lowering.Library _, Lowering.Control() ->
                    throw new IllegalStateException(e.op() + " is never unrolled");
            }
            computed.put(e.outputs().get(k).index(), nodes);
        }
        boolean later = e.outputs().size() == 1 && readOnce.test(e.output());
        for (Var v : e.outputs()) for (int n : computed.get(v.index())) {
            if (later && depth(n) < DEEPEST) emitLoads(n);
            else emit(n);
        }
    }

    /**
     * Reads what {@code n} needs from memory now, since it may be overwritten; the rest can be computed where it is
     * used.
     */
    private void emitLoads(int n) {
        if (f.has(local(n))) return;
        switch (code.node(n)) {
            case Node.Apply(_, _, List<Integer> args) -> args.forEach(this::emitLoads);
            case Node.Load _ -> emit(n);
            default -> { }
        }
    }

    /** How deep the expression is that has still to be computed. */
    private int depth(int n) {
        if (f.has(local(n)) || !(code.node(n) instanceof Node.Apply(_, _, List<Integer> args))) return 0;
        return 1 + args.stream().mapToInt(this::depth).max().orElse(0);
    }

    private interface At { int node(List<Address> at); }

    private static void each(List<Integer> sizes, java.util.function.Consumer<List<Address>> body) {
        int n = sizes.stream().reduce(1, (a, b) -> a * b);
        for (int i = 0; i < n; i++) {
            Address[] at = new Address[sizes.size()];
            for (int a = at.length - 1, rest = i; a >= 0; rest /= sizes.get(a), a--)
                at[a] = Address.of(rest % sizes.get(a));
            body.accept(List.of(at));
        }
    }

    private void fill(int[] nodes, TensorType type, At element) {
        int[] next = {0};
        each(type.shape().sizes(), at -> nodes[next[0]++] = element.node(at));
    }

    /**
     * In the order that kernels reduce in: sixteen partial results, then pairs; products of matrices one after the
     * other.
     */
    private int reduce(List<Integer> extents, Scalar body, Fn combine, Number identity, DType type, List<Address> at,
            Equation e) {
        if (e.op() instanceof javelin.core.ops.DotGeneral && type.isFloat())
            return dot(extents, (Scalar.Apply) body, type, at, e);
        int lanes = javelin.compiler.kernel.Kernel.LANES;
        Integer[] partial = new Integer[lanes];
        int[] next = {0};
        each(extents, r -> {
            int lane = next[0]++ % lanes, x = value(body, Lists.concat(at, r), e.inputs());
            partial[lane] = code.apply(combine, type,
                    partial[lane] == null ? code.constant(identity, type) : partial[lane], x);
        });
        for (int half = lanes / 2; half > 0; half /= 2)
            for (int l = 0; l < half; l++)
                if (partial[l + half] != null)
                    partial[l] = partial[l] == null ? partial[l + half]
                            : (Integer) code.apply(combine, type, partial[l], partial[l + half]);
        return partial[0] == null ? code.constant(identity, type) : partial[0];
    }

    private int dot(List<Integer> extents, Scalar.Apply product, DType type, List<Address> at, Equation e) {
        int[] sum = {code.constant(0L, type)};
        each(extents, r -> {
            List<Address> loops = Lists.concat(at, r);
            sum[0] = code.apply(Fn.FMA, type, value(product.arguments().get(0), loops, e.inputs()),
                    value(product.arguments().get(1), loops, e.inputs()), sum[0]);
        });
        return sum[0];
    }

    private void write(Lowering.Piece piece, int[] nodes, TensorType type, Equation e) {
        int[] strides = type.shape().strides();
        each(piece.extents(), p -> {
            int to = flat(Lists.map(piece.at(), i -> index(i, p, e.inputs())), strides).constant();
            int x = value(piece.value(), p, e.inputs());
            nodes[to] = piece.combine().isPresent() ? code.apply(piece.combine().get(), type.dtype(), nodes[to], x) : x;
        });
    }

    @Override protected int read(Atom atom, List<Address> at) {
        return atom instanceof Literal l ? code.constant(l.value(), l.type().dtype())
                : element(atom, flat(at, atom.type().shape().strides()));
    }

    private int element(Atom atom, Address at) {
        if (!(atom instanceof Var v)) return code.constant(((Literal) atom).value(), atom.type().dtype());
        if (computed.containsKey(v.index()) && at.isConstant()) return computed.get(v.index())[at.constant()];
        variables.put(v.index(), v);
        int node = code.load(v.index(), at, v.type().dtype());
        if (imports.containsKey(v.index()) && at.isConstant())
            imported.put(node, imports.get(v.index()).get(at.constant()));
        return node;
    }

    // code

    private Object local(int n) {
        Object outside = imported.get(n);
        return outside == null ? new Local(this, n) : outside;
    }

    /** Computes {@code n}, and what it needs, into local variables, unless they have been. */
    private void emit(int n) {
        if (f.has(local(n))) return;
        switch (code.node(n)) {
            case Node.Apply(_, DType type, _) -> {
                push(n);
                f.store(local(n), Frame.element(type));
            }
            case Node.Load(int v, Address at, DType type) -> {
                memory.push(variables.get(v), () -> {
                    f.constant(at.constant());
                    if (at.dynamic() >= 0) {
                        push(at.dynamic());
                        f.op(IADD);
                    }
                });
                ScalarOps.load(f, type);
                f.store(local(n), Frame.element(type));
            }
            case Node.Const _ -> { }
            case Node.Argument _, Node.Axis _, Node.Fold _ ->
                throw new IllegalStateException("no scalar code for " + code.node(n));
        }
    }

    private void push(int n) {
        switch (code.node(n)) {
            case Node.Const(Number value, DType type) -> f.constant(value, type);
            case Node.Apply(Fn fn, DType type, List<Integer> args) when !f.has(local(n)) -> {
                args.stream().distinct().filter(a -> args.indexOf(a) != args.lastIndexOf(a)).forEach(this::emit);
                args.forEach(this::push);
                ScalarOps.apply(f, loader, fn, type, code.type(args.getFirst()));
            }
            default -> {
                emit(n);
                f.load(local(n));
            }
        }
    }
}
