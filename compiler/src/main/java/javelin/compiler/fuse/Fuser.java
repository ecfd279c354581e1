package javelin.compiler.fuse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javelin.compiler.simplify.ConvLayouts;
import javelin.core.Atom;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.lowering.Lowering;
import javelin.core.ops.ConvGeneral;
import javelin.core.ops.DotGeneral;
import javelin.core.type.Shape;

/**
 * Puts equations into groups, from the last to the first: each joins the groups that read it if they can compute it on
 * the way, else it starts one. Views and cheap things are computed again wherever they are read; what is dear is
 * computed once. A reduction along whole rows joins the loops over those rows, so softmax or a layer norm become one
 * loop nest.
 */
public final class Fuser {
    /** What one loop nest may cost: C2 takes its time beyond some fifty vector instructions. */
    private static final int MOST_COST = 90, CHEAP = 2;
    private static final int MOST_READS = 24, MOST_MEMBERS = 150, MOST_VISITS = 400;
    /** Operations an equation may take to be written out element by element. */
    private static final int TINY_COST = 160;

    private final Program program;
    // tensors of so many elements are scalars in locals
    private final int tiny;
    private final Map<Integer, Set<Cluster>> readers = new HashMap<>();  // of each variable
    private final Map<Equation, Access> accesses = new java.util.IdentityHashMap<>();
    private final Set<Integer> wanted = new HashSet<>();                 // variables that must be in memory
    private final Map<Integer, Cluster> makers = new HashMap<>();
    private final List<Cluster> clusters = new ArrayList<>();
    private Optional<Cluster> effect = Optional.empty();                 // the first so far that is run for its effect

    private enum Kind { LOOPS, REDUCTION, UPDATE, OPAQUE }

    /** A group in the making. */
    private static final class Cluster {
        final Kind kind;
        final Deque<Equation> members = new ArrayDeque<>();
        final Set<Integer> own = new HashSet<>(), outputs = new LinkedHashSet<>(), inputs = new HashSet<>();
        List<Integer> rows, columns = List.of();
        int cost;
        Group opaque;
        Optional<Cluster> effectBefore = Optional.empty(), effectAfter = Optional.empty();

        Cluster(Kind kind, List<Integer> rows) {
            this.kind = kind;
            this.rows = rows;
        }

        List<Integer> domain() { return Lists.concat(rows, columns); }
    }

    private Fuser(Program program, int tiny) {
        this.program = program;
        this.tiny = tiny;
        for (Atom a : program.outputs()) if (a instanceof Var v) wanted.add(v.index());
    }

    /**
     * The groups of {@code program} in an order in which they can run; tensors of up to {@code tiny} elements may be
     * unrolled.
     */
    public static List<Group> fuse(Program program, int tiny) {
        var fuser = new Fuser(program, tiny);
        for (Equation e : program.equations().reversed()) fuser.place(e);
        return fuser.inOrder();
    }

    private Access access(Equation e) { return accesses.computeIfAbsent(e, Access::new); }

    private void place(Equation e) {
        Access access = access(e);
        if (isTiny(e, access)) {
            opaque(new Group.Unrolled(e));
            return;
        }
        switch (access.lowering) {
            case Lowering.Control() -> opaque(new Group.Control(e));
            case Lowering.Reshape() -> opaque(new Group.Reshape(e));
            case Lowering.Library _ -> opaque(new Group.Library(e, Optional.empty()));
            case Lowering.Reduce _ when e.op() instanceof DotGeneral && e.output().type().dtype().isFloat() ->
                opaque(new Group.Library(e, Optional.empty()));
            case Lowering.Reduce _ when ConvLayouts.isLibrary(e) -> opaque(new Group.Library(e, Optional.empty()));
            case Lowering.Reduce(var extents, _, _, _) -> placeReduction(e, extents);
            case Lowering.ArgReduce _ -> start(e, Kind.REDUCTION, e.output().type().shape().sizes());
            case Lowering.Update _ -> start(e, Kind.UPDATE, e.output().type().shape().sizes());
            case Lowering.Pointwise _ -> placePointwise(e, access);
        }
    }

    private boolean isTiny(Equation e, Access access) {
        int n = e.outputs().stream().mapToInt(v -> v.type().elements()).max().orElse(0);
        if (n > tiny || n == 0) return false;
        boolean small = e.inputs().stream().allMatch(a -> a.type().elements() <= 4 * tiny && a.type().elements() > 0);
        return switch (access.lowering) {
            case Lowering.Pointwise _ ->
                n * Math.max(1, access.cost) <= 4 * TINY_COST && (small || access.random.isEmpty() || n <= tiny);
            case Lowering.Reduce(var extents, _, _, _) ->
                small && (long) n * extents.stream().reduce(1, (a, b) -> a * b) * Math.max(1, access.cost) <= TINY_COST;
            case Lowering.Reshape() -> small;
            case Lowering.Update(_, var pieces) ->
                small && pieces.stream().allMatch(p ->
                        p.inBounds().isEmpty() && p.at().stream().noneMatch(Access::isData));
            case Lowering.ArgReduce _, Lowering.Library _, Lowering.Control() -> false;
        };
    }

    private void opaque(Group group) {
        var cluster = new Cluster(Kind.OPAQUE, List.of());
        cluster.opaque = group;
        clusters.add(cluster);
        for (Equation e : group.members()) {
            if (e.op().hasEffects()) {
                effect.ifPresent(next -> next.effectBefore = Optional.of(cluster));
                cluster.effectAfter = effect;
                effect = Optional.of(cluster);
            }
            add(cluster, e);
            for (Var v : e.outputs()) output(cluster, v);
            for (Atom a : e.inputs()) if (a instanceof Var v) wanted.add(v.index());
        }
    }

    private Cluster start(Equation e, Kind kind, List<Integer> rows) {
        var cluster = new Cluster(kind, rows);
        clusters.add(cluster);
        add(cluster, e);
        for (Var v : e.outputs()) output(cluster, v);
        if (access(e).lowering instanceof Lowering.Update && e.inputs().getFirst() instanceof Var base)
            wanted.add(base.index());
        // read many times: no views
        if (e.op() instanceof ConvGeneral) for (Atom a : e.inputs()) if (a instanceof Var v) wanted.add(v.index());
        return cluster;
    }

    private void output(Cluster c, Var v) {
        c.outputs.add(v.index());
        makers.put(v.index(), c);
    }

    private void add(Cluster c, Equation e) {
        c.members.addFirst(e);
        c.cost += access(e).cost;
        for (Var v : e.outputs()) {
            c.own.add(v.index());
            c.inputs.remove(v.index());
        }
        for (int i = 0; i < e.inputs().size(); i++)
            if (e.inputs().get(i) instanceof Var v) {
                readers.computeIfAbsent(v.index(), _ -> new LinkedHashSet<>()).add(c);
                c.inputs.add(v.index());
                if (access(e).random.get(i)) wanted.add(v.index());
            }
    }

    private Set<Cluster> readers(Equation e) {
        Set<Cluster> all = new LinkedHashSet<>();
        for (Var v : e.outputs()) all.addAll(readers.getOrDefault(v.index(), Set.of()));
        return all;
    }

    private void placePointwise(Equation e, Access access) {
        Set<Cluster> readers = readers(e);
        boolean wantedInMemory = e.outputs().stream().anyMatch(v -> wanted.contains(v.index()));
        if (!wantedInMemory && !readers.isEmpty() && readers.stream().allMatch(c -> canTake(c, e, access))
                && (readers.size() == 1 || access.cost <= CHEAP && access.random.isEmpty())) {
            readers.forEach(c -> add(c, e));
            return;
        }
        Optional<Cluster> host = access.isView() ? Optional.empty()
                : readers.stream().filter(c ->
                        c.kind == Kind.LOOPS && hasRoom(c, access) && isElement(c, e.output().type().shape())
                                && !reaches(readers, c)).findFirst();
        if (host.isEmpty()) {
            start(e, Kind.LOOPS, e.output().type().shape().sizes());
            return;
        }
        add(host.get(), e);
        for (Var v : e.outputs()) {
            boolean readElsewhere = this.readers.getOrDefault(v.index(), Set.of()).stream()
                    .anyMatch(c -> c != host.get());
            if (wanted.contains(v.index()) || readElsewhere) output(host.get(), v);
        }
    }

    private static boolean hasRoom(Cluster c, Access access) {
        return c.cost + access.cost <= MOST_COST && c.inputs.size() + c.outputs.size() <= MOST_READS
                && c.members.size() < MOST_MEMBERS;
    }

    /** Whether {@code c} can compute {@code e} where it reads it, without computing anything dear more than once. */
    private boolean canTake(Cluster c, Equation e, Access access) {
        if (c.kind == Kind.OPAQUE || !hasRoom(c, access)) return false;
        if (access.isView()) return true;
        Shape shape = e.output().type().shape();
        boolean once = c.kind == Kind.LOOPS ? isElement(c, shape) || shape.elements() == product(c.domain())
                : c.kind == Kind.REDUCTION ? shape.elements() >= elementsRead(c) : shape.elements() > 0;
        return once || access.cost <= 1 && access.random.isEmpty();
    }

    private static int elementsRead(Cluster c) {
        Equation reduction = c.members.getLast();
        return reduction.op() instanceof DotGeneral ? Integer.MAX_VALUE
                : reduction.inputs().getFirst().type().elements();
    }

    /** Whether a tensor of {@code shape} has one element for every element, or for every row, of {@code c}. */
    private static boolean isElement(Cluster c, Shape shape) {
        return shape.sizes().equals(c.domain()) || !c.columns.isEmpty() && shape.sizes().equals(c.rows);
    }

    private static int product(List<Integer> sizes) { return sizes.stream().reduce(1, (a, b) -> a * b); }

    private void placeReduction(Equation e, List<Integer> extents) {
        Var v = e.output();
        List<Integer> rows = v.type().shape().sizes(), whole = e.inputs().getFirst().type().shape().sizes();
        boolean alongRows = e.inputs().size() == 1 && whole.equals(Lists.concat(rows, extents)) && !extents.isEmpty()
                && access(e).readsRows();
        if (!alongRows) {
            start(e, Kind.REDUCTION, rows);
            return;
        }
        Set<Cluster> readers = readers(e);
        for (Cluster c : readers) {
            boolean fits = c.kind == Kind.LOOPS && hasRoom(c, access(e)) && readsByRow(c, v, rows, extents)
                    && !reaches(readers, c);
            if (!fits) continue;
            if (c.columns.isEmpty()) {
                c.rows = rows;
                c.columns = extents;
            }
            add(c, e);
            if (wanted.contains(v.index()) || readers.size() > 1) output(c, v);
            return;
        }
        var c = start(e, Kind.LOOPS, rows);
        c.columns = extents;
    }

    /**
     * Whether {@code c} runs over {@code rows x columns}, or could, and reads v, of shape {@code rows}, at its row
     * only.
     */
    private boolean readsByRow(Cluster c, Var v, List<Integer> rows, List<Integer> columns) {
        List<Integer> whole = Lists.concat(rows, columns);
        boolean sameDomain = c.columns.isEmpty() ? c.domain().equals(whole) || c.domain().equals(rows)
                : c.rows.equals(rows) && c.columns.equals(columns);
        if (!sameDomain) return false;
        if (c.columns.isEmpty() && c.domain().equals(whole) && c.members.stream()
                .anyMatch(m -> m.outputs().stream().anyMatch(o ->
                c.outputs.contains(o.index()) && !o.type().shape().sizes().equals(whole)))) return false;
        Set<Integer> byRow = new HashSet<>(Set.of(v.index()));          // what depends on v, so far at its own row only
        for (Equation m : c.members) {
            boolean reads = false;
            for (int i = 0; i < m.inputs().size(); i++) {
                if (!(m.inputs().get(i) instanceof Var in) || !byRow.contains(in.index())) continue;
                Optional<List<Integer>> own = rowAxes(m.output().type().shape(), whole, rows),
                        read = rowAxes(in.type().shape(), whole, rows);
                boolean along = !access(m).isPointwise();                // another reduction along the same rows
                if (!along && (own.isEmpty() || read.isEmpty() || !access(m).readsAt(i, read.get(), own.get())))
                    return false;
                reads = true;
            }
            if (reads) m.outputs().forEach(o -> byRow.add(o.index()));
        }
        return true;
    }

    /**
     * The axes of {@code shape} that count the rows of more than one turn, if it has an element for every place or
     * every row.
     */
    private static Optional<List<Integer>> rowAxes(Shape shape, List<Integer> whole, List<Integer> rows) {
        List<Integer> counting = Lists.range(0, rows.size()).stream().filter(a -> rows.get(a) != 1).toList();
        if (shape.sizes().equals(whole)) return Optional.of(counting);
        List<Integer> axes = Lists.range(0, shape.rank()).stream().filter(a -> shape.size(a) != 1).toList();
        return Lists.map(axes, shape::size).equals(Lists.map(counting, rows::get)) ? Optional.of(axes)
                : Optional.empty();
    }

    /**
     * Whether some other reader's results flow into {@code c}, so that {@code c} cannot be the one to make what both
     * read.
     */
    private boolean reaches(Collection<Cluster> from, Cluster c) {
        Set<Cluster> seen = new HashSet<>();
        Deque<Cluster> open = new ArrayDeque<>();
        for (Cluster f : from) if (f != c) open.add(f);
        while (!open.isEmpty()) {
            Cluster f = open.pop();
            if (f == c) return true;
            if (!seen.add(f)) continue;
            if (seen.size() > MOST_VISITS) return true;
            f.effectAfter.ifPresent(open::add);
            for (int v : f.outputs) open.addAll(readers.getOrDefault(v, Set.of()));
        }
        return false;
    }

    private List<Group> inOrder() {
        List<Group> groups = new ArrayList<>();
        Set<Cluster> done = new HashSet<>();
        for (Cluster c : clusters.reversed()) visit(c, done, groups);
        return groups;
    }

    /** Depth first, without recursion: programs may be long chains. */
    private void visit(Cluster start, Set<Cluster> done, List<Group> groups) {
        Deque<Cluster> open = new ArrayDeque<>(List.of(start));
        Set<Cluster> entered = new HashSet<>();
        while (!open.isEmpty()) {
            Cluster c = open.peek();
            if (done.contains(c)) {
                open.pop();
            } else if (entered.add(c)) {
                List<Cluster> before = new ArrayList<>();
                for (int v : c.inputs) if (makers.containsKey(v)) before.add(makers.get(v));
                c.effectBefore.ifPresent(before::add);
                for (Cluster b : before) {
                    if (b == c || done.contains(b)) continue;
                    if (entered.contains(b)) throw new IllegalStateException("groups depend on each other in a circle");
                    open.push(b);
                }
            } else {
                open.pop();
                done.add(c);
                groups.add(group(c));
            }
        }
    }

    private Group group(Cluster c) {
        List<Equation> members = List.copyOf(c.members);
        List<Equation> inOrder = members.stream().sorted(java.util.Comparator.comparingInt(e -> e.output().index()))
                .distinct().toList();
        List<Var> outputs = inOrder.stream().flatMap(e -> e.outputs().stream())
                .filter(v -> c.outputs.contains(v.index())).toList();
        return switch (c.kind) {
            case OPAQUE -> c.opaque;
            case LOOPS -> new Group.Loops(inOrder, outputs, c.rows, c.columns);
            case REDUCTION -> new Group.Reduction(inOrder);
            case UPDATE -> new Group.Update(inOrder);
        };
    }
}
