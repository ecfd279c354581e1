package javelin.compiler.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.Kernel.Fold;
import javelin.compiler.kernel.Kernel.Kind;
import javelin.compiler.kernel.Kernel.Stmt;
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
 * be computed in.
 */
final class LoopNest extends Expressions {
    /** The axis of a loop of one turn that stands for no axis at all. */
    private static final int NO_AXIS = 63;

    private record Store(Var target, Address at, int node, Optional<Fn> combine, int guard) {}

    private record Reduced(Fold fold, int body) {}

    private final List<Integer> rows, columns;
    private final Map<Integer, Equation> makers = new HashMap<>();
    private final Map<Equation, Integer> foldOf = new HashMap<>();
    private final Predicate<Var> hasOffset;
    private final Machine machine;
    private final List<Var> loads = new ArrayList<>(), stored = new ArrayList<>();
    private final List<Atom> arguments = new ArrayList<>();
    private final List<DType> argumentTypes = new ArrayList<>();
    private final List<Reduced> folds = new ArrayList<>();
    private final List<Store> stores = new ArrayList<>();

    LoopNest(List<Equation> members, List<Integer> rows, List<Integer> columns, Predicate<Var> hasOffset, Machine machine) {
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
                if (maker != null) yield foldOf.containsKey(maker) ? code.apply(Fn.CONVERT, v.type().dtype(), foldNode(foldOf.get(maker))) : compute(maker, maker.outputs().indexOf(v), at);
                yield v.type().elements() == 1 ? argument(v) : code.load(buffer(v), flat(at, v.type().shape().strides()), v.type().dtype());
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

    private final Map<Equation, Lowering.Pointwise> lowerings = new java.util.IdentityHashMap<>();

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
        folds.add(new Reduced(new Fold(lowering.combine(), lowering.body().type(), lowering.identity(), rows.size() + columns.size() - 1, -1), body));
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
        List<Reduced> newFolds = Lists.map(folds, f -> new Reduced(onAxis(f.fold(), merged, c), moved.node(f.body())));
        List<Store> newStores = Lists.map(stores, s -> new Store(s.target(), moved.address(s.at()), moved.node(s.node()), s.combine(), s.guard() < 0 ? -1 : moved.node(s.guard())));
        return new Assembly(code, r, c, size, newFolds, newStores).assemble(parallel);
    }

    private static Fold onAxis(Fold f, int[] merged, List<Integer> columns) {
        int lanes = f.lanes() < 0 ? -1 : columns.isEmpty() ? -1 : columns.getLast();
        return new Fold(f.combine(), f.type(), f.identity(), lanes, f.along());
    }

    /** Merges neighbouring axes that every access walks in one stride and nothing looks at by itself. */
    private void merge(List<Integer> axes, List<Integer> size, int[] merged) {
        for (int i = axes.size() - 2; i >= 0; i--) {
            int outer = axes.get(i), inner = axes.get(i + 1);
            if (!walksAsOne(outer, inner, size.get(inner)) || (long) size.get(outer) * size.get(inner) > Integer.MAX_VALUE) continue;
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
                case Node.Apply(Fn fn, DType type, List<Integer> args) -> to.apply(fn, type, args.stream().mapToInt(this::node).toArray());
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

    /** Puts everything into loops. */
    private final class Assembly {
        private final Code code;
        private final List<Integer> r, c, size;
        private final List<Reduced> folds;
        private final List<Store> stores;
        private final Map<Integer, Integer> spilled = new HashMap<>();   // nodes that later loops read back

        Assembly(Code code, List<Integer> r, List<Integer> c, List<Integer> size, List<Reduced> folds, List<Store> stores) {
            this.code = code;
            this.r = r;
            this.c = c;
            this.size = size;
            this.folds = folds;
            this.stores = stores;
        }

        private long bits(List<Integer> axes) {
            long bits = 0;
            for (int a : axes) bits |= 1L << a;
            return bits;
        }

        Call assemble(boolean parallel) {
            boolean plainFold = folds.size() == 1 && folds.getFirst().fold().lanes() < 0;
            List<Integer> outer = new ArrayList<>(r);
            int lane = -1;                                               // the row axis that runs in lanes, innermost
            if (folds.isEmpty() || plainFold && !folds.getFirst().fold().isArg()) lane = outer.isEmpty() ? -1 : outer.removeLast();
            List<Stmt> body = folds.isEmpty() ? storesWhere(_ -> true) : plainFold ? plainFold() : rows();
            if (lane >= 0) body = List.of(loop(lane, outer.isEmpty() ? Kind.RANGE : Kind.SERIAL, true, body));
            for (int i = outer.size() - 1; i >= 0; i--) body = List.of(loop(outer.get(i), i == 0 ? Kind.RANGE : Kind.SERIAL, false, body));
            if (r.isEmpty()) body = List.of(new Stmt.Loop(NO_AXIS, 1, Kind.RANGE, false, body));
            return call(body, r.isEmpty() ? 1 : size.get(r.getFirst()), parallel);
        }

        private Stmt.Loop loop(int axis, Kind kind, boolean vector, List<Stmt> body) { return new Stmt.Loop(axis, size.get(axis), kind, vector, body); }

        private List<Stmt> storesWhere(Predicate<Store> which) {
            List<Stmt> list = new ArrayList<>();
            for (Store s : stores) if (which.test(s)) list.add(statement(s, s.node()));
            return list;
        }

        /** One accumulator for each row, which may run in lanes, and the reduced loops inside. */
        private List<Stmt> plainFold() {
            List<Stmt> loop = List.of(new Stmt.Accumulate(0, folds.getFirst().body()));
            for (int axis : c.reversed()) loop = List.of(loop(axis, Kind.SERIAL, false, loop));
            return Lists.concat(List.of(new Stmt.Begin(0)), loop, List.of(new Stmt.End(0)), storesWhere(_ -> true));
        }

        /** Along the columns of a row, turn by turn: in each, the reductions that earlier ones have made possible. */
        private List<Stmt> rows() {
            List<Stmt> list = new ArrayList<>();
            Set<Integer> ready = new HashSet<>(), storedAlready = new HashSet<>();
            long columnBits = bits(c);
            while (ready.size() < folds.size()) {
                List<Integer> now = Lists.range(0, folds.size()).stream().filter(f -> !ready.contains(f) && isReady(folds.get(f).body(), ready)).toList();
                List<Stmt> turn = new ArrayList<>(Lists.map(now, f -> new Stmt.Accumulate(f, read(folds.get(f).body()))));
                Set<Integer> before = Set.copyOf(storedAlready);
                for (int s = 0; s < stores.size(); s++) {
                    Store store = stores.get(s);
                    boolean here = isReady(store.node(), ready) && variesAlong(store, columnBits) && !storedAlready.contains(s);
                    if (!here) continue;
                    storedAlready.add(s);
                    turn.add(statement(store, read(store.node())));
                }
                spill(now, ready, columnBits, turn);
                for (int s : storedAlready) {
                    if (!before.contains(s)) lose(stores.get(s));
                    keep(stores.get(s).node(), stores.get(s));
                }
                now.forEach(f -> list.add(new Stmt.Begin(f)));
                list.addAll(columns(turn));
                now.forEach(f -> list.add(new Stmt.End(f)));
                ready.addAll(now);
            }
            List<Stmt> last = new ArrayList<>(), perRow = new ArrayList<>();
            for (int s = 0; s < stores.size(); s++) {
                if (storedAlready.contains(s)) continue;
                Store store = stores.get(s);
                boolean inColumns = variesAlong(store, columnBits);
                (inColumns ? last : perRow).add(statement(store, inColumns ? read(store.node()) : store.node()));
            }
            if (!last.isEmpty()) list.addAll(columns(last));
            list.addAll(perRow);
            return list;
        }

        private int buffer(Store s) { return loads.size() + stored.indexOf(s.target()); }

        private Stmt statement(Store s, int node) { return new Stmt.Store(buffer(s), s.at(), node, s.combine(), s.guard()); }

        /** From the next turn on, {@code node} is read back from where {@code s} stores. */
        private void keep(int node, Store s) { spilled.putIfAbsent(node, code.load(buffer(s), s.at(), code.type(node))); }

        /** What was kept where {@code s} has now stored is gone: later turns compute it again. */
        private void lose(Store s) { spilled.values().removeIf(l -> isLoadOf(l, buffer(s))); }

        private boolean isLoadOf(int node, int buffer) { return code.node(node) instanceof Node.Load(int b, _, _) && b == buffer; }

        private boolean variesAlong(Store s, long columnBits) { return (addressAxes(s.at()) & columnBits) != 0; }

        private long addressAxes(Address at) {
            long bits = at.dynamic() < 0 ? 0 : code.axes(at.dynamic());
            for (int axis : at.terms().keySet()) bits |= 1L << axis;
            return bits;
        }

        private boolean isReady(int node, Set<Integer> ready) {
            long needs = code.folds(node);
            for (int f = 0; f < folds.size(); f++) if ((needs >> f & 1) != 0 && !ready.contains(f)) return false;
            return true;
        }

        /** What is dear, computed in this turn and read again later, is kept in an output that will be written there later still. */
        private void spill(List<Integer> now, Set<Integer> ready, long columnBits, List<Stmt> turn) {
            for (int f : now) {
                for (int n : parts(folds.get(f).body())) {
                    if (spilled.containsKey(n) || !isDear(n) || (code.axes(n) & columnBits) == 0) continue;
                    for (Store s : lastFirst()) {
                        int buffer = buffer(s);
                        boolean later = !isReady(s.node(), ready) && variesAlong(s, columnBits) && code.type(s.node()) == code.type(n) && parts(s.node()).contains(n);
                        if (!later || s.combine().isPresent() || spilled.values().stream().anyMatch(l -> isLoadOf(l, buffer))) continue;
                        turn.add(statement(s, n));
                        keep(n, s);
                        break;
                    }
                }
            }
        }

        /** An output that waits for more reductions is written later. */
        private List<Store> lastFirst() {
            return stores.stream().sorted(Comparator.comparing(s -> -Long.bitCount(code.folds(s.node())))).toList();
        }

        private boolean isDear(int n) { return code.node(n) instanceof Node.Apply(Fn fn, _, _) && fn.compareTo(Fn.EXP) >= 0 && fn != Fn.RSQRT; }

        private Set<Integer> parts(int node) {
            Set<Integer> all = new java.util.LinkedHashSet<>();
            collect(node, all);
            return all;
        }

        private void collect(int node, Set<Integer> all) {
            if (!all.add(node)) return;
            switch (code.node(node)) {
                case Node.Apply(_, _, List<Integer> args) -> args.forEach(a -> collect(a, all));
                case Node.Load(_, Address at, _) when at.dynamic() >= 0 -> collect(at.dynamic(), all);
                default -> { }
            }
        }

        /** {@code node} with every spilled part read back. */
        private int read(int node) {
            if (spilled.containsKey(node)) return spilled.get(node);
            if (!(code.node(node) instanceof Node.Apply(Fn fn, DType type, List<Integer> args))) return node;
            return code.apply(fn, type, args.stream().mapToInt(this::read).toArray());
        }

        private List<Stmt> columns(List<Stmt> turn) {
            List<Stmt> body = turn;
            for (int axis : c.reversed()) body = List.of(loop(axis, Kind.SERIAL, axis == c.getLast(), body));
            return body;
        }

        private Call call(List<Stmt> body, int range, boolean parallel) {
            List<Kernel.Buffer> buffers = new ArrayList<>();
            for (Var v : loads) buffers.add(new Kernel.Buffer(v.type().dtype(), hasOffset.test(v)));
            for (Var v : stored) buffers.add(new Kernel.Buffer(v.type().dtype(), hasOffset.test(v)));
            List<Stmt> placed = Lets.place(code, body);
            var kernel = new Kernel(code, buffers, argumentTypes, Lists.map(folds, Reduced::fold), placed);
            long work = 1;
            for (int a : Lists.<Integer>concat(r, c)) work *= size.get(a);
            long cost = work * Math.max(1, code.size() / 4);
            int grain = parallel && range > 1 && cost >= machine.worthThread() ? (int) Math.max(1, Math.ceilDiv((long) range * machine.worthThread() / 8, cost)) : Math.max(1, range);
            return new Call(kernel, Lists.concat(loads, stored), stored.size(), arguments, range, grain, work, overwritable(placed));
        }

        /** The inputs that are read at the place of every store only, and not after one. */
        private List<Var> overwritable(List<Stmt> placed) {
            if (stores.stream().anyMatch(s -> s.guard() >= 0 || s.combine().isPresent())) return List.of();
            long everywhere = bits(r) | bits(c);
            List<Address> places = stores.stream().map(Store::at).filter(at -> addressAxes(at) == everywhere).distinct().toList();
            if (places.size() != 1) return List.of();
            List<Var> safe = new ArrayList<>(loads);
            for (int n = 0; n < code.size(); n++)
                if (code.node(n) instanceof Node.Load(int b, Address from, _) && b < loads.size() && !from.equals(places.getFirst())) safe.remove(loads.get(b));
            dropReadAfterStore(placed, false, safe);
            return List.copyOf(safe);
        }

        private boolean dropReadAfterStore(List<Stmt> body, boolean written, List<Var> safe) {
            boolean after = written;
            for (Stmt s : body) {
                switch (s) {
                    case Stmt.Loop loop -> after = dropReadAfterStore(loop.body(), after, safe);
                    case Stmt.Store _ -> after = true;
                    case Stmt.Let(int n) -> { if (after && code.node(n) instanceof Node.Load(int b, _, _) && b < loads.size()) safe.remove(loads.get(b)); }
                    default -> { }
                }
            }
            return after;
        }
    }
}
