package javelin.compiler.emit;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.Kernel.Fold;
import javelin.compiler.kernel.Kernel.Kind;
import javelin.compiler.kernel.Kernel.Stmt;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;

/**
 * How a loop becomes vectors, if it can.
 *
 * @param nodes    of the graph that what is stored or reduced is made of
 * @param lanes    elements of every vector, whatever their type
 * @param operations about how many, for one vector
 * @param mask     the type whose vectors masks are for where nothing says otherwise
 * @param copies   vectors per turn of each version of the loop, from the last to the first that runs
 * @param inMemory whether partial results stay in the scratch array, because the body is too long to be repeated for
 *                 each vector of them
 */
record VectorPlan(Stmt.Loop loop, VectorGraph graph, Set<Integer> nodes, int lanes, int operations, DType mask,
    List<Integer> copies, boolean inMemory) {
    /** C2 takes over a second for methods of more. */
    private static final int MOST_OPERATIONS = 450;
    /** What a turn of several vectors may hold in all: measured, compilation is quick up to about 100. */
    private static final int OPERATIONS_PER_TURN = 64, COLUMN_VECTORS = 4;
    /** Partial results of one lane, where the order does not matter: so that one need not wait for the last. */
    private static final int CHAINS = 4;

    static Optional<VectorPlan> of(Kernel kernel, Stmt.Loop loop, int bits) {
        return new Check(kernel, loop).plan(bits);
    }

    private static final class Check {
        private final Kernel kernel;
        private final Stmt.Loop loop;
        private final VectorGraph graph;
        // reductions: of each lane, of all
        private final Set<Integer> own = new HashSet<>(), laneFolds = new HashSet<>();
        private final Set<Integer> roots = new HashSet<>();
        private final Set<Integer> stored = new HashSet<>();                               // buffers
        private final Set<DType> inMemory = EnumSet.noneOf(DType.class);
        private boolean possible = true;
        private boolean nested, afterStore, readsBack;

        Check(Kernel kernel, Stmt.Loop loop) {
            this.kernel = kernel;
            this.loop = loop;
            for (Stmt s : loop.body()) {
                if (s instanceof Stmt.Begin(int f)) own.add(f);
                if (s instanceof Stmt.Store store) stored.add(store.buffer());
            }
            this.graph = new VectorGraph(kernel.code(), loop.axis(), own);
        }

        Optional<VectorPlan> plan(int bits) {
            for (Stmt s : loop.body()) top(s);
            // with limits everything is computed before anything is stored, and may be computed again
            if (!graph.limits().isEmpty()) require(!nested && !readsBack && laneFolds.isEmpty() && own.isEmpty());
            if (!laneFolds.isEmpty() && loop.kind() == Kind.RANGE) possible = false;
            return possible ? lanes(bits) : Optional.empty();
        }

        private void top(Stmt s) {
            switch (s) {
                case Stmt.Let(int node) -> use(node);
                case Stmt.Begin(int f) -> require(isPlain(kernel.folds().get(f)));
                case Stmt.Accumulate(int f, int node) -> {
                    if (!own.contains(f)) {
                        Fold fold = kernel.folds().get(f);
                        require(fold.lanes() == loop.axis() && hasVectors(fold.type()));
                        laneFolds.add(f);
                    }
                    roots.add(use(node));
                }
                case Stmt.End _ -> {}
                case Stmt.Loop inner -> inner(inner);
                case Stmt.Store store -> store(store);
            }
        }

        private void inner(Stmt.Loop inner) {
            nested = true;
            require(inner.kind() == Kind.SERIAL);
            for (Stmt s : inner.body()) {
                switch (s) {
                    case Stmt.Let(int node) -> use(node);
                    case Stmt.Accumulate(int f, int node) -> {
                        require(own.contains(f));
                        roots.add(use(node));
                    }
                    case Stmt.Loop more -> inner(more);
                    case Stmt.Begin _, Stmt.End _, Stmt.Store _ -> possible = false;
                }
            }
        }

        private void store(Stmt.Store s) {
            DType type = kernel.buffers().get(s.buffer()).type();
            inMemory.add(type);
            afterStore = true;
            require(s.at().coefficient(loop.axis()) == 1 && (s.at().dynamic() < 0 || !graph.varies(s.at().dynamic())));
            use(s.node());
            if (possible) roots.add(graph.stored(s.node(), type));
            if (s.combine().isPresent()) require(hasVectors(type) && canCombine(s.combine().get(), type));
            if (s.guard() < 0) return;
            int guard = use(s.guard());
            if (!graph.varies(s.guard())) return;
            roots.add(guard);
            require(s.combine().isEmpty());
        }

        private static boolean isPlain(Fold f) {
            return f.lanes() < 0 && !f.isArg() && hasVectors(f.type()) && canCombine(f.combine(), f.type());
        }

        private static boolean hasVectors(DType type) { return type.bytes() > 1 && !type.isHalf(); }

        private static boolean canCombine(Fn fn, DType type) {
            return switch (fn) {
                case ADD, MUL, MAX, MIN -> true;
                case AND, OR, XOR -> type.isInteger();
                default -> false;
            };
        }

        private static boolean isOrderFree(Fold f) {
            return !f.type().isFloat() || f.combine() == Fn.MAX || f.combine() == Fn.MIN;
        }

        private void require(boolean condition) { possible &= condition; }

        /** The node of the graph for one of the kernel, after a look at what it loads. */
        private int use(int node) {
            loads(node, new HashSet<>());
            return possible ? graph.of(node) : 0;
        }

        private void loads(int node, Set<Integer> seen) {
            if (!seen.add(node)) return;
            switch (kernel.code().node(node)) {
                case Node.Load(int buffer, Address at, DType type) -> {
                    boolean varies = graph.varies(node);
                    boolean sameDynamic = at.dynamic() < 0 || !graph.varies(at.dynamic());
                    boolean inOrder = at.coefficient(loop.axis()) == 1 && sameDynamic;
                    require(varies ? inOrder : !stored.contains(buffer));
                    if (varies) inMemory.add(type);
                    readsBack |= afterStore && stored.contains(buffer);
                    if (at.dynamic() >= 0) loads(at.dynamic(), seen);
                }
                case Node.Apply(_, _, List<Integer> arguments) -> arguments.forEach(a -> loads(a, seen));
                case Node.Const _, Node.Argument _, Node.Axis _, Node.Fold _ -> {}
            }
        }

        private Optional<VectorPlan> lanes(int bits) {
            for (var limit : graph.limits()) roots.add(limit.x());
            Set<Integer> nodes = graph.reachable(roots);
            Set<DType> types = EnumSet.noneOf(DType.class);
            int operations = 0;
            for (int n : nodes) {
                types.add(graph.code.type(n));
                if (!(graph.code.node(n) instanceof Node.Apply(Fn fn, DType type, List<Integer> arguments))) continue;
                operations++;
                require(VectorCode.supports(fn, graph.code.type(arguments.getFirst()), type));
            }
            for (int f : laneFolds) require(canCombine(kernel.folds().get(f).combine(), kernel.folds().get(f).type()));
            types.addAll(inMemory);
            if (types.remove(DType.BOOL) && inMemory.contains(DType.BOOL)) types.add(DType.U8);
            int widest = types.stream().mapToInt(DType::bytes).max().orElse(1);
            int lanes = Math.min(bits / 8 / widest, laneFolds.isEmpty() ? bits : Kernel.LANES);
            require(widest > 1 && lanes > 1 && operations <= MOST_OPERATIONS);
            for (DType t : types) require(lanes * t.bytes() * 8 >= 64);
            if (!possible) return Optional.empty();
            DType mask = types.stream().filter(t -> t.bytes() == widest).findFirst().orElseThrow();
            int turns = Kernel.LANES / lanes;
            boolean inMemory = !laneFolds.isEmpty() && turns > 1 && operations * turns > OPERATIONS_PER_TURN;
            List<Integer> copies = new ArrayList<>();
            copies.add(laneFolds.isEmpty() || inMemory ? 1 : turns);
            if (!laneFolds.isEmpty() && !inMemory
                && laneFolds.stream().allMatch(f -> isOrderFree(kernel.folds().get(f)))
                && operations * turns * CHAINS <= OPERATIONS_PER_TURN)
                copies.add(turns * CHAINS);
            if (nested && operations * COLUMN_VECTORS <= OPERATIONS_PER_TURN) copies.add(COLUMN_VECTORS);
            return Optional.of(new VectorPlan(loop, graph, nodes, lanes, 1 + operations, mask, copies, inMemory));
        }
    }
}
