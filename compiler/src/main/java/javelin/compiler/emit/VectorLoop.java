package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.Kernel.Fold;
import javelin.compiler.kernel.Kernel.Stmt;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;

/**
 * The method of a loop in vectors: turns of {@code copies} vectors while there are elements enough, then the method for
 * the rest. What is the same in every lane is computed before the loop.
 */
final class VectorLoop {
    private static final String LIMIT = "first turn that is not whole";

    private final KernelCode in;
    private final Kernel kernel;
    private final Frame frame;
    private final VectorPlan plan;
    private final int copies, axis;
    private final List<Name> parameters;
    private final String scalar;
    private final Places places;
    private final ScalarCode scalars;
    private final VectorApi api;
    private final VectorCode vectors;
    private final Set<Integer> own = new HashSet<>();                   // reductions that every lane has for itself

    /** @param scalar the method that runs the loop without vectors */
    VectorLoop(KernelCode in, Frame frame, VectorPlan plan, int copies, List<Name> parameters, String scalar) {
        this.in = in;
        this.kernel = in.kernel;
        this.frame = frame;
        this.plan = plan;
        this.copies = copies;
        this.axis = plan.loop().axis();
        this.parameters = parameters;
        this.scalar = scalar;
        this.places = in.places(frame);
        this.scalars = in.scalars(frame, places);
        this.api = new VectorApi(frame, plan.lanes());
        this.vectors = new VectorCode(plan, frame, api, scalars, this::element);
        for (Stmt s : plan.loop().body()) if (s instanceof Stmt.Begin(int f)) own.add(f);
    }

    /** @param forRest the method that goes on where fewer than a turn's elements are left */
    void write(String forRest) {
        int step = plan.lanes() * copies;
        Label rest = new Label(), turn = new Label(), over = new Label(), end = new Label();
        Name index = Name.axis(axis);
        frame.load(Name.FIRST);
        frame.store(index, Type.INT_TYPE);
        frame.load(Name.LAST);
        frame.constant(step - 1);
        frame.op(ISUB);
        frame.store(LIMIT, Type.INT_TYPE);
        frame.load(index);
        frame.load(LIMIT);
        frame.jump(IF_ICMPGE, rest);
        frame.scope(() -> {
            before();
            frame.mark(turn);
            frame.load(index);
            frame.load(LIMIT);
            frame.jump(IF_ICMPGE, over);
            Label next = new Label();
            frame.scope(() -> turn(step, next));
            frame.mark(next);
            frame.increment(index, step);
            frame.jump(GOTO, turn);
            frame.mark(over);
            after();
        });
        frame.mark(rest);
        frame.load(index);
        frame.load(Name.LAST);
        frame.jump(IF_ICMPGE, end);
        in.call(frame, forRest, parameters, () -> frame.load(index), () -> frame.load(Name.LAST));
        frame.mark(end);
    }

    /** Array and index of the elements of one copy. */
    private void element(int buffer, Address at, int copy) {
        frame.load(Name.buffer(buffer));
        places.push(scalars, buffer, at, axis, copy * plan.lanes());
    }

    // before and after the loop

    private void before() {
        for (Stmt s : plan.loop().body()) if (s instanceof Stmt.Let(int node) && !varies(node)) scalars.let(node);
        ScalarLoops.prepare(kernel, frame, places, scalars, plan.loop());
        Set<Integer> inner = new HashSet<>();
        for (Stmt s : plan.loop().body()) if (s instanceof Stmt.Loop loop) innerAxes(loop, inner);
        uniforms(inner);
        forLaneFolds((f, fold) -> {
            for (int u = 0; u < copies; u++) {
                int at = u * plan.lanes();
                if (at < Kernel.LANES) {
                    api.load(fold.type(), () -> {
                        frame.load(Name.scratch(f));
                        frame.constant(at);
                    });
                } else {
                    api.broadcast(fold.type(), () -> KernelCode.identity(frame, fold));
                }
                frame.store(vectors.accumulator(f, u), VectorApi.vector(fold.type()));
            }
        });
    }

    private boolean varies(int node) { return plan.graph().varies(node); }

    private static void innerAxes(Stmt.Loop loop, Set<Integer> axes) {
        axes.add(loop.axis());
        for (Stmt s : loop.body()) if (s instanceof Stmt.Loop inner) innerAxes(inner, axes);
    }

    /** Broadcasts what does not change in the loop: constants, and scalars from outside. */
    private void uniforms(Set<Integer> innerAxes) {
        boolean looksAtIndex = false;
        for (int n : plan.nodes()) {
            Node node = plan.graph().code.node(n);
            looksAtIndex |= node instanceof Node.Axis;
            if (!(node instanceof Node.Apply(_, _, List<Integer> arguments))) broadcast(n, innerAxes);
            else for (int a : arguments) if (!vectors.isImmediate(n, a)) broadcast(a, innerAxes);
        }
        if (looksAtIndex) vectors.prepareIndices();
    }

    private void broadcast(int n, Set<Integer> innerAxes) {
        switch (plan.graph().code.node(n)) {
            case Node.Const _ -> vectors.let(n, 1);
            case Node.Argument(int node, _) -> {
                if (innerAxes.stream().noneMatch(a -> kernel.code().varies(node, a))) vectors.let(n, 1);
            }
            case Node.Axis _, Node.Load _, Node.Apply _, Node.Fold _ -> {}
        }
    }

    private void after() {
        int partial = Kernel.LANES / plan.lanes();
        forLaneFolds((f, fold) -> {
            for (int u = 0; u < Math.min(copies, partial); u++) {
                frame.load(vectors.accumulator(f, u));
                for (int more = u + partial; more < copies; more += partial) {
                    Object other = vectors.accumulator(f, more);
                    vectors.combine(fold.combine(), fold.type(), () -> frame.load(other));
                }
                frame.load(Name.scratch(f));
                frame.constant(u * plan.lanes());
                api.store(fold.type());
            }
        });
    }

    private interface LaneFold {
        void with(int number, Fold fold);
    }

    /** Reductions along the lanes whose partial results are in variables. */
    private void forLaneFolds(LaneFold body) {
        if (plan.inMemory()) return;
        Set<Integer> seen = new HashSet<>();
        for (Stmt s : plan.loop().body())
            if (s instanceof Stmt.Accumulate(int f, _) && !own.contains(f) && seen.add(f)) {
                body.with(f, kernel.folds().get(f));
            }
    }

    // one turn

    private void turn(int step, Label next) {
        List<Stmt> body = plan.loop().body();
        touch(body);
        if (plan.graph().limits().isEmpty()) {
            body(body);
            return;
        }
        // where arithmetic does not hold, the scalar loop computes the turn's elements instead
        body(body.stream().filter(s -> s instanceof Stmt.Let).toList());
        for (var limit : plan.graph().limits()) {
            Label holds = new Label();
            for (int u = 0; u < copies; u++) {
                vectors.push(limit.x(), u);
                api.unary(limit.type(), "abs");
                api.compare(limit.type(), "GT", () ->
                    api.broadcast(limit.type(), () -> frame.constant(limit.limit(), limit.type())));
                api.any();
                frame.jump(IFEQ, holds);
                in.call(frame, scalar, parameters, () -> frame.load(Name.axis(axis)), () -> {
                    frame.load(Name.axis(axis));
                    frame.constant(step);
                    frame.op(IADD);
                });
                frame.jump(GOTO, next);
                frame.mark(holds);
            }
        }
        body(body.stream().filter(s -> !(s instanceof Stmt.Let)).toList());
    }

    /**
     * Looks at where the first result goes if nothing else is read in the loop: C2 (25.0.1) gives up on a long body
     * all of which comes before the first check of an index.
     */
    private void touch(List<Stmt> body) {
        boolean reads = plan.nodes().stream().anyMatch(n -> plan.graph().code.node(n) instanceof Node.Load);
        if (reads || !(body.getLast() instanceof Stmt.Store store) || store.guard() >= 0) return;
        DType type = stored(kernel.buffers().get(store.buffer()).type());
        api.load(type, () -> element(store.buffer(), store.at(), 0));
        frame.op(POP);
    }

    private void body(List<Stmt> body) {
        for (Stmt s : body) {
            switch (s) {
                case Stmt.Let(int node) -> let(node);
                case Stmt.Begin(int f) -> begin(f, kernel.folds().get(f));
                case Stmt.Accumulate(int f, int node) -> accumulate(f, kernel.folds().get(f), node);
                case Stmt.End _ -> {}
                case Stmt.Loop inner -> inner(inner);
                case Stmt.Store store -> store(store);
            }
        }
    }

    private void let(int node) {
        if (varies(node)) vectorLet(plan.graph().of(node));
        else if (!frame.has(Name.register(node))) scalars.let(node);
    }

    private void vectorLet(int node) { if (plan.nodes().contains(node)) vectors.let(node, copies); }

    private void inner(Stmt.Loop loop) {
        frame.scope(() -> {
            Label test = new Label(), end = new Label();
            Name index = Name.axis(loop.axis());
            frame.constant(0);
            frame.store(index, Type.INT_TYPE);
            frame.mark(test);
            frame.load(index);
            places.integer(loop.extent());
            frame.jump(IF_ICMPGE, end);
            frame.scope(() -> body(loop.body()));
            frame.increment(index, 1);
            frame.jump(GOTO, test);
            frame.mark(end);
        });
    }

    private void begin(int f, Fold fold) {
        for (int u = 0; u < copies; u++) {
            api.broadcast(fold.type(), () -> KernelCode.identity(frame, fold));
            frame.store(vectors.accumulator(f, u), VectorApi.vector(fold.type()));
        }
    }

    private void accumulate(int f, Fold fold, int node) {
        int value = plan.graph().of(node);
        DType type = fold.type();
        boolean inScratch = plan.inMemory() && !own.contains(f);
        for (int u = 0; u < copies; u++) {
            int copy = u;
            if (inScratch) api.load(type, () -> partial(f));
            else frame.load(vectors.accumulator(f, u));
            vectors.combine(fold.combine(), type, () -> vectors.push(value, copy));
            if (inScratch) {
                partial(f);
                api.store(type);
            } else {
                frame.store(vectors.accumulator(f, u), VectorApi.vector(type));
            }
        }
    }

    /** Array and index of the partial results for this turn. */
    private void partial(int f) {
        frame.load(Name.scratch(f));
        frame.load(Name.axis(axis));
        frame.constant(Kernel.LANES - 1);
        frame.op(IAND);
    }

    private void store(Stmt.Store s) {
        Label end = new Label();
        boolean guarded = s.guard() >= 0, byLane = guarded && varies(s.guard());
        int value = plan.graph().stored(s.node(), kernel.buffers().get(s.buffer()).type());
        DType type = kernel.buffers().get(s.buffer()).type();
        // before the jump: what is computed behind it is not there when it is taken
        if (type == DType.BOOL) vectors.letMask(value, DType.U8, copies);
        else vectors.let(value, copies);
        if (guarded && !byLane) scalars.jumpUnless(s.guard(), end);
        for (int u = 0; u < copies; u++) {
            int copy = u;
            pushStored(s, type, value, copy);
            element(s.buffer(), s.at(), copy);
            if (byLane) {
                vectors.pushMask(plan.graph().of(s.guard()), stored(type), copy);
                api.storeMasked(stored(type));
            } else {
                api.store(stored(type));
            }
        }
        frame.mark(end);
    }

    private static DType stored(DType type) { return type == DType.BOOL ? DType.U8 : type.isHalf() ? DType.U16 : type; }

    private void pushStored(Stmt.Store s, DType type, int value, int copy) {
        if (type == DType.BOOL) {
            for (int bit = 0; bit < 2; bit++) {
                int b = bit;
                api.broadcast(DType.U8, () -> frame.constant(b));
            }
            vectors.pushMask(value, DType.U8, copy);
            api.blend(DType.U8);
        } else if (s.combine().isPresent()) {
            Fn fn = s.combine().get();
            api.load(type, () -> element(s.buffer(), s.at(), copy));
            vectors.combine(fn, type, () -> vectors.push(value, copy));
        } else {
            vectors.push(value, copy);
        }
    }
}
