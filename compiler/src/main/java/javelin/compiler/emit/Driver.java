package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import javelin.compiler.fuse.Access;
import javelin.compiler.fuse.Group;
import javelin.compiler.library.ProductCall;
import javelin.compiler.memory.Place;
import javelin.compiler.memory.Planner;
import javelin.compiler.memory.Planner.Plan;
import javelin.compiler.memory.Region;
import javelin.compiler.memory.Slot;
import javelin.compiler.memory.Step;
import javelin.compiler.run.Workers;
import javelin.compiler.run.Workspace;
import javelin.compiler.schedule.Call;
import javelin.compiler.schedule.Machine;
import javelin.core.Atom;
import javelin.core.Atom.Literal;
import javelin.core.Atom.Var;
import javelin.core.Lists;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;

/**
 * The class that runs a program: a {@link Workspace} with a field for every array. Loops and branches are the JVM's own;
 * tiny values are local variables. What is too long for one method is spread over several, which meet in the fields.
 */
public final class Driver {
    private static final String WORKSPACE = Type.getInternalName(Workspace.class), PRODUCT = Type.getInternalName(ProductCall.class),
            PRODUCT_PLAN = Type.getInternalName(ProductCall.Plan.class), WORKERS = Type.getInternalName(Workers.class);
    /** Bytes of bytecode after which a region goes on in another method. */
    private static final int PART = 5000;
    /** HotSpot interprets methods of more bytes for ever (-XX:HugeMethodLimit). */
    private static final int HUGE = 8000;
    private static final int SHORTEST = 500;                             // plans of shorter methods are not asked for

    private final Plan plan;
    private final Machine machine;
    private final KernelLoader loader;
    private final Kernels kernels;
    private final String name;
    private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
        @Override protected String getCommonSuperClass(String a, String b) { return "java/lang/Object"; }
    };
    private final List<ProductCall.Plan> products = new ArrayList<>();
    private final List<Shared> shared = new ArrayList<>();
    private final java.util.Set<String> scratches = new java.util.TreeSet<>();
    private int parts, longest;

    /** A kernel call whose range threads share. */
    private record Shared(Region region, Call call) {}

    private Driver(Plan plan, Machine machine, KernelLoader loader, Kernels kernels) {
        this.plan = plan;
        this.machine = machine;
        this.loader = loader;
        this.kernels = kernels;
        name = loader.fresh("Driver");
        loader.export(Workspace.class);
        loader.export(ProductCall.class);
    }

    /**
     * Emits, loads and makes the driver of {@code plan}; empty if a method of it came out longer than HotSpot compiles, so
     * that a plan with shorter methods is wanted.
     */
    public static Optional<Workspace> emit(Plan plan, Machine machine, KernelLoader loader, Kernels kernels) {
        return new Driver(plan, machine, loader, kernels).make();
    }

    private Optional<Workspace> make() {
        writer.visit(V17, ACC_PUBLIC | ACC_FINAL, name, null, WORKSPACE, null);
        for (Slot s : plan.slots()) writer.visitField(0, field(s), s.type().storage().descriptorString(), null, null).visitEnd();
        run();
        if (!shared.isEmpty()) sharedParts();
        another();
        constructor();
        writer.visitEnd();
        if (longest > HUGE && plan.methodBytes() > SHORTEST) return Optional.empty();
        Class<?> type = loader.define(name, writer.toByteArray());
        try {
            return Optional.of((Workspace) type.getConstructor(Object[].class).newInstance((Object) products.toArray()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the driver " + name + " cannot be made", e);
        }
    }

    private static String field(Slot s) { return "s" + s.id(); }

    /** Bytes of bytecode so far. */
    private static int size(Frame f) {
        Label here = new Label();
        f.mark(here);
        return here.getOffset();
    }

    private void end(Frame f) {
        f.op(RETURN);
        longest = Math.max(longest, size(f));
        f.end();
    }

    private Frame method(int access, String method, String descriptor) {
        return new Frame(writer.visitMethod(access, method, descriptor, null, null));
    }

    private void constructor() {
        Frame f = method(ACC_PUBLIC, "<init>", "([Ljava/lang/Object;)V");
        f.out.visitVarInsn(ALOAD, 0);
        f.out.visitMethodInsn(INVOKESPECIAL, WORKSPACE, "<init>", "()V", false);
        writer.visitField(ACC_FINAL, "products", "[Ljava/lang/Object;", null, null).visitEnd();
        f.out.visitVarInsn(ALOAD, 0);
        f.out.visitVarInsn(ALOAD, 1);
        f.out.visitFieldInsn(PUTFIELD, name, "products", "[Ljava/lang/Object;");
        for (Slot s : plan.slots()) if (s.role() == Slot.Role.WORK) allocate(f, field(s), s.type(), s.capacity());
        for (String scratch : scratches) {
            DType type = DType.valueOf(scratch.substring(1, scratch.indexOf('_')));
            writer.visitField(0, scratch, type.storage().descriptorString(), null, null).visitEnd();
            allocate(f, scratch, type, javelin.compiler.kernel.Kernel.LANES);
        }
        for (int p = 0; p < products.size(); p++) {
            writer.visitField(0, "p" + p, "L" + PRODUCT + ";", null, null).visitEnd();
            f.out.visitVarInsn(ALOAD, 0);
            f.out.visitVarInsn(ALOAD, 1);
            f.constant(p);
            f.op(AALOAD);
            f.out.visitTypeInsn(CHECKCAST, PRODUCT_PLAN);
            f.send(PRODUCT_PLAN, "call", "()L" + PRODUCT + ";");
            f.out.visitFieldInsn(PUTFIELD, name, "p" + p, "L" + PRODUCT + ";");
        }
        end(f);
    }

    private void allocate(Frame f, String field, DType type, int length) {
        f.out.visitVarInsn(ALOAD, 0);
        newArray(f, type, length);
        f.out.visitFieldInsn(PUTFIELD, name, field, type.storage().descriptorString());
    }

    private static void newArray(Frame f, DType type, int length) {
        f.constant(length);
        f.out.visitIntInsn(NEWARRAY, switch (type) {
            case F32 -> T_FLOAT;
            case F64 -> T_DOUBLE;
            case I64 -> T_LONG;
            case I32, U32 -> T_INT;
            case U8, BOOL -> T_BYTE;
        });
    }

    private void another() {
        Frame f = method(ACC_PUBLIC, "another", "()L" + WORKSPACE + ";");
        f.out.visitTypeInsn(NEW, name);
        f.op(DUP);
        f.out.visitVarInsn(ALOAD, 0);
        f.out.visitFieldInsn(GETFIELD, name, "products", "[Ljava/lang/Object;");
        f.out.visitMethodInsn(INVOKESPECIAL, name, "<init>", "([Ljava/lang/Object;)V", false);
        f.op(ARETURN);
        f.end();
    }

    private void run() {
        Frame f = method(ACC_PUBLIC, "run", "([Ljava/lang/Object;[Ljava/lang/Object;)V");
        f.claim("this", Type.getObjectType(name));
        f.claim("inputs", Type.getType(Object[].class));
        f.claim("outputs", Type.getType(Object[].class));
        inMethods(f, "enter", "inputs", plan.slots().stream().filter(s -> s.role() != Slot.Role.WORK).toList(), (g, s) -> {
            if (s.role() == Slot.Role.OUTPUT) {
                allocate(g, field(s), s.type(), s.capacity());
                return;
            }
            g.out.visitVarInsn(ALOAD, 0);
            g.load("inputs");
            g.constant(s.index());
            g.op(AALOAD);
            g.out.visitTypeInsn(CHECKCAST, s.type().storage().descriptorString());
            g.out.visitFieldInsn(PUTFIELD, name, field(s), s.type().storage().descriptorString());
        });
        new Scope(f, plan.main(), Map.of()).emit();
        inMethods(f, "leave", "outputs", Lists.range(0, plan.outputs().size()), (g, k) -> {
            g.load("outputs");
            g.constant(k);
            array(g, plan.outputs().get(k));
            g.op(AASTORE);
        });
        inMethods(f, "forget", "outputs", plan.slots().stream().filter(s -> s.role() != Slot.Role.WORK).toList(), (g, s) -> {
            g.out.visitVarInsn(ALOAD, 0);
            g.op(ACONST_NULL);
            g.out.visitFieldInsn(PUTFIELD, name, field(s), s.type().storage().descriptorString());
        });
        end(f);
    }

    /** The same for each of a list: here, or, if there are many, in methods of their own that take one array. */
    private <T> void inMethods(Frame f, String stem, String argument, List<T> list, BiConsumer<Frame, T> each) {
        int most = 200;
        if (list.size() <= 20) {
            list.forEach(t -> each.accept(f, t));
            return;
        }
        for (int from = 0; from < list.size(); from += most) {
            String method = stem + from;
            f.out.visitVarInsn(ALOAD, 0);
            f.load(argument);
            f.send(name, method, "([Ljava/lang/Object;)V");
            Frame g = method(ACC_PRIVATE, method, "([Ljava/lang/Object;)V");
            g.claim("this", Type.getObjectType(name));
            g.claim(argument, Type.getType(Object[].class));
            list.subList(from, Math.min(from + most, list.size())).forEach(t -> each.accept(g, t));
            end(g);
        }
    }

    /** {@code run(step, from, to)}: the parts of kernel calls that threads share. */
    private void sharedParts() {
        Frame f = method(ACC_PUBLIC, "run", "(III)V");
        f.claim("this", Type.getObjectType(name));
        for (String p : List.of("step", "from", "to")) f.claim(p, Type.INT_TYPE);
        Label[] labels = new Label[shared.size()];
        for (int i = 0; i < labels.length; i++) labels[i] = new Label();
        Label none = new Label();
        f.load("step");
        f.out.visitTableSwitchInsn(0, labels.length - 1, none, labels);
        for (int i = 0; i < labels.length; i++) {
            f.mark(labels[i]);
            Shared s = shared.get(i);
            var scope = new Scope(f, s.region(), Map.of());
            scope.callKernel(s.call(), true, () -> {
                f.load("from");
                f.load("to");
            });
            f.op(RETURN);
        }
        f.mark(none);
        end(f);
    }

    private void array(Frame f, Place place) {
        f.out.visitVarInsn(ALOAD, 0);
        f.out.visitFieldInsn(GETFIELD, name, field(place.slot()), place.slot().type().storage().descriptorString());
    }

    /** Emits the steps of one region into one method. */
    final class Scope {
        private final Frame f;
        private final Region region;
        private final Elements elements;

        /** @param imports local variables that hold elements of variables of the region, one each */
        Scope(Frame f, Region region, Map<Integer, List<Object>> imports) {
            this.f = f;
            this.region = region;
            elements = new Elements(f, imports, (v, index) -> {
                Place p = region.place(v);
                array(f, p);
                index.run();
                addOffset(p);
            }, readOnce()::contains, loader);
        }

        /** The variables that one unrolled equation reads, once, and nothing else does. */
        private Set<Var> readOnce() {
            Map<Var, Integer> reads = new HashMap<>();
            Set<Var> others = new HashSet<>();
            for (Group g : region.groups()) {
                if (g instanceof Group.Unrolled(var e) && e.outputs().stream().mapToInt(v -> v.type().elements()).sum() >= e.inputs().stream().mapToInt(a -> a.type().elements()).max().orElse(0)
                        && new Access(e).isElementwise()) for (Atom a : e.inputs()) { if (a instanceof Var v) reads.merge(v, 1, Integer::sum); }
                else others.addAll(g.reads());
            }
            for (Atom a : region.program().outputs()) if (a instanceof Var v) others.add(v);
            Set<Var> once = new HashSet<>();
            reads.forEach((v, n) -> { if (n == 1 && !others.contains(v) && !region.big() && !region.stored().contains(v.index())) once.add(v); });
            return once;
        }

        /** Pushes where in its array a place begins. */
        private void offset(Place p) {
            f.constant(0);
            addOffset(p);
        }

        private void addOffset(Place p) {
            for (Place.Term t : p.offset()) {
                counter(t.loop());
                f.constant(t.stride());
                f.op(IMUL);
                f.op(IADD);
            }
        }

        private void counter(int loop) {
            if (f.has("t" + loop)) f.load("t" + loop);
            else {
                f.out.visitVarInsn(ALOAD, 0);
                f.out.visitFieldInsn(GETFIELD, name, "t" + loop, "I");
            }
        }

        /** All steps: here, or, of a big region, in methods of their own. */
        void emit() {
            if (!region.big()) {
                region.steps().forEach(this::emit);
                return;
            }
            int next = 0;
            while (next < region.steps().size()) next = emitPart(next);
        }

        /** A method with as many steps as fit, from step {@code from} on; the step after them. */
        private int emitPart(int from) {
            String method = "part" + parts++;
            f.out.visitVarInsn(ALOAD, 0);
            f.send(name, method, "()V");
            Frame g = method(ACC_PRIVATE, method, "()V");
            g.claim("this", Type.getObjectType(name));
            var scope = new Scope(g, region, Map.of());
            int next = from;
            do scope.emit(region.steps().get(next++)); while (next < region.steps().size() && size(g) < PART);
            end(g);
            return next;
        }

        private void emit(Step step) {
            switch (step) {
                case Step.Run(Call call) -> emitCall(call);
                case Step.Unrolled(var e) -> {
                    elements.compute(e);
                    e.outputs().forEach(this::storeIfRead);
                }
                case Step.Product(var e) -> emitProduct(e);
                case Step.Copy(Place from, Place to, TensorType type) -> emitCopy(from, to, type.elements());
                case Step.Fill(Literal value, Place to) -> {
                    array(f, to);
                    offset(to);
                    f.constant(value.value(), value.type().dtype());
                    store(value.type().dtype());
                }
                case Step.Counted loop -> emitCounted(loop);
                case Step.Conditional loop -> emitConditional(loop);
                case Step.Branch branch -> emitBranch(branch);
            }
        }

        private void store(DType type) { ScalarOps.store(f, type); }

        private void storeIfRead(Var v) { if (region.big() || region.stored().contains(v.index())) storeElements(v, elements.locals(v), region.place(v)); }

        private void storeElements(Var v, List<Object> locals, Place to) {
            for (int i = 0; i < locals.size(); i++) {
                array(f, to);
                f.constant(i);
                addOffset(to);
                f.load(locals.get(i));
                store(v.type().dtype());
            }
        }

        private void emitCopy(Place from, Place to, int count) {
            array(f, from);
            offset(from);
            array(f, to);
            offset(to);
            f.constant(count);
            f.call("java/lang/System", "arraycopy", "(Ljava/lang/Object;ILjava/lang/Object;II)V");
        }

        // kernels and products

        private void emitCall(Call call) {
            if (call.range() == 0) return;
            boolean share = machine.threads() > 1 && call.grain() < call.range() && call.buffers().stream().noneMatch(v -> region.place(v).hasOffset())
                    && call.arguments().stream().allMatch(a -> a instanceof Literal || region.place((Var) a).offset().isEmpty() && inMemory((Var) a));
            if (!share) {
                callKernel(call, false, () -> {
                    f.constant(0);
                    f.constant(call.range());
                });
                return;
            }
            shared.add(new Shared(region, call));
            f.out.visitVarInsn(ALOAD, 0);
            f.constant(shared.size() - 1);
            f.constant(0);
            f.constant(call.range());
            f.constant(call.grain());
            f.constant(machine.threads());
            f.call(WORKERS, "run", "(L" + WORKERS + "$Task;IIIII)V");
        }

        private boolean inMemory(Var v) {
            return region.big() || region.stored().contains(v.index()) || region.groups().stream().noneMatch(g -> g instanceof Group.Unrolled u && u.outputs().contains(v));
        }

        private void callKernel(Call call, boolean ownScratch, Runnable range) {
            KernelEmitter.Emitted k = kernels.of(call);
            for (int b = 0; b < call.buffers().size(); b++) {
                Place p = region.place(call.buffers().get(b));
                array(f, p);
                if (call.kernel().buffers().get(b).offset()) offset(p);
            }
            for (Atom a : call.arguments()) {
                if (a instanceof Literal l) f.constant(l.value(), l.type().dtype());
                else f.load(elements.locals((Var) a).getFirst());
            }
            for (int i : k.integers()) f.constant(i);
            for (int s = 0; s < k.scratch().size(); s++) {
                DType type = k.scratch().get(s);
                if (ownScratch) newArray(f, type, javelin.compiler.kernel.Kernel.LANES);
                else {
                    String field = "x" + type.name() + "_" + s;
                    scratches.add(field);
                    f.out.visitVarInsn(ALOAD, 0);
                    f.out.visitFieldInsn(GETFIELD, name, field, type.storage().descriptorString());
                }
            }
            range.run();
            f.call(k.owner(), "run", k.descriptor());
        }

        private void emitProduct(javelin.core.Equation e) {
            int p = products.size();
            products.add(Products.plan(e, machine));
            f.out.visitVarInsn(ALOAD, 0);
            f.out.visitFieldInsn(GETFIELD, name, "p" + p, "L" + PRODUCT + ";");
            for (Atom a : List.of(e.inputs().get(0), e.inputs().get(1), e.output())) {
                Place place = region.place((Var) a);
                array(f, place);
                offset(place);
            }
            f.send(PRODUCT, "run", "(Ljava/lang/Object;ILjava/lang/Object;ILjava/lang/Object;I)V");
        }

        // loops and branches

        /** Local variables for the elements of what a body takes from outside, loaded in front of it. */
        private void importTiny(Region body, Var input, Atom outside, Map<Integer, List<Object>> imports) {
            boolean inScalars = !body.big() && input.type().elements() <= machine.tiny() && Elements.reads(body, input);
            if (inScalars) imports.put(input.index(), elements.locals(outside));
        }

        private void startCarries(List<Step.Carry> carries, Map<Integer, List<Object>> imports) {
            for (Step.Carry c : carries) {
                if (!c.scalar()) continue;
                List<Object> initial = elements.locals(c.initial()), mine = new ArrayList<>();
                Type type = Frame.element(c.in().type().dtype());
                for (Object local : initial) {
                    Object own = new Object();
                    f.load(local);
                    f.store(own, type);
                    mine.add(own);
                }
                imports.put(c.in().index(), mine);
            }
        }

        /** Stores those carries that the body reads from memory. */
        private void storeCarries(Region body, List<Step.Carry> carries, Map<Integer, List<Object>> imports) {
            for (Step.Carry c : carries)
                if (c.scalar() && body.stored().contains(c.in().index())) storeElements(c.in(), imports.get(c.in().index()), c.current());
        }

        private void nextCarries(List<Step.Carry> carries, Map<Integer, List<Object>> imports) {
            List<Object> to = new ArrayList<>();
            List<Type> types = new ArrayList<>();
            List<List<Object>> from = new ArrayList<>();
            for (Step.Carry c : carries) if (c.scalar() && !c.out().equals(c.in())) from.add(elements.locals(c.out()));
            int n = 0;
            for (Step.Carry c : carries) {
                if (!c.scalar() || c.out().equals(c.in())) continue;
                from.get(n++).forEach(f::load);
                to.addAll(imports.get(c.in().index()));
                for (int i = 0; i < c.in().type().elements(); i++) types.add(Frame.element(c.in().type().dtype()));
            }
            for (int i = to.size() - 1; i >= 0; i--) f.store(to.get(i), types.get(i));
            for (Step.Carry c : carries) if (!c.scalar() && !c.current().equals(c.next())) exchange(c.current(), c.next());
        }

        private void exchange(Place a, Place b) {
            array(f, a);
            f.out.visitVarInsn(ALOAD, 0);
            array(f, b);
            f.out.visitFieldInsn(PUTFIELD, name, field(a.slot()), a.slot().type().storage().descriptorString());
            f.store("exchanged", Type.getType(a.slot().type().storage()));
            f.out.visitVarInsn(ALOAD, 0);
            f.load("exchanged");
            f.out.visitFieldInsn(PUTFIELD, name, field(b.slot()), b.slot().type().storage().descriptorString());
        }

        private void endCarries(List<Step.Carry> carries, Map<Integer, List<Object>> imports) {
            for (Step.Carry c : carries) {
                if (!c.scalar()) continue;
                elements.put(c.result(), imports.get(c.in().index()));
                storeIfRead(c.result());
            }
        }

        /**
         * A loop of many turns is a method that runs a few of them at a time: so it is soon called often enough for C2 to
         * compile it as a whole, where the counters of one long loop would keep it in slow code for hundreds of runs.
         */
        private void emitCounted(Step.Counted step) {
            int length = step.scan().length();
            writer.visitField(0, "t" + step.loop(), "I", null, null).visitEnd();
            Map<Integer, List<Object>> imports = new HashMap<>();
            if (length < Planner.MANY_TURNS) {
                importConstants(step, imports);
                startCarries(step.carries(), imports);
                emitTurns(step, imports, () -> f.constant(0), () -> f.constant(length));
                endCarries(step.carries(), imports);
                return;
            }
            startCarries(step.carries(), imports);
            saveCarries(step.carries(), imports);
            String method = "loop" + step.loop();
            forTurns(() -> f.constant(0), () -> f.constant(length), Planner.TURNS, n -> {
                f.out.visitVarInsn(ALOAD, 0);
                f.load(n);
                f.send(name, method, "(I)V");
            });
            loadCarries(step.carries(), imports);
            endCarries(step.carries(), imports);

            Frame g = method(ACC_PRIVATE, method, "(I)V");
            g.claim("this", Type.getObjectType(name));
            g.claim("from", Type.INT_TYPE);
            var scope = new Scope(g, region, Map.of());
            Map<Integer, List<Object>> inner = new HashMap<>();
            scope.importConstants(step, inner);
            scope.loadCarries(step.carries(), inner);
            scope.emitTurns(step, inner, () -> g.load("from"), () -> {
                g.load("from");
                g.constant(Planner.TURNS);
                g.op(IADD);
                g.constant(length);
                g.call("java/lang/Math", "min", "(II)I");
            });
            scope.saveCarries(step.carries(), inner);
            end(g);
        }

        private void importConstants(Step.Counted step, Map<Integer, List<Object>> imports) {
            List<Var> in = step.scan().body().inputs();
            for (int n = 0; n < step.scan().constants(); n++) importTiny(step.body(), in.get(n), step.equation().inputs().get(n), imports);
        }

        /** {@code for (n = from; n < to; n += step)}; {@code body} is told where n is. */
        private void forTurns(Runnable from, Runnable to, int step, java.util.function.Consumer<Object> body) {
            Object n = new Object(), last = new Object();
            Label top = new Label(), end = new Label();
            to.run();
            f.store(last, Type.INT_TYPE);
            from.run();
            f.store(n, Type.INT_TYPE);
            f.mark(top);
            f.load(n);
            f.load(last);
            f.jump(IF_ICMPGE, end);
            f.scope(() -> body.accept(n));
            f.increment(n, step);
            f.jump(GOTO, top);
            f.mark(end);
        }

        private void emitTurns(Step.Counted step, Map<Integer, List<Object>> imports, Runnable from, Runnable to) {
            String t = "t" + step.loop();
            forTurns(from, to, 1, n -> {
                if (step.scan().reverse()) f.constant(step.scan().length() - 1);
                f.load(n);
                if (step.scan().reverse()) f.op(ISUB);
                f.store(t, Type.INT_TYPE);
                f.out.visitVarInsn(ALOAD, 0);
                f.load(t);
                f.out.visitFieldInsn(PUTFIELD, name, t, "I");
                storeCarries(step.body(), step.carries(), imports);
                var body = new Scope(f, step.body(), imports);
                body.emit();
                body.nextCarries(step.carries(), imports);
            });
        }

        /** Between the methods of a loop, state in locals goes through its places. */
        private void saveCarries(List<Step.Carry> carries, Map<Integer, List<Object>> imports) {
            for (Step.Carry c : carries) if (c.scalar()) storeElements(c.in(), imports.get(c.in().index()), c.current());
        }

        private void loadCarries(List<Step.Carry> carries, Map<Integer, List<Object>> imports) {
            for (Step.Carry c : carries) {
                if (!c.scalar()) continue;
                DType type = c.in().type().dtype();
                List<Object> mine = imports.computeIfAbsent(c.in().index(), _ -> Lists.each(c.in().type().elements(), _ -> new Object()));
                for (int i = 0; i < mine.size(); i++) {
                    array(f, c.current());
                    f.constant(i);
                    addOffset(c.current());
                    ScalarOps.load(f, type);
                    f.store(mine.get(i), Frame.element(type));
                }
            }
        }

        private void emitConditional(Step.Conditional step) {
            Map<Integer, List<Object>> imports = new HashMap<>(), tested = new HashMap<>();
            var loop = step.loop();
            int cc = loop.conditionConstants(), bc = loop.bodyConstants();
            for (int n = 0; n < cc; n++) importTiny(step.condition(), loop.condition().inputs().get(n), step.equation().inputs().get(n), tested);
            for (int n = 0; n < bc; n++) importTiny(step.body(), loop.body().inputs().get(n), step.equation().inputs().get(cc + n), imports);
            startCarries(step.carries(), imports);
            for (int n = 0; n < step.carries().size(); n++) {
                Step.Carry c = step.carries().get(n);
                if (c.scalar()) tested.put(loop.condition().inputs().get(cc + n).index(), imports.get(c.in().index()));
            }
            Label top = new Label(), end = new Label();
            f.mark(top);
            f.scope(() -> {
                storeCarries(step.body(), step.carries(), imports);
                var condition = new Scope(f, step.condition(), tested);
                condition.emit();
                f.load(condition.elements.locals(step.condition().program().outputs().getFirst()).getFirst());
                f.jump(IFEQ, end);
                var body = new Scope(f, step.body(), imports);
                body.emit();
                body.nextCarries(step.carries(), imports);
            });
            f.jump(GOTO, top);
            f.mark(end);
            endCarries(step.carries(), imports);
        }

        private void emitBranch(Step.Branch step) {
            Object index = elements.locals(step.equation().inputs().getFirst()).getFirst();
            Label end = new Label();
            int n = step.branches().size();
            for (int b = 0; b < n; b++) {
                Label next = new Label();
                if (b < n - 1) {
                    f.load(index);
                    f.constant(b);
                    f.jump(IF_ICMPGT, next);
                }
                Region branch = step.branches().get(b);
                f.scope(() -> new Scope(f, branch, Map.of()).emit());
                f.jump(GOTO, end);
                f.mark(next);
            }
            f.mark(end);
        }
    }
}
