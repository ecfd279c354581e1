package javelin.compiler.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javelin.compiler.memory.Slot.Role;
import javelin.compiler.memory.Step.Carry;
import javelin.core.Atom;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.ops.Cond;
import javelin.core.ops.Scan;
import javelin.core.ops.While;
import javelin.core.type.TensorType;

/** Loops and branches: their parts are blocks of their own, and state has places that it moves between turn by turn. */
final class LoopPlan {
    /** What a loop is taken for whose turns nobody knows. */
    private static final int SOME_TURNS = 16;

    private final Block around;

    /** @param around what the loop is a group of */
    LoopPlan(Block around) { this.around = around; }

    void plan(Equation e) {
        switch (e.op()) {
            case Scan scan -> planScan(scan, e);
            case While loop -> planWhile(loop, e);
            case Cond cond -> planCond(cond, e);
            default -> throw new IllegalStateException(e.op() + " is no loop or branch that the compiler knows");
        }
    }

    /** Literals that a loop takes as constants are put into memory before it. */
    private Place constant(Atom a) {
        if (a instanceof Var v) return around.places.get(v.index());
        Place place = work(a.type());
        around.steps.add(around.move(a, place));
        return place;
    }

    /** A variable that something reads from its place. */
    private int inMemory(Atom a) {
        around.stored.add(((Var) a).index());
        return ((Var) a).index();
    }

    /**
     * If a part of a loop or branch reads its input from memory, or is too big for locals, what goes in must be there.
     */
    private void passInMemory(Block part, Var input, Atom outside) {
        if (outside instanceof Var v && (part.big || part.stored.contains(input.index()))) inMemory(v);
    }

    private void planScan(Scan scan, Equation e) {
        int loop = around.planner.loops++, c = scan.constants(), k = scan.carries();
        Map<Integer, Place> inputs = new HashMap<>();
        List<Var> in = scan.body().inputs();
        for (int n = 0; n < c; n++) inputs.put(in.get(n).index(), constant(e.inputs().get(n)));
        for (int n = c + k; n < in.size(); n++) {
            Place whole = around.places.get(inMemory(e.inputs().get(n)));
            inputs.put(in.get(n).index(), whole.row(loop, in.get(n).type().elements()));
        }
        for (int n = k; n < e.outputs().size(); n++) around.makePlace(e.outputs().get(n), Optional.empty());
        List<Place> ys = Lists.each(e.outputs().size() - k, n -> {
            Place whole = around.places.get(e.outputs().get(k + n).index());
            return whole.row(loop, scan.body().outputs().get(k + n).type().elements());
        });
        Block body = new Block(around.planner, scan.body(), inputs, around.turns * scan.length());
        List<Carry> carries = planTurn(body, in.subList(c, c + k), e.inputs().subList(c, c + k),
                e.outputs().subList(0, k), ys);
        for (int n = 0; n < c; n++) {
            passInMemory(body, in.get(n), e.inputs().get(n));
            if (scan.length() >= Planner.MANY_TURNS && e.inputs().get(n) instanceof Var) inMemory(e.inputs().get(n));
        }
        around.steps.add(new Step.Counted(e, scan, loop, body.region(), carries));
        finish(carries);
    }

    private void planWhile(While loop, Equation e) {
        int cc = loop.conditionConstants(), bc = loop.bodyConstants();
        List<Place> constants = Lists.map(e.inputs().subList(0, cc + bc), this::constant);
        Map<Integer, Place> inputs = new HashMap<>(), tested = new HashMap<>();
        for (int n = 0; n < bc; n++) inputs.put(loop.body().inputs().get(n).index(), constants.get(cc + n));
        for (int n = 0; n < cc; n++) tested.put(loop.condition().inputs().get(n).index(), constants.get(n));
        List<Var> in = loop.body().inputs().subList(bc, loop.body().inputs().size());
        Block body = new Block(around.planner, loop.body(), inputs, around.turns * SOME_TURNS);
        List<Atom> initial = e.inputs().subList(cc + bc, e.inputs().size());
        List<Carry> carries = planTurn(body, in, initial, e.outputs(), List.of());
        for (int n = 0; n < in.size(); n++)
            tested.put(loop.condition().inputs().get(cc + n).index(), carries.get(n).current());
        Block condition = new Block(around.planner, loop.condition(), tested, around.turns * SOME_TURNS);
        condition.planSteps();
        // what the condition reads from memory must be there at the start of every turn
        for (int n = 0; n < in.size(); n++) {
            boolean read = condition.stored.contains(loop.condition().inputs().get(cc + n).index());
            if (read || condition.big) body.stored.add(in.get(n).index());
        }
        for (int n = 0; n < cc; n++) passInMemory(condition, loop.condition().inputs().get(n), e.inputs().get(n));
        for (int n = 0; n < bc; n++) passInMemory(body, loop.body().inputs().get(n), e.inputs().get(cc + n));
        around.steps.add(new Step.Conditional(e, loop, condition.region(), body.region(), carries));
        finish(carries);
    }

    /** Gives the state its slots and plans {@code body}, the loop's turn. */
    private List<Carry> planTurn(Block body, List<Var> in, List<Atom> initial, List<Var> results, List<Place> ys) {
        List<Carry> carries = new ArrayList<>();
        Map<Place, Atom> moves = new LinkedHashMap<>();
        int k = in.size();
        for (int n = 0; n < k; n++) {
            Var v = in.get(n);
            boolean scalar = v.type().elements() <= around.machine.tiny() && !body.big && !around.big;
            Place current = work(v.type());
            body.places.put(v.index(), current);
            if (!scalar) around.steps.add(around.move(initial.get(n), current));
            Atom out = body.program.outputs().get(n);
            Place next = scalar || v.equals(out) || mayOverwrite(body, v, out) ? current : work(v.type());
            if (!scalar && body.isFree(out)) body.aim((Var) out, next);
            else if (!scalar && !v.equals(out)) moves.put(next, out);
            carries.add(new Carry(initial.get(n), v, out, results.get(n), scalar, current, next));
        }
        for (int y = 0; y < ys.size(); y++) {
            Atom out = body.program.outputs().get(k + y);
            if (body.isFree(out)) body.aim((Var) out, ys.get(y));
            else moves.put(ys.get(y), out);
        }
        body.planSteps();
        moves.forEach((to, from) -> body.steps.add(body.move(from, to)));
        release(body);
        return carries;
    }

    /** Whether the state {@code out} of the next turn may be made where {@code v} of this one is. */
    private static boolean mayOverwrite(Block body, Var v, Atom out) {
        if (!body.isFree(out)) return false;
        int made = body.madeAt(body.root((Var) out)), last = body.lastUse.getOrDefault(v.index(), -1);
        return last < made || last == made && body.mayOverwrite(body.groups.get(made), v);
    }

    private Place work(TensorType type) {
        return Place.at(around.planner.slot(type.dtype(), Role.WORK, -1, type.elements()));
    }

    private void release(Block part) {
        around.planner.free.addAll(part.owned.values());
        part.owned.clear();
    }

    /** After a loop the state lies where its results are to be. */
    private void finish(List<Carry> carries) {
        for (Carry c : carries) {
            if (c.scalar() || around.hasTarget(c.result())) {
                Place place = around.makePlace(c.result(), Optional.empty());
                if (!c.scalar()) around.steps.add(new Step.Copy(c.current(), place, c.result().type()));
            } else {
                around.places.put(c.result().index(), c.current());
                if (c.current().equals(c.next())) around.owned.put(c.result().index(), c.current().slot());
            }
            if (c.current().equals(c.next()) && around.hasTarget(c.result()))
                around.planner.free.add(c.current().slot());
        }
    }

    private void planCond(Cond cond, Equation e) {
        e.outputs().forEach(v -> around.makePlace(v, Optional.empty()));
        List<Place> arguments = Lists.map(e.inputs().subList(1, e.inputs().size()), this::constant);
        for (Atom a : e.inputs()) if (a instanceof Var) inMemory(a);
        List<Region> branches = new ArrayList<>();
        for (Program p : cond.branches()) {
            Map<Integer, Place> inputs = new HashMap<>();
            for (int n = 0; n < p.inputs().size(); n++) inputs.put(p.inputs().get(n).index(), arguments.get(n));
            Block branch = new Block(around.planner, p, inputs, around.turns);
            branch.planSteps();
            for (int n = 0; n < p.outputs().size(); n++)
                branch.steps.add(branch.move(p.outputs().get(n), around.places.get(e.outputs().get(n).index())));
            release(branch);
            branches.add(branch.region());
        }
        around.steps.add(new Step.Branch(e, cond, branches));
    }
}
