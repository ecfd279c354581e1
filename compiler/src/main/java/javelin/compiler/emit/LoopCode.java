package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javelin.compiler.memory.Place;
import javelin.compiler.memory.Planner;
import javelin.compiler.memory.Region;
import javelin.compiler.memory.Slot;
import javelin.compiler.memory.Step;
import javelin.core.Atom;
import javelin.core.Atom.Var;
import javelin.core.Lists;
import javelin.core.type.DType;
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;

/**
 * Those steps of a region that are loops and branches: regions of their own inside, and state that goes from turn to
 * turn, in locals if it is tiny, else in places.
 */
final class LoopCode {
    private final StepCode steps;
    private final Driver driver;
    private final Frame f;
    private final Elements elements;

    /** @param steps what the loop is one of */
    LoopCode(StepCode steps) {
        this.steps = steps;
        driver = steps.driver;
        f = steps.f;
        elements = steps.elements;
    }

    void emit(Step step) {
        switch (step) {
            case Step.Counted loop -> emitCounted(loop);
            case Step.Conditional loop -> emitConditional(loop);
            case Step.Branch branch -> emitBranch(branch);
            default -> throw new IllegalArgumentException(step + " is no loop or branch");
        }
    }

    /** Local variables for the elements of what a body takes from outside, loaded in front of it. */
    private void importTiny(Region body, Var input, Atom outside, Map<Integer, List<Object>> imports) {
        boolean inScalars = !body.big() && input.type().elements() <= driver.machine.tiny()
                && Elements.reads(body, input);
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
            if (c.scalar() && body.stored().contains(c.in().index()))
                steps.storeElements(c.in(), imports.get(c.in().index()), c.current());
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
        field(PUTFIELD, a.slot());
        f.store("exchanged", Type.getType(a.slot().type().storage()));
        f.out.visitVarInsn(ALOAD, 0);
        f.load("exchanged");
        field(PUTFIELD, b.slot());
    }

    private void field(int opcode, Slot slot) {
        f.out.visitFieldInsn(opcode, driver.name, Driver.field(slot), slot.type().storage().descriptorString());
    }

    private void endCarries(List<Step.Carry> carries, Map<Integer, List<Object>> imports) {
        for (Step.Carry c : carries) {
            if (!c.scalar()) continue;
            elements.put(c.result(), imports.get(c.in().index()));
            steps.storeIfRead(c.result());
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
        var scope = new LoopCode(new StepCode(driver, g, steps.region, Map.of()));
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
        for (int n = 0; n < step.scan().constants(); n++)
            importTiny(step.body(), in.get(n), step.equation().inputs().get(n), imports);
    }

    /** {@code for (n = from; n < to; n += step)}; {@code body} is told where n is. */
    private void forTurns(Runnable from, Runnable to, int step, Consumer<Object> body) {
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
            new LoopCode(body).nextCarries(step.carries(), imports);
        });
    }

    /** Between the methods of a loop, state in locals goes through its places. */
    private void saveCarries(List<Step.Carry> carries, Map<Integer, List<Object>> imports) {
        for (Step.Carry c : carries)
            if (c.scalar()) steps.storeElements(c.in(), imports.get(c.in().index()), c.current());
    }

    private void loadCarries(List<Step.Carry> carries, Map<Integer, List<Object>> imports) {
        for (Step.Carry c : carries) {
            if (!c.scalar()) continue;
            DType type = c.in().type().dtype();
            List<Object> mine = imports.computeIfAbsent(c.in().index(),
                    _ -> Lists.each(c.in().type().elements(), _ -> new Object()));
            for (int i = 0; i < mine.size(); i++) {
                driver.array(f, c.current());
                f.constant(i);
                steps.addOffset(c.current());
                ScalarOps.load(f, type);
                f.store(mine.get(i), Frame.element(type));
            }
        }
    }

    private void emitConditional(Step.Conditional step) {
        Map<Integer, List<Object>> imports = new HashMap<>(), tested = new HashMap<>();
        var loop = step.loop();
        int cc = loop.conditionConstants(), bc = loop.bodyConstants();
        List<Atom> outside = step.equation().inputs();
        for (int n = 0; n < cc; n++)
            importTiny(step.condition(), loop.condition().inputs().get(n), outside.get(n), tested);
        for (int n = 0; n < bc; n++)
            importTiny(step.body(), loop.body().inputs().get(n), outside.get(cc + n), imports);
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
            new LoopCode(body).nextCarries(step.carries(), imports);
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
