package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javelin.compiler.fuse.Access;
import javelin.compiler.fuse.Group;
import javelin.compiler.library.Routines;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.memory.Place;
import javelin.compiler.memory.Planner;
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
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;

/** The steps of one region, written into one method of a driver; what is too long goes into methods of its own. */
final class StepCode {
    private final Driver driver;
    private final Frame f;
    private final Region region;
    private final Elements elements;

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
            case Step.Counted loop -> emitCounted(loop);
            case Step.Conditional loop -> emitConditional(loop);
            case Step.Branch branch -> emitBranch(branch);
        }
    }

    private void store(DType type) { ScalarOps.store(f, type); }

    private void storeIfRead(Var v) { if (region.big() || region.stored().contains(v.index())) storeElements(v, elements.locals(v), region.place(v)); }

    private void storeElements(Var v, List<Object> locals, Place to) {
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
            callKernel(call, false, () -> {
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
        return call.buffers().stream().noneMatch(v -> region.place(v).hasOffset())
                && call.arguments().stream().allMatch(a -> a instanceof Literal || region.place((Var) a).offset().isEmpty() && inMemory((Var) a));
    }

    private boolean inMemory(Var v) {
        return region.big() || region.stored().contains(v.index()) || region.groups().stream().noneMatch(g -> g instanceof Group.Unrolled u && u.outputs().contains(v));
    }

    void callKernel(Call call, boolean ownScratch, Runnable range) {
        KernelEmitter.Emitted k = driver.kernels.of(call);
        for (int b = 0; b < call.buffers().size(); b++) {
            Place p = region.place(call.buffers().get(b));
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
        Optional<Call> byRows = epilogue.filter(this::inFields);
        int step = byRows.map(call -> driver.share(region, call)).orElse(-1), turn = byRows.map(call -> call.slice(e.output())).orElse(0);
        String field = driver.routine(new Driver.RoutineStep(Routines.of(e, driver.machine), operands.size(), step, turn));
        f.out.visitVarInsn(ALOAD, 0);
        f.out.visitFieldInsn(GETFIELD, driver.name, field, "L" + Driver.ROUTINE_CALL + ";");
        for (int k = 0; k < operands.size(); k++) {
            Place place = region.place(operands.get(k));
            f.constant(k);
            driver.array(f, place);
            offset(place);
            f.send(Driver.ROUTINE_CALL, "operand", "(ILjava/lang/Object;I)L" + Driver.ROUTINE_CALL + ";");
        }
        f.send(Driver.ROUTINE_CALL, "run", "()V");
        if (byRows.isEmpty()) epilogue.ifPresent(this::emitCall);
    }

    // loops and branches

    /** Local variables for the elements of what a body takes from outside, loaded in front of it. */
    private void importTiny(Region body, Var input, Atom outside, Map<Integer, List<Object>> imports) {
        boolean inScalars = !body.big() && input.type().elements() <= driver.machine.tiny() && Elements.reads(body, input);
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
        driver.array(f, a);
        f.out.visitVarInsn(ALOAD, 0);
        driver.array(f, b);
        f.out.visitFieldInsn(PUTFIELD, driver.name, Driver.field(a.slot()), a.slot().type().storage().descriptorString());
        f.store("exchanged", Type.getType(a.slot().type().storage()));
        f.out.visitVarInsn(ALOAD, 0);
        f.load("exchanged");
        f.out.visitFieldInsn(PUTFIELD, driver.name, Driver.field(b.slot()), b.slot().type().storage().descriptorString());
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
        driver.writer.visitField(0, "t" + step.loop(), "I", null, null).visitEnd();
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
            f.send(driver.name, method, "(I)V");
        });
        loadCarries(step.carries(), imports);
        endCarries(step.carries(), imports);

        Frame g = driver.method(ACC_PRIVATE, method, "(I)V");
        g.claim("this", Type.getObjectType(driver.name));
        g.claim("from", Type.INT_TYPE);
        var scope = new StepCode(driver, g, region, Map.of());
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
        driver.end(g);
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
            f.out.visitFieldInsn(PUTFIELD, driver.name, t, "I");
            storeCarries(step.body(), step.carries(), imports);
            var body = new StepCode(driver, f, step.body(), imports);
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
                driver.array(f, c.current());
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
            var condition = new StepCode(driver, f, step.condition(), tested);
            condition.emit();
            f.load(condition.elements.locals(step.condition().program().outputs().getFirst()).getFirst());
            f.jump(IFEQ, end);
            var body = new StepCode(driver, f, step.body(), imports);
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
            f.scope(() -> new StepCode(driver, f, branch, Map.of()).emit());
            f.jump(GOTO, end);
            f.mark(next);
        }
        f.mark(end);
    }
}
