package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.Kernel.Fold;
import javelin.compiler.kernel.Kernel.Kind;
import javelin.compiler.kernel.Kernel.Stmt;
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;

/** The class of one kernel while it is written: its method {@code run}, and methods for the loops within. */
final class KernelCode {
    static final String REPEAT = "repeat";
    /** Turns of a long loop in one call: calling costs nothing beside them. */
    private static final int CHUNK = 8192;

    final Kernel kernel;
    final List<Integer> integers;
    final int vectorBits;
    final KernelLoader loader;
    private final KernelWriter writer;
    private final Set<Integer> trees = new HashSet<>();
    private final Map<Stmt.Loop, Optional<VectorPlan>> plans = new IdentityHashMap<>();
    private int methods;
    private int operations;

    KernelCode(Kernel kernel, List<Integer> integers, int vectorBits, String owner, KernelLoader loader) {
        this.kernel = kernel;
        this.integers = integers;
        this.vectorBits = vectorBits;
        this.loader = loader;
        this.writer = new KernelWriter(owner);
    }

    String owner() { return writer.owner; }

    /** Vector operations, in all loops. */
    int operations() { return operations; }

    byte[] write(List<Name> parameters) {
        Frame frame = begin("run", parameters);
        new ScalarLoops(this, frame).body(kernel.body());
        frame.op(RETURN);
        frame.end();
        writeRepeat(parameters);
        return writer.toByteArray();
    }

    /**
     * {@code repeat(arrays, numbers, times)}: calls {@code run} with buffers, then scratch arrays; offsets, integers,
     * and both ends of the range; and arguments that do not matter.
     */
    private void writeRepeat(List<Name> parameters) {
        Frame frame = writer.method(REPEAT, "([Ljava/lang/Object;[II)V");
        frame.claim("arrays", Type.getType(Object[].class));
        frame.claim("numbers", Type.getType(int[].class));
        frame.claim("times", Type.INT_TYPE);
        Label test = new Label(), end = new Label();
        frame.mark(test);
        frame.load("times");
        frame.jump(IFLE, end);
        int arrays = 0, numbers = 0;
        for (Name p : parameters) {
            switch (p.kind()) {
                case BUFFER, SCRATCH -> {
                    frame.load("arrays");
                    frame.constant(arrays++);
                    frame.op(AALOAD);
                    frame.out.visitTypeInsn(CHECKCAST, type(p).getInternalName());
                }
                case OFFSET, INTEGER, FROM, TO -> {
                    frame.load("numbers");
                    frame.constant(numbers++);
                    frame.op(IALOAD);
                }
                case ARGUMENT -> frame.constant(kernel.arguments().get(p.index()).isFloat() ? 0.5 : 0L,
                    kernel.arguments().get(p.index()));
                default -> throw new IllegalStateException(p + " is no parameter of a kernel");
            }
        }
        frame.call(owner(), "run", descriptor(parameters));
        frame.increment("times", -1);
        frame.jump(GOTO, test);
        frame.mark(end);
        frame.op(RETURN);
        frame.end();
    }

    Type type(Name name) {
        return switch (name.kind()) {
            case BUFFER -> Frame.array(kernel.buffers().get(name.index()).type());
            case SCRATCH -> Frame.array(kernel.folds().get(name.index()).type());
            case ARGUMENT -> Frame.element(kernel.arguments().get(name.index()));
            case REGISTER -> Frame.element(kernel.code().type(name.index()));
            case FOLD -> Frame.element(kernel.folds().get(name.index()).resultType());
            case BEST -> Frame.element(kernel.folds().get(name.index()).type());
            case OFFSET, INTEGER, AXIS, FROM, TO -> Type.INT_TYPE;
        };
    }

    String descriptor(List<Name> parameters) {
        return parameters.stream().map(n -> type(n).getDescriptor()).collect(Collectors.joining("", "(", ")V"));
    }

    Frame begin(String name, List<Name> parameters) {
        Frame frame = writer.method(name, descriptor(parameters));
        for (Name p : parameters) frame.claim(p, type(p));
        return frame;
    }

    ScalarCode scalars(Frame frame, Places places) { return new ScalarCode(kernel.code(), frame, loader, places); }

    Places places(Frame frame) { return new Places(frame, kernel.buffers(), integers); }

    /**
     * Calls a method of this class; all parameters but the ends of the loop are known to the caller by the same names.
     */
    void call(Frame frame, String name, List<Name> parameters, Runnable from, Runnable to) {
        for (Name p : parameters) {
            if (p.equals(Name.FIRST)) from.run();
            else if (p.equals(Name.LAST)) to.run();
            else frame.load(p);
        }
        frame.call(owner(), name, descriptor(parameters));
    }

    // loops with methods of their own

    /** Writes the method of a vector loop, and calls it. */
    void callLoop(Frame caller, Stmt.Loop loop, Runnable from, Runnable to) {
        List<Name> parameters = parameters(caller, loop);
        int number = methods++;
        String scalar = "scalar" + number;
        writeScalar(scalar, loop, parameters);
        Optional<VectorPlan> plan = plan(loop);
        if (plan.isEmpty()) {
            call(caller, scalar, parameters, from, to);
            return;
        }
        operations += plan.get().operations();
        String vectors = writeVectors("vector" + number, plan.get(), parameters, scalar);
        if (loop.kind() == Kind.RANGE) callInChunks(caller, vectors, parameters, from, to);
        else call(caller, vectors, parameters, from, to);
    }

    private Optional<VectorPlan> plan(Stmt.Loop loop) {
        return vectorBits == 0 ? Optional.empty()
                : plans.computeIfAbsent(loop, l -> VectorPlan.of(kernel, l, vectorBits));
    }

    /** Whether {@link #callLoop} makes vectors of the loop. */
    boolean inVectors(Stmt.Loop loop) { return loop.vector() && plan(loop).isPresent(); }

    /** Calls a long loop piece by piece: a piece that begins after the JVM has compiled the loop runs compiled. */
    private void callInChunks(Frame caller, String name, List<Name> parameters, Runnable from, Runnable to) {
        caller.scope(() -> {
            Label test = new Label(), end = new Label();
            from.run();
            caller.store("chunk", Type.INT_TYPE);
            caller.mark(test);
            caller.load("chunk");
            to.run();
            caller.jump(IF_ICMPGE, end);
            call(caller, name, parameters, () -> caller.load("chunk"), () -> {
                caller.load("chunk");
                to.run();
                caller.load("chunk");
                caller.op(ISUB);
                caller.constant(CHUNK);
                caller.call("java/lang/Math", "min", "(II)I");
                caller.op(IADD);
            });
            caller.load("chunk");
            caller.constant(CHUNK);
            caller.op(IADD);
            caller.store("chunk", Type.INT_TYPE);
            caller.jump(GOTO, test);
            caller.mark(end);
        });
    }

    private void writeScalar(String name, Stmt.Loop loop, List<Name> parameters) {
        Frame frame = begin(name, parameters);
        var loops = new ScalarLoops(this, frame);
        loops.prepare(loop);
        loops.plainLoop(loop, () -> frame.load(Name.FIRST), () -> frame.load(Name.LAST));
        frame.op(RETURN);
        frame.end();
    }

    /** One method for each number of vectors a turn takes, each calling the next with what it leaves over. */
    private String writeVectors(String name, VectorPlan plan, List<Name> parameters, String scalar) {
        String next = scalar;
        for (int copies : plan.copies()) {
            String method = name + (copies == 1 ? "" : "x" + copies);
            Frame frame = begin(method, parameters);
            new VectorLoop(this, frame, plan, copies, parameters, scalar).write(next);
            frame.op(RETURN);
            frame.end();
            next = method;
        }
        return next;
    }

    /** Combines partial results in pairs: array -> value. */
    void callTree(Frame frame, int fold) {
        Fold f = kernel.folds().get(fold);
        Type array = Frame.array(f.type());
        String name = "tree" + fold, descriptor = "(" + array.getDescriptor() + ")"
            + Frame.element(f.type()).getDescriptor();
        if (trees.add(fold)) writeTree(name, descriptor, f);
        frame.call(owner(), name, descriptor);
    }

    private void writeTree(String name, String descriptor, Fold f) {
        Frame frame = writer.method(name, descriptor);
        frame.claim(Name.scratch(0), Frame.array(f.type()));
        for (int half = Kernel.LANES / 2; half > 0; half /= 2) {
            for (int k = 0; k < half; k++) {
                frame.load(Name.scratch(0));
                frame.constant(k);
                for (int part : new int[] {k, k + half}) {
                    frame.load(Name.scratch(0));
                    frame.constant(part);
                    ScalarOps.load(frame, f.type());
                }
                ScalarOps.plain(frame, f.combine(), f.type());
                ScalarOps.store(frame, f.type());
            }
        }
        frame.load(Name.scratch(0));
        frame.constant(0);
        ScalarOps.load(frame, f.type());
        frame.op(IRETURN, f.type());
        frame.end();
    }

    // what a loop takes from outside

    /** Everything {@code loop} needs, as the caller names it. */
    private List<Name> parameters(Frame caller, Stmt.Loop loop) {
        Set<Name> names = new TreeSet<>();
        uses(caller, loop, names, new HashSet<>());
        names.add(Name.FIRST);
        names.add(Name.LAST);
        return new ArrayList<>(names);
    }

    private void uses(Frame caller, Stmt s, Set<Name> names, Set<Name> inside) {
        switch (s) {
            case Stmt.Loop loop -> {
                inside.add(Name.axis(loop.axis()));
                if (loop.kind() == Kind.SERIAL) integer(loop.extent(), names);
                for (Stmt b : loop.body()) uses(caller, b, names, inside);
            }
            case Stmt.Let(int node) -> node(caller, node, names, inside);
            case Stmt.Begin(int f) -> {
                if (kernel.folds().get(f).lanes() >= 0) names.add(Name.scratch(f));
                inside.add(Name.fold(f));
            }
            case Stmt.Accumulate(int f, int node) -> {
                if (kernel.folds().get(f).lanes() >= 0) names.add(Name.scratch(f));
                node(caller, node, names, inside);
            }
            case Stmt.End(int f) -> inside.add(Name.fold(f));
            case Stmt.Store store -> {
                address(caller, store.buffer(), store.at(), names, inside);
                node(caller, store.node(), names, inside);
                if (store.guard() >= 0) node(caller, store.guard(), names, inside);
            }
        }
    }

    private void node(Frame caller, int n, Set<Name> names, Set<Name> inside) {
        switch (kernel.code().node(n)) {
            case Node.Const _ -> {}
            case Node.Argument(int index, _) -> names.add(Name.argument(index));
            case Node.Axis(int axis) -> { if (!inside.contains(Name.axis(axis))) names.add(Name.axis(axis)); }
            case Node.Fold(int f, _) -> { if (!inside.contains(Name.fold(f))) names.add(Name.fold(f)); }
            case Node.Load _, Node.Apply _ when caller.has(Name.register(n)) -> names.add(Name.register(n));
            case Node.Load(int buffer, Address at, _) -> {
                if (inside.add(Name.register(n))) address(caller, buffer, at, names, inside);
            }
            case Node.Apply(_, _, List<Integer> arguments) -> {
                if (inside.add(Name.register(n))) for (int a : arguments) node(caller, a, names, inside);
            }
        }
    }

    private void address(Frame caller, int buffer, Address at, Set<Name> names, Set<Name> inside) {
        names.add(Name.buffer(buffer));
        if (kernel.buffers().get(buffer).offset()) names.add(Name.offset(buffer));
        integer(at.constant(), names);
        at.terms().forEach((axis, c) -> {
            integer(c, names);
            if (!inside.contains(Name.axis(axis))) names.add(Name.axis(axis));
        });
        if (at.dynamic() >= 0) node(caller, at.dynamic(), names, inside);
    }

    private void integer(int value, Set<Name> names) {
        if (value != 0 && value != 1) names.add(Name.integer(integers.indexOf(value)));
    }

    /** The identity of a reduction, pushed. */
    static void identity(Frame frame, Fold f) { frame.constant(f.type().normalize(f.identity()), f.type()); }
}
