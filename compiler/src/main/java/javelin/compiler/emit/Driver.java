package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.library.RoutineCall;
import javelin.compiler.memory.Place;
import javelin.compiler.memory.Planner.Plan;
import javelin.compiler.memory.Region;
import javelin.compiler.memory.Slot;
import javelin.compiler.run.Epilogue;
import javelin.compiler.run.Workers;
import javelin.compiler.run.Workspace;
import javelin.compiler.schedule.Call;
import javelin.compiler.schedule.Machine;
import javelin.core.Atom.Var;
import javelin.core.Lists;
import javelin.core.lowering.Routine;
import javelin.core.type.DType;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.LimitExceededException;
import org.objectweb.asm.Type;

/**
 * The class that runs a program: a {@link Workspace} with a field for every array. Loops and branches are the JVM's
 * own; tiny values are local variables. What is too long for one method is spread over several, which meet in the
 * fields.
 */
public final class Driver {
    static final String WORKSPACE = Type.getInternalName(Workspace.class), 
            ROUTINE_CALL = Type.getInternalName(RoutineCall.class), ROUTINE = Type.getInternalName(Routine.class),
            WORKERS = Type.getInternalName(Workers.class), EPILOGUE = Type.getInternalName(Epilogue.class);
    /** Bytes of bytecode after which a region goes on in another method. */
    static final int PART = 5000;
    /** HotSpot interprets methods of more bytes for ever (-XX:HugeMethodLimit). */
    private static final int HUGE = 8000;
    private static final int SHORTEST = 500;                             // plans of shorter methods are not asked for

    private final Plan plan;
    final Machine machine;
    final KernelLoader loader;
    final Kernels kernels;
    final String name;
    final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
        @Override protected String getCommonSuperClass(String a, String b) { return "java/lang/Object"; }
    };
    private final List<RoutineStep> routines = new ArrayList<>();
    private final List<Part> shared = new ArrayList<>(), epilogues = new ArrayList<>();
    final Set<String> scratches = new TreeSet<>();
    int parts;
    private int longest;

    /** A kernel call whose range is run in parts: by several threads, or after parts of {@code of}. */
    record Part(Region region, Call call, Optional<Var> of) {}

    /**
     * A routine and how many arrays it takes and gives. If {@code turn} is not 0, epilogue number {@code epilogue} is
     * run after each part, one turn of it for {@code turn} elements of the output.
     */
    record RoutineStep(Routine routine, int operands, int epilogue, int turn) {}

    private Driver(Plan plan, Machine machine, KernelLoader loader, Kernels kernels) {
        this.plan = plan;
        this.machine = machine;
        this.loader = loader;
        this.kernels = kernels;
        name = loader.fresh("Driver");
        loader.export(Workspace.class);
        loader.export(RoutineCall.class);
    }

    /**
     * Emits, loads and makes the driver of {@code plan}; empty if a method of it came out longer than HotSpot
     * compiles, or has more branches and variables than ASM computes stack maps for, so that a plan with shorter
     * methods is wanted.
     */
    public static Optional<Workspace> emit(Plan plan, Machine machine, KernelLoader loader, Kernels kernels) {
        try {
            return new Driver(plan, machine, loader, kernels).make();
        } catch (LimitExceededException e) {
            if (plan.methodBytes() <= SHORTEST) throw e;
            return Optional.empty();
        }
    }

    private Optional<Workspace> make() {
        writer.visit(V17, ACC_PUBLIC | ACC_FINAL, name, null, WORKSPACE, null);
        for (Slot s : plan.slots())
            writer.visitField(0, field(s), s.type().storage().descriptorString(), null, null).visitEnd();
        run();
        if (!shared.isEmpty()) inParts("run", "(III)V", shared);
        if (!epilogues.isEmpty()) inParts("epilogue", "(IIILjava/lang/Object;I)V", epilogues);
        another();
        constructor();
        writer.visitEnd();
        if (longest > HUGE && plan.methodBytes() > SHORTEST) return Optional.empty();
        Class<?> type = loader.define(name, writer.toByteArray());
        try {
            return Optional.of((Workspace) type.getConstructor(Object[].class)
                    .newInstance((Object) routines.stream().map(RoutineStep::routine).toArray()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the driver " + name + " cannot be made", e);
        }
    }

    /** The field with the call of a routine. */
    String routine(RoutineStep step) {
        routines.add(step);
        return "r" + (routines.size() - 1);
    }

    /** The number by which {@code run(step, from, to)} knows {@code call}. */
    int share(Region region, Call call) {
        shared.add(new Part(region, call, Optional.empty()));
        return shared.size() - 1;
    }

    /** The number by which {@code epilogue(step, ...)} knows {@code call}, which follows parts of {@code of}. */
    int follow(Region region, Call call, Var of) {
        epilogues.add(new Part(region, call, Optional.of(of)));
        return epilogues.size() - 1;
    }

    static String field(Slot s) { return "s" + s.id(); }

    /** Bytes of bytecode so far. */
    static int size(Frame f) {
        Label here = new Label();
        f.mark(here);
        return here.getOffset();
    }

    void end(Frame f) {
        f.op(RETURN);
        longest = Math.max(longest, size(f));
        f.end();
    }

    Frame method(int access, String method, String descriptor) {
        return new Frame(writer.visitMethod(access, method, descriptor, null, null));
    }

    private void constructor() {
        Frame f = method(ACC_PUBLIC, "<init>", "([Ljava/lang/Object;)V");
        f.out.visitVarInsn(ALOAD, 0);
        f.out.visitMethodInsn(INVOKESPECIAL, WORKSPACE, "<init>", "()V", false);
        writer.visitField(ACC_FINAL, "routines", "[Ljava/lang/Object;", null, null).visitEnd();
        f.out.visitVarInsn(ALOAD, 0);
        f.out.visitVarInsn(ALOAD, 1);
        f.out.visitFieldInsn(PUTFIELD, name, "routines", "[Ljava/lang/Object;");
        for (Slot s : plan.slots()) if (s.role() == Slot.Role.WORK) allocate(f, field(s), s.type(), s.capacity());
        for (String scratch : scratches) {
            DType type = DType.valueOf(scratch.substring(1, scratch.indexOf('_')));
            writer.visitField(0, scratch, type.storage().descriptorString(), null, null).visitEnd();
            allocate(f, scratch, type, Kernel.LANES);
        }
        for (int r = 0; r < routines.size(); r++) {
            writer.visitField(0, "r" + r, "L" + ROUTINE_CALL + ";", null, null).visitEnd();
            f.out.visitVarInsn(ALOAD, 0);
            f.out.visitTypeInsn(NEW, ROUTINE_CALL);
            f.op(DUP);
            f.out.visitVarInsn(ALOAD, 1);
            f.constant(r);
            f.op(AALOAD);
            f.out.visitTypeInsn(CHECKCAST, ROUTINE);
            f.constant(routines.get(r).operands());
            f.out.visitVarInsn(ALOAD, 0);
            f.constant(routines.get(r).epilogue());
            f.constant(routines.get(r).turn());
            f.out.visitMethodInsn(INVOKESPECIAL, ROUTINE_CALL, "<init>",
                    "(L" + ROUTINE + ";IL" + EPILOGUE + ";II)V", false);
            f.out.visitFieldInsn(PUTFIELD, name, "r" + r, "L" + ROUTINE_CALL + ";");
        }
        end(f);
    }

    private void allocate(Frame f, String field, DType type, int length) {
        f.out.visitVarInsn(ALOAD, 0);
        newArray(f, type, length);
        f.out.visitFieldInsn(PUTFIELD, name, field, type.storage().descriptorString());
    }

    static void newArray(Frame f, DType type, int length) {
        f.constant(length);
        f.out.visitIntInsn(NEWARRAY, switch (type) {
            case F32 -> T_FLOAT;
            case F64 -> T_DOUBLE;
            case I64, U64 -> T_LONG;
            case I32, U32 -> T_INT;
            case BF16, F16, I16, U16 -> T_SHORT;
            case I8, U8, BOOL -> T_BYTE;
        });
    }

    private void another() {
        Frame f = method(ACC_PUBLIC, "another", "()L" + WORKSPACE + ";");
        f.out.visitTypeInsn(NEW, name);
        f.op(DUP);
        f.out.visitVarInsn(ALOAD, 0);
        f.out.visitFieldInsn(GETFIELD, name, "routines", "[Ljava/lang/Object;");
        f.out.visitMethodInsn(INVOKESPECIAL, name, "<init>", "([Ljava/lang/Object;)V", false);
        f.op(ARETURN);
        f.end();
    }

    private void run() {
        Frame f = method(ACC_PUBLIC, "run", "([Ljava/lang/Object;[Ljava/lang/Object;)V");
        f.claim("this", Type.getObjectType(name));
        f.claim("inputs", Type.getType(Object[].class));
        f.claim("outputs", Type.getType(Object[].class));
        inMethods(f, "enter", "inputs", slots(Slot.Role.INPUT), (g, s) -> {
            g.out.visitVarInsn(ALOAD, 0);
            g.load("inputs");
            g.constant(s.index());
            g.op(AALOAD);
            keep(g, s);
        });
        inMethods(f, "make", "outputs", slots(Slot.Role.OUTPUT), (g, s) -> {
            Label there = new Label();
            g.out.visitVarInsn(ALOAD, 0);
            g.load("outputs");
            g.constant(s.index());
            g.op(AALOAD);
            g.op(DUP);
            g.jump(IFNONNULL, there);
            g.op(POP);
            newArray(g, s.type(), s.capacity());
            g.mark(there);
            keep(g, s);
        });
        new StepCode(this, f, plan.main(), Map.of()).emit();
        inMethods(f, "leave", "outputs", Lists.range(0, plan.outputs().size()), (g, k) -> {
            g.load("outputs");
            g.constant(k);
            array(g, plan.outputs().get(k));
            g.op(AASTORE);
        });
        inMethods(f, "forget", "outputs", Lists.concat(slots(Slot.Role.INPUT), slots(Slot.Role.OUTPUT)), (g, s) -> {
            g.out.visitVarInsn(ALOAD, 0);
            g.op(ACONST_NULL);
            g.out.visitFieldInsn(PUTFIELD, name, field(s), s.type().storage().descriptorString());
        });
        end(f);
    }

    private List<Slot> slots(Slot.Role role) { return plan.slots().stream().filter(s -> s.role() == role).toList(); }

    /** Slot's workspace and array -> nothing. */
    private void keep(Frame f, Slot slot) {
        f.out.visitTypeInsn(CHECKCAST, slot.type().storage().descriptorString());
        f.out.visitFieldInsn(PUTFIELD, name, field(slot), slot.type().storage().descriptorString());
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

    /** {@code run(step, from, to)} or {@code epilogue(step, from, to, part, offset)}. */
    private void inParts(String method, String descriptor, List<Part> calls) {
        Frame f = method(ACC_PUBLIC, method, descriptor);
        f.claim("this", Type.getObjectType(name));
        Type[] types = Type.getArgumentTypes(descriptor);
        List<String> names = List.of("step", "from", "to", "part", "offset");
        for (int i = 0; i < types.length; i++) f.claim(names.get(i), types[i]);
        Label[] labels = new Label[calls.size()];
        for (int i = 0; i < labels.length; i++) labels[i] = new Label();
        Label none = new Label();
        f.load("step");
        f.out.visitTableSwitchInsn(0, labels.length - 1, none, labels);
        for (int i = 0; i < labels.length; i++) {
            f.mark(labels[i]);
            Part part = calls.get(i);
            var scope = new StepCode(this, f, part.region(), Map.of());
            scope.callKernel(part.call(), part.of(), machine.threads() > 1, () -> {
                f.load("from");
                f.load("to");
            });
            f.op(RETURN);
        }
        f.mark(none);
        end(f);
    }

    void array(Frame f, Place place) {
        f.out.visitVarInsn(ALOAD, 0);
        f.out.visitFieldInsn(GETFIELD, name, field(place.slot()), place.slot().type().storage().descriptorString());
    }
}
