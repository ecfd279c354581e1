package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javelin.compiler.fuse.Access;
import javelin.compiler.fuse.Group;
import javelin.compiler.library.Routines;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.memory.Place;
import javelin.compiler.memory.Region;
import javelin.compiler.memory.Step;
import javelin.compiler.schedule.Call;
import javelin.core.Atom.Literal;
import javelin.core.Atom.Var;
import javelin.core.Atom;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.objectweb.asm.Type;

/** The steps of one region, written into one method of a driver; what is too long goes into methods of its own. */
final class StepCode {
    final Driver driver;
    final Frame f;
    final Region region;
    final Elements elements;

    /** @param imports local variables that hold elements of variables of the region, one each */
    StepCode(Driver driver, Frame f, Region region, Map<Integer, List<Object>> imports) {
        this.driver = driver;
        this.f = f;
        this.region = region;
        elements = new Elements(f, imports, (v, index) -> {
            Place p = region.place(v);
            driver.array(f, p);
            index.run();
            addOffset(p);
        }, readOnce()::contains, driver.loader);
    }

    /** The variables that one unrolled equation reads, once, and nothing else does. */
    private Set<Var> readOnce() {
        Map<Var, Integer> reads = new HashMap<>();
        Set<Var> others = new HashSet<>();
        for (Group g : region.groups()) {
            if (g instanceof Group.Unrolled(var e) && new Access(e).isElementwise() && !isSmaller(e))
                for (Atom a : e.inputs()) { if (a instanceof Var v) reads.merge(v, 1, Integer::sum); }
            else others.addAll(g.reads());
        }
        for (Atom a : region.program().outputs()) if (a instanceof Var v) others.add(v);
        Set<Var> once = new HashSet<>();
        reads.forEach((v, n) -> {
            if (n == 1 && !others.contains(v) && !region.big() && !region.stored().contains(v.index())) once.add(v);
        });
        return once;
    }

    /** Whether {@code e} gives fewer elements than one of its inputs has. */
    private static boolean isSmaller(Equation e) {
        int out = e.outputs().stream().mapToInt(v -> v.type().elements()).sum();
        return e.inputs().stream().anyMatch(a -> a.type().elements() > out);
    }

    /** Pushes where in its array a place begins. */
    private void offset(Place p) {
        f.constant(0);
        addOffset(p);
    }

    void addOffset(Place p) {
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
            f.out.visitFieldInsn(GETFIELD, driver.name, "t" + loop, "I");
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
        String method = "part" + driver.parts++;
        f.out.visitVarInsn(ALOAD, 0);
        f.send(driver.name, method, "()V");
        Frame g = driver.method(ACC_PRIVATE, method, "()V");
        g.claim("this", Type.getObjectType(driver.name));
        var scope = new StepCode(driver, g, region, Map.of());
        int next = from;
        do scope.emit(region.steps().get(next++)); while (next < region.steps().size() && Driver.size(g) < Driver.PART);
        driver.end(g);
        return next;
    }

    private void emit(Step step) {
        switch (step) {
            case Step.Run(Call call) -> emitCall(call);
            case Step.Unrolled(var e) -> {
                elements.compute(e);
                e.outputs().forEach(this::storeIfRead);
            }
            case Step.Library(var e, var epilogue) -> emitRoutine(e, epilogue);
            case Step.Copy(Place from, Place to, TensorType type) -> emitCopy(from, to, type.elements());
            case Step.Fill(Literal value, Place to) -> {
                driver.array(f, to);
                offset(to);
                f.constant(value.value(), value.type().dtype());
                store(value.type().dtype());
            }
            case Step.Counted _, Step.Conditional _, Step.Branch _ -> new LoopCode(this).emit(step);
        }
    }

    private void store(DType type) { ScalarOps.store(f, type); }

    void storeIfRead(Var v) {
        if (region.big() || region.stored().contains(v.index())) storeElements(v, elements.locals(v), region.place(v));
    }

    void storeElements(Var v, List<Object> locals, Place to) {
        for (int i = 0; i < locals.size(); i++) {
            driver.array(f, to);
            f.constant(i);
            addOffset(to);
            f.load(locals.get(i));
            store(v.type().dtype());
        }
    }

    private void emitCopy(Place from, Place to, int count) {
        driver.array(f, from);
        offset(from);
        driver.array(f, to);
        offset(to);
        f.constant(count);
        f.call("java/lang/System", "arraycopy", "(Ljava/lang/Object;ILjava/lang/Object;II)V");
    }

    // kernels and products

    private void emitCall(Call call) {
        if (call.range() == 0) return;
        if (driver.machine.threads() == 1 || call.grain() >= call.range() || !inFields(call)) {
            callKernel(call, Optional.empty(), false, () -> {
                f.constant(0);
                f.constant(call.range());
            });
            return;
        }
        f.out.visitVarInsn(ALOAD, 0);
        f.constant(driver.share(region, call));
        f.constant(0);
        f.constant(call.range());
        f.constant(call.grain());
        f.constant(driver.machine.threads());
        f.call(Driver.WORKERS, "run", "(L" + Driver.WORKERS + "$Task;IIIII)V");
    }

    /** Whether all that {@code call} takes is found from the driver's fields, so that it can run in another method. */
    private boolean inFields(Call call) {
        return Stream.concat(call.buffers().stream(), call.arguments().stream())
                .noneMatch(a -> a instanceof Var v && region.place(v).hasOffset());
    }

    /**
     * @param part       a variable of which the locals {@code part} and {@code offset} hold as much as is read
     * @param ownScratch whether another thread may have the driver's
     */
    void callKernel(Call call, Optional<Var> part, boolean ownScratch, Runnable range) {
        KernelEmitter.Emitted k = driver.kernels.of(call);
        for (int b = 0; b < call.buffers().size(); b++) {
            Var v = call.buffers().get(b);
            if (part.filter(v::equals).isPresent()) {
                f.load("part");
                f.out.visitTypeInsn(CHECKCAST, v.type().dtype().storage().descriptorString());
                f.load("offset");
                continue;
            }
            Place p = region.place(v);
            driver.array(f, p);
            if (call.kernel().buffers().get(b).offset()) offset(p);
        }
        for (Atom a : call.arguments()) {
            if (a instanceof Literal l) f.constant(l.value(), l.type().dtype());
            else f.load(elements.locals((Var) a).getFirst());
        }
        for (int i : k.integers()) f.constant(i);
        for (int s = 0; s < k.scratch().size(); s++) {
            DType type = k.scratch().get(s);
            if (ownScratch) Driver.newArray(f, type, Kernel.LANES);
            else {
                String field = "x" + type.name() + "_" + s;
                driver.scratches.add(field);
                f.out.visitVarInsn(ALOAD, 0);
                f.out.visitFieldInsn(GETFIELD, driver.name, field, type.storage().descriptorString());
            }
        }
        range.run();
        f.call(k.owner(), "run", k.descriptor());
    }

    private void emitRoutine(Equation e, Optional<Call> epilogue) {
        List<Var> operands = Lists.concat(Lists.map(e.inputs(), a -> (Var) a), e.outputs());
        int step = epilogue.map(call -> driver.follow(region, call, e.output())).orElse(-1);
        int turn = epilogue.map(call -> call.slice(e.output())).orElse(0);
        String field = driver.routine(
                new Driver.RoutineStep(Routines.of(e, driver.machine), operands.size(), step, turn));
        f.out.visitVarInsn(ALOAD, 0);
        f.out.visitFieldInsn(GETFIELD, driver.name, field, "L" + Driver.ROUTINE_CALL + ";");
        for (int k = 0; k < operands.size(); k++) {
            f.constant(k);
            if (epilogue.isPresent() && !region.hasPlace(operands.get(k))) {
                f.op(ACONST_NULL);
                f.constant(0);
            } else {
                Place place = region.place(operands.get(k));
                driver.array(f, place);
                offset(place);
            }
            f.send(Driver.ROUTINE_CALL, "operand", "(ILjava/lang/Object;I)L" + Driver.ROUTINE_CALL + ";");
        }
        f.send(Driver.ROUTINE_CALL, "run", "()V");
    }
}
