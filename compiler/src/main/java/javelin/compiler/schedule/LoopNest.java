package javelin.compiler.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel.Fold;
import javelin.core.Atom;
import javelin.core.Atom.Literal;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.ops.Reshape;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * A loop nest under construction: rows outside, columns inside. Collects what is to be reduced and stored as nodes over
 * the loops' axes, then merges loops that walk memory in one stride and puts every node into the outermost loop it can
 * be computed in, by {@link Assembly}.
 */
final class LoopNest extends Expressions {
    record Store(Var target, Address at, int node, Optional<Fn> combine, int guard) {}

    record Reduced(Fold fold, int body) {}

    private final List<Integer> rows, columns;
    private final Map<Integer, Equation> makers = new HashMap<>();
    private final Map<Equation, Integer> foldOf = new HashMap<>();
    final Predicate<Var> hasOffset;
    final Machine machine;
    final List<Var> loads = new ArrayList<>(), stored = new ArrayList<>();
    final List<Atom> arguments = new ArrayList<>();
    final List<DType> argumentTypes = new ArrayList<>();
    private final List<Reduced> folds = new ArrayList<>();
    private final List<Store> stores = new ArrayList<>();

    LoopNest(List<Equation> members, List<Integer> rows, List<Integer> columns, Predicate<Var> hasOffset,
             Machine machine) {
        super(new Code());
        this.machine = machine;
        this.rows = rows;
        this.columns = columns;
        this.hasOffset = hasOffset;
        for (Equation e : members) for (Var v : e.outputs()) makers.put(v.index(), e);
    }

    // what is computed

    /** The indices of the row loops; a loop of one turn is always at 0. */
    List<Address> rowAxes() { return axes(rows, 0); }

    private List<Address> columnAxes() { return axes(columns, rows.size()); }

    private static List<Address> axes(List<Integer> extents, int first) {
        return Lists.each(extents.size(), a -> extents.get(a) == 1 ? Address.of(0) : Address.axis(first + a));
    }

    private List<Address> allAxes() { return Lists.concat(rowAxes(), columnAxes()); }

    @Override protected int read(Atom atom, List<Address> at) {
        return switch (atom) {
            case Literal(Number value, TensorType type) when isBaked(value) -> code.constant(value, type.dtype());
            case Literal l -> argument(l);
            case Var v -> {
                Equation maker = makers.get(v.index());
                DType type = v.type().dtype();
                if (maker == null && v.type().elements() == 1) yield argument(v);
                if (maker == null) yield code.load(buffer(v), flat(at, v.type().shape().strides()), type);
                Integer fold = foldOf.get(maker);
                yield fold == null ? compute(maker, maker.outputs().indexOf(v), at)
                        : code.apply(Fn.CONVERT, type, foldNode(fold));
            }
        };
    }

    /** Constants that are worth seeing in the code; others are handed over, so that kernels can be shared. */
    private static boolean isBaked(Number value) {
        double v = value.doubleValue();
        return v == 0 || v == 1 || v == -1 || v == 2 || v == 0.5;
    }

    private int argument(Atom a) {
        int i = arguments.indexOf(a);
        if (i < 0) {
            i = arguments.size();
            arguments.add(a);
            argumentTypes.add(a.type().dtype());
        }
        return code.argument(i, a.type().dtype());
    }

    private int buffer(Var v) {
        int i = loads.indexOf(v);
        if (i < 0) {
            i = loads.size();
            loads.add(v);
        }
        return i;
    }

    private int foldNode(int fold) {
        long rowBits = 0;
        for (int a = 0; a < rows.size(); a++) if (rows.get(a) != 1) rowBits |= 1L << a;
        return code.fold(fold, folds.get(fold).fold().resultType(), rowBits);
    }

    private int compute(Equation e, int output, List<Address> at) {
        if (e.op() instanceof Reshape) return read(e.inputs().getFirst(), unitAxes(e, at));
        var lowering = (Lowering.Pointwise) e.op().lower(Lists.map(e.inputs(), Atom::type));
        return value(lowerings.computeIfAbsent(e, _ -> lowering).bodies().get(output), at, e.inputs());
    }

    private final Map<Equation, Lowering.Pointwise> lowerings = new IdentityHashMap<>();

    /** Coordinates of the input of a reshape that only puts in or takes out axes of size 1. */
    private static List<Address> unitAxes(Equation e, List<Address> at) {
        Shape in = e.inputs().getFirst().type().shape(), out = e.output().type().shape();
        var wide = Lists.range(0, out.rank()).stream().filter(a -> out.size(a) != 1).iterator();
        return Lists.each(in.rank(), a -> in.size(a) == 1 ? Address.of(0) : at.get(wide.next()));
    }

    /** Adds the reduction {@code e}, over all columns of an element computed or read here. */
    void reduceColumns(Equation e) {
        var lowering = (Lowering.Reduce) e.op().lower(Lists.map(e.inputs(), Atom::type));
        int body = value(lowering.body(), allAxes(), e.inputs());
        foldOf.put(e, folds.size());
        int lanes = rows.size() + columns.size() - 1;
        folds.add(new Reduced(
                new Fold(lowering.combine(), lowering.body().type(), lowering.identity(), lanes, -1), body));
    }

    /** Adds a reduction and stores it. */
    void reduce(Equation e, Scalar body, Fold fold) {
        folds.add(new Reduced(fold, value(body, allAxes(), e.inputs())));
        int node = foldNode(0);
        DType type = e.output().type().dtype();
        store(e.output(), rowAxes(), code.apply(Fn.CONVERT, type, node), Optional.empty(), -1);
    }

    /** Stores a variable computed here, over all axes or, if it has the shape of the rows, over those. */
    void storeElement(Var v) {
        boolean perRow = !columns.isEmpty() && v.type().shape().sizes().equals(rows);
        List<Address> at = perRow ? rowAxes() : allAxes();
        store(v, at, read(v, at), Optional.empty(), -1);
    }

    void store(Var target, List<Address> at, int node, Optional<Fn> combine, int guard) {
        if (!stored.contains(target)) stored.add(target);
        stores.add(new Store(target, flat(at, target.type().shape().strides()), node, combine, guard));
    }

    // how it is computed

    Call finish() { return build(true); }

    /** As {@link #finish}, but no thread may run ahead of another. */
    Call finishInOrder() { return build(false); }

    private Call build(boolean parallel) {
        List<Integer> extents = Lists.concat(rows, columns);
        List<Integer> r = new ArrayList<>(), c = new ArrayList<>();      // axes of more than one turn
        for (int a = 0; a < extents.size(); a++) if (extents.get(a) != 1) (a < rows.size() ? r : c).add(a);
        int[] merged = new int[extents.size()];
        for (int a = 0; a < merged.length; a++) merged[a] = a;
        List<Integer> size = new ArrayList<>(extents);
        merge(r, size, merged);
        merge(c, size, merged);
        var code = new Code();
        var moved = new Renamed(code, merged);
        List<Reduced> newFolds = Lists.map(folds, f -> new Reduced(onAxis(f.fold(), c), moved.node(f.body())));
        List<Store> newStores = Lists.map(stores, s -> new Store(s.target(), moved.address(s.at()),
                moved.node(s.node()), s.combine(), s.guard() < 0 ? -1 : moved.node(s.guard())));
        return new Assembly(this, code, r, c, size, newFolds, newStores).assemble(parallel);
    }

    private static Fold onAxis(Fold f, List<Integer> columns) {
        int lanes = f.lanes() < 0 ? -1 : columns.isEmpty() ? -1 : columns.getLast();
        return new Fold(f.combine(), f.type(), f.identity(), lanes, f.along());
    }

    /** Merges neighbouring axes that every access walks in one stride and nothing looks at by itself. */
    private void merge(List<Integer> axes, List<Integer> size, int[] merged) {
        for (int i = axes.size() - 2; i >= 0; i--) {
            int outer = axes.get(i), inner = axes.get(i + 1);
            boolean fits = (long) size.get(outer) * size.get(inner) <= Integer.MAX_VALUE;
            if (!fits || !walksAsOne(outer, inner, size.get(inner))) continue;
            size.set(inner, size.get(outer) * size.get(inner));
            merged[outer] = inner;
            axes.remove(i);
        }
    }

    private boolean walksAsOne(int outer, int inner, int innerSize) {
        for (Reduced f : folds) if (f.fold().along() == outer || f.fold().along() == inner) return false;
        for (int n = 0; n < code.size(); n++) {
            boolean fits = switch (code.node(n)) {
                case Node.Axis(int axis) -> axis != outer && axis != inner;
                case Node.Load(_, Address at, _) -> at.coefficient(outer) == at.coefficient(inner) * innerSize;
                default -> true;
            };
            if (!fits) return false;
        }
        return stores.stream().allMatch(s -> s.at().coefficient(outer) == s.at().coefficient(inner) * innerSize);
    }

    /** Copies the graph with merged axes under one name. */
    private final class Renamed {
        private final Code to;
        private final int[] merged;
        private final Map<Integer, Integer> nodes = new HashMap<>();

        Renamed(Code to, int[] merged) {
            this.to = to;
            this.merged = merged;
        }

        private int last(int axis) {
            while (merged[axis] != axis) axis = merged[axis];
            return axis;
        }

        Address address(Address at) {
            var terms = new TreeMap<Integer, Integer>();
            at.terms().forEach((axis, c) -> { if (merged[axis] == axis) terms.put(axis, c); });
            return new Address(terms, at.constant(), at.dynamic() < 0 ? -1 : node(at.dynamic()));
        }

        int node(int n) {
            Integer known = nodes.get(n);
            if (known != null) return known;
            int made = switch (code.node(n)) {
                case Node.Const(Number v, DType type) -> to.constant(v, type);
                case Node.Argument(int i, DType type) -> to.argument(i, type);
                case Node.Axis(int axis) -> to.axis(axis);
                case Node.Load(int buffer, Address at, DType type) -> to.load(buffer, address(at), type);
                case Node.Apply(Fn fn, DType type, List<Integer> args) ->
                        to.apply(fn, type, args.stream().mapToInt(this::node).toArray());
                case Node.Fold(int fold, DType type) -> {
                    long axes = 0;
                    for (int a = 0; a < rows.size(); a++) if (rows.get(a) != 1) axes |= 1L << last(a);
                    yield to.fold(fold, type, axes);
                }
            };
            nodes.put(n, made);
            return made;
        }
    }
}
