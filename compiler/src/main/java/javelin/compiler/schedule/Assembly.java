package javelin.compiler.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.Kernel.Kind;
import javelin.compiler.kernel.Kernel.Stmt;
import javelin.compiler.schedule.LoopNest.Reduced;
import javelin.compiler.schedule.LoopNest.Store;
import javelin.core.Atom.Var;
import javelin.core.Lists;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;

/**
 * The statements of a loop nest whose loops and nodes are settled: which loop runs where, which reductions share a pass
 * over the columns, what is written in which pass and what is kept from one pass to the next.
 */
final class Assembly {
    /** The axis of a loop of one turn that stands for no axis at all. */
    private static final int NO_AXIS = 63;

    private final LoopNest nest;
    private final Code code;
    private final List<Integer> r, c, size;                              // loops over rows and columns; turns by axis
    private final List<Reduced> folds;
    private final List<Store> stores;
    private final Map<Integer, Integer> spilled = new HashMap<>();       // nodes that later loops read back

    Assembly(LoopNest nest, Code code, List<Integer> r, List<Integer> c, List<Integer> size, List<Reduced> folds,
             List<Store> stores) {
        this.nest = nest;
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
        int lane = -1;                                                   // the row axis that runs in lanes, innermost
        if ((folds.isEmpty() || plainFold && !folds.getFirst().fold().isArg()) && !outer.isEmpty())
            lane = outer.removeLast();
        List<Stmt> body = folds.isEmpty() ? allStores() : plainFold ? plainFold() : rows();
        if (lane >= 0) body = List.of(loop(lane, outer.isEmpty() ? Kind.RANGE : Kind.SERIAL, true, body));
        for (int i = outer.size() - 1; i >= 0; i--)
            body = List.of(loop(outer.get(i), i == 0 ? Kind.RANGE : Kind.SERIAL, false, body));
        if (r.isEmpty()) body = List.of(new Stmt.Loop(NO_AXIS, 1, Kind.RANGE, false, body));
        return call(body, r.isEmpty() ? 1 : size.get(r.getFirst()), parallel);
    }

    private Stmt.Loop loop(int axis, Kind kind, boolean vector, List<Stmt> body) {
        return new Stmt.Loop(axis, size.get(axis), kind, vector, body);
    }

    private List<Stmt> allStores() { return Lists.map(stores, s -> statement(s, s.node())); }

    /** One accumulator for each row, which may run in lanes, and the reduced loops inside. */
    private List<Stmt> plainFold() {
        List<Stmt> loop = List.of(new Stmt.Accumulate(0, folds.getFirst().body()));
        for (int axis : c.reversed()) loop = List.of(loop(axis, Kind.SERIAL, false, loop));
        return Lists.concat(List.of(new Stmt.Begin(0)), loop, List.of(new Stmt.End(0)), allStores());
    }

    /** Along the columns of a row, turn by turn: in each, the reductions that earlier ones have made possible. */
    private List<Stmt> rows() {
        List<Stmt> list = new ArrayList<>();
        Set<Integer> ready = new HashSet<>(), storedAlready = new HashSet<>();
        long columnBits = bits(c);
        while (ready.size() < folds.size()) {
            List<Integer> now = Lists.range(0, folds.size()).stream()
                    .filter(f -> !ready.contains(f) && isReady(folds.get(f).body(), ready)).toList();
            List<Stmt> turn = new ArrayList<>(Lists.map(now, f -> new Stmt.Accumulate(f, read(folds.get(f).body()))));
            Set<Integer> before = Set.copyOf(storedAlready);
            for (int s = 0; s < stores.size(); s++) {
                Store store = stores.get(s);
                boolean here = isReady(store.node(), ready) && variesAlong(store, columnBits)
                        && !storedAlready.contains(s);
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

    private int buffer(Store s) { return nest.loads.size() + nest.stored.indexOf(s.target()); }

    private Stmt statement(Store s, int node) {
        return new Stmt.Store(buffer(s), s.at(), node, s.combine(), s.guard());
    }

    /** From the next turn on, {@code node} is read back from where {@code s} stores. */
    private void keep(int node, Store s) {
        spilled.putIfAbsent(node, code.load(buffer(s), s.at(), code.type(node)));
    }

    /** What was kept where {@code s} has now stored is gone: later turns compute it again. */
    private void lose(Store s) { spilled.values().removeIf(l -> isLoadOf(l, buffer(s))); }

    private boolean isLoadOf(int node, int buffer) {
        return code.node(node) instanceof Node.Load(int b, _, _) && b == buffer;
    }

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

    /**
     * What is dear, computed in this turn and read again later, is kept in an output that will be written there later
     * still.
     */
    private void spill(List<Integer> now, Set<Integer> ready, long columnBits, List<Stmt> turn) {
        for (int f : now) {
            for (int n : parts(folds.get(f).body())) {
                if (spilled.containsKey(n) || !isDear(n) || (code.axes(n) & columnBits) == 0) continue;
                for (Store s : lastFirst()) {
                    int buffer = buffer(s);
                    boolean later = !isReady(s.node(), ready) && variesAlong(s, columnBits)
                            && code.type(s.node()) == code.type(n) && parts(s.node()).contains(n);
                    boolean taken = spilled.values().stream().anyMatch(l -> isLoadOf(l, buffer));
                    if (!later || s.combine().isPresent() || taken) continue;
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

    private boolean isDear(int n) {
        return code.node(n) instanceof Node.Apply(Fn fn, _, _) && fn.compareTo(Fn.EXP) >= 0 && fn != Fn.RSQRT;
    }

    private Set<Integer> parts(int node) {
        Set<Integer> all = new LinkedHashSet<>();
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
        for (Var v : Lists.concat(nest.loads, nest.stored))
            buffers.add(new Kernel.Buffer(v.type().dtype(), nest.hasOffset.test(v)));
        List<Stmt> placed = Lets.place(code, body);
        var kernel = new Kernel(code, buffers, nest.argumentTypes, Lists.map(folds, Reduced::fold), placed);
        long work = 1;
        for (int a : Lists.<Integer>concat(r, c)) work *= size.get(a);
        long cost = work * Math.max(1, code.size() / 4);
        long worth = nest.machine.worthThread();
        int grain = parallel && range > 1 && cost >= worth
                ? (int) Math.max(1, Math.ceilDiv((long) range * worth / 8, cost)) : Math.max(1, range);
        return new Call(kernel, Lists.concat(nest.loads, nest.stored), nest.stored.size(), nest.arguments, range, grain,
                work, overwritable(placed));
    }

    /** The inputs that are read at the place of every store only, and not after one. */
    private List<Var> overwritable(List<Stmt> placed) {
        if (stores.stream().anyMatch(s -> s.guard() >= 0 || s.combine().isPresent())) return List.of();
        long everywhere = bits(r) | bits(c);
        List<Address> places = stores.stream().map(Store::at).filter(at -> addressAxes(at) == everywhere).distinct()
                .toList();
        if (places.size() != 1) return List.of();
        List<Var> safe = new ArrayList<>(nest.loads);
        for (int n = 0; n < code.size(); n++)
            if (code.node(n) instanceof Node.Load(int b, Address from, _) && b < nest.loads.size()
                    && !from.equals(places.getFirst())) safe.remove(nest.loads.get(b));
        dropReadAfterStore(placed, false, safe);
        return List.copyOf(safe);
    }

    private boolean dropReadAfterStore(List<Stmt> body, boolean written, List<Var> safe) {
        boolean after = written;
        for (Stmt s : body) {
            switch (s) {
                case Stmt.Loop loop -> after = dropReadAfterStore(loop.body(), after, safe);
                case Stmt.Store _ -> after = true;
                case Stmt.Let(int n) -> {
                    if (after && code.node(n) instanceof Node.Load(int b, _, _) && b < nest.loads.size())
                        safe.remove(nest.loads.get(b));
                }
                default -> { }
            }
        }
        return after;
    }
}
