package javelin.compiler.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import javelin.compiler.fuse.Access;
import javelin.compiler.fuse.Fuser;
import javelin.compiler.fuse.Group;
import javelin.compiler.memory.Slot.Role;
import javelin.compiler.schedule.Call;
import javelin.compiler.schedule.Epilogues;
import javelin.compiler.schedule.Machine;
import javelin.compiler.schedule.Scheduler;
import javelin.core.Atom;
import javelin.core.Atom.Literal;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.type.TensorType;

/** A region under construction: its groups in order, each with what it needs to run and places for what it makes. */
final class Block {
    /** More turns than anyone needs to count. */
    private static final int MOST_COUNTED = 1 << 20;

    final Planner planner;
    final Machine machine;
    final Program program;
    final Map<Integer, Place> places;
    final List<Group> groups;
    final boolean big;
    final long turns;                                                    // of all loops around it
    final List<Step> steps = new ArrayList<>();
    final Set<Integer> stored = new HashSet<>();                         // variables that must be in memory
    final Map<Integer, Integer> lastUse = new HashMap<>();               // of roots
    final Map<Integer, Slot> owned = new HashMap<>();                    // slots to be freed, by root
    private final Scheduler scheduler;
    private final Set<Integer> inputs;
    private final Map<Integer, Integer> roots = new HashMap<>();         // of reshaped variables: whose memory they are
    private final Map<Integer, Place> targets = new HashMap<>();         // where results must be, by root
    private final Set<Integer> takeable = new HashSet<>();               // inputs whose memory may be taken over

    Block(Planner planner, Program program, Map<Integer, Place> inputs, long turns) {
        this.planner = planner;
        this.program = program;
        this.turns = Math.min(turns, MOST_COUNTED);
        machine = planner.machine;
        scheduler = new Scheduler(this::hasOffset, machine);
        this.inputs = new HashSet<>(Lists.map(program.inputs(), Var::index));
        places = new HashMap<>(inputs);
        groups = Epilogues.join(Fuser.fuse(program, machine.tiny()), machine);
        big = Length.of(groups, machine.tiny(), planner.methodBytes) > planner.methodBytes;
        for (Group g : groups)
            if (g instanceof Group.Reshape(Equation e) && e.inputs().getFirst() instanceof Var v)
                roots.put(e.output().index(), root(v));
        for (int i = 0; i < groups.size(); i++) for (Var v : groups.get(i).reads()) lastUse.put(root(v), i);
        for (Atom a : program.outputs()) if (a instanceof Var v) lastUse.put(root(v), groups.size());
        groups.forEach(this::noteMemoryReads);
    }

    int root(Var v) { return roots.getOrDefault(v.index(), v.index()); }

    /** Whether {@code a} is made here and may be made anywhere. */
    boolean isFree(Atom a) {
        return a instanceof Var v && !inputs.contains(root(v)) && !targets.containsKey(root(v));
    }

    boolean hasTarget(Var v) { return targets.containsKey(v.index()); }

    /** Has {@code v} made at {@code to}. */
    void aim(Var v, Place to) {
        targets.put(root(v), to);
        stored.add(root(v));
        stored.add(v.index());
    }

    /** Whatever reads memory makes those who compute in scalars write there. Kernels may run in other threads. */
    private void noteMemoryReads(Group g) {
        for (Var v : g.reads()) if (big || !readsScalars(g, v)) stored.add(v.index());
    }

    private boolean readsScalars(Group g, Var v) {
        return switch (g) {
            case Group.Unrolled(Equation e) -> !new Access(e).readsAtRandom(e, v);
            case Group.Control _ -> v.type().elements() <= machine.tiny();
            case Group.Loops _, Group.Reduction _, Group.Library _, Group.Update _, Group.Reshape _ -> false;
        };
    }

    // the main program

    Region plan(List<Place> outputs) {
        for (int i = 0; i < program.inputs().size(); i++)
            if (planner.donated.get(i)) takeable.add(program.inputs().get(i).index());
        List<Integer> direct = new ArrayList<>();                        // outputs that are made in their own array
        for (int k = 0; k < program.outputs().size(); k++) {
            Atom a = program.outputs().get(k);
            boolean free = isFree(a);
            Place place = free ? donation(k, (Var) a) : output(k, a.type());
            outputs.add(place);
            if (!free) continue;
            direct.add(k);
            aim((Var) a, place);
        }
        planSteps();
        for (int k = 0; k < outputs.size(); k++) {
            if (direct.contains(k)) continue;
            steps.add(move(program.outputs().get(k), outputs.get(k)));
        }
        return region();
    }

    private Place output(int k, TensorType type) {
        return Place.at(planner.slot(type.dtype(), Role.OUTPUT, k, type.elements()));
    }

    /** A donated argument that is read for the last time before the result is made, else a new array. */
    private Place donation(int k, Var v) {
        TensorType type = v.type();
        int made = madeAt(root(v));
        for (int i = 0; i < program.inputs().size(); i++) {
            Var in = program.inputs().get(i);
            if (!takeable.contains(in.index()) || !isAlike(in.type(), type)) continue;
            int last = lastUse.getOrDefault(in.index(), -1);
            if (last < made || last == made && mayOverwrite(groups.get(made), in)) {
                takeable.remove(in.index());
                return places.get(in.index());
            }
        }
        return output(k, type);
    }

    private static boolean isAlike(TensorType a, TensorType b) {
        return a.dtype() == b.dtype() && a.elements() == b.elements();
    }

    /** The step that brings {@code a} to a place; if it is computed in scalars it must be in memory for that. */
    Step move(Atom a, Place to) {
        if (a instanceof Literal l) return new Step.Fill(l, to);
        Var v = (Var) a;
        stored.add(v.index());
        return new Step.Copy(places.get(v.index()), to, v.type());
    }

    int madeAt(int root) {
        for (int i = 0; i < groups.size(); i++) for (Var o : groups.get(i).outputs()) if (o.index() == root) return i;
        throw new IllegalStateException("%" + root + " is computed by no group");
    }

    boolean mayOverwrite(Group g, Var in) {
        return switch (g) {
            case Group.Loops loops -> mayOverwrite(loops, in);
            case Group.Library(Equation e, var epilogue) ->
                    epilogue.isPresent() && !isRead(e, in) && mayOverwrite(epilogue.get(), in);
            case Group.Update update -> Scheduler.basis(update).filter(in::equals).isPresent() && readOnce(update, in);
            default -> false;
        };
    }

    private boolean mayOverwrite(Group.Loops loops, Var in) {
        Call call = scheduler.loops(loops);
        return call.overwritable().contains(in) && onlyName(in, call);
    }

    private boolean isRead(Equation e, Var v) {
        return e.inputs().stream().anyMatch(a -> a instanceof Var in && root(in) == root(v));
    }

    /** Under whatever shape. */
    private boolean readOnce(Group.Update update, Var base) {
        return update.members().stream().flatMap(e -> e.inputs().stream())
                .filter(a -> a instanceof Var v && root(v) == root(base)).count() == 1;
    }

    Region region() {
        return new Region(program, groups, List.copyOf(steps), Map.copyOf(places), Set.copyOf(stored), big);
    }

    private boolean hasOffset(Var v) {
        Place p = places.get(v.index());
        if (p == null) p = places.get(root(v));
        if (p == null) p = targets.get(root(v));
        return p != null && p.hasOffset();
    }

    // steps

    void planSteps() {
        placeBases();
        for (int i = 0; i < groups.size(); i++) {
            plan(groups.get(i), i);
            release(i);
        }
    }

    /** What is made only to be updated is made where the result must be, if nothing else lies there. */
    private void placeBases() {
        for (int i = groups.size() - 1; i >= 0; i--) {
            if (!(groups.get(i) instanceof Group.Update update)) continue;
            Place target = targets.get(update.outputs().getFirst().index());
            if (target == null || places.values().stream().anyMatch(p -> p.slot() == target.slot())) continue;
            dyingBasis(update, i).filter(this::isFree).ifPresent(b -> {
                targets.put(root(b), target);
                stored.add(root(b));
            });
        }
    }

    /** What {@code update}, group {@code i}, changes parts of, if nothing reads it afterwards or beside. */
    private Optional<Var> dyingBasis(Group.Update update, int i) {
        return Scheduler.basis(update).filter(b -> readOnce(update, b) && lastUse.get(root(b)) == i);
    }

    private void release(int step) {
        owned.entrySet().removeIf(o -> {
            boolean over = lastUse.getOrDefault(o.getKey(), step) <= step;
            if (over) planner.free.add(o.getValue());
            return over;
        });
    }

    private void plan(Group g, int i) {
        switch (g) {
            case Group.Reshape(Equation e) -> {
                if (e.inputs().getFirst() instanceof Var v) places.put(e.output().index(), places.get(v.index()));
                else steps.add(move(e.inputs().getFirst(), makePlace(e.output(), Optional.empty())));
            }
            case Group.Unrolled(Equation e) -> {
                e.outputs().forEach(v -> makePlace(v, Optional.empty()));
                steps.add(new Step.Unrolled(e));
            }
            case Group.Library(Equation e, var epilogue) when epilogue.isPresent() && isWhole(epilogue.get()) -> {
                Var product = e.output();
                boolean elsewhere = hasTarget(product) || lastUse.getOrDefault(root(product), i) > i;
                if (elsewhere) makePlace(product, Optional.empty());
                var inParts = new Scheduler(product::equals, machine);
                steps.add(new Step.Library(e,
                        Optional.of(planLoops(inParts, epilogue.get(), i, v -> isRead(e, v)))));
            }
            case Group.Library(Equation e, var epilogue) -> {
                e.outputs().forEach(v -> makePlace(v, Optional.empty()));
                steps.add(new Step.Library(e, Optional.empty()));
                epilogue.ifPresent(loops -> plan(loops, i));
            }
            case Group.Loops loops -> run(planLoops(scheduler, loops, i, _ -> false));
            case Group.Reduction reduction -> {
                makePlace(reduction.outputs().getFirst(), Optional.empty());
                run(scheduler.reduction(reduction));
            }
            case Group.Update update -> planUpdate(update, i);
            case Group.Control(Equation e) -> new LoopPlan(this).plan(e);
        }
    }

    private void run(Call call) { steps.add(new Step.Run(call.repeated(turns))); }

    /** Whether nothing that {@code loops} read or write is a row of something larger. */
    private boolean isWhole(Group.Loops loops) {
        return loops.reads().stream().noneMatch(this::hasOffset) && loops.outputs().stream().noneMatch(this::hasOffset);
    }

    private Call planLoops(Scheduler by, Group.Loops loops, int i, Predicate<Var> kept) {
        Call call = by.loops(loops);
        for (Var v : loops.outputs()) makePlace(v, dying(call, v.type(), i, kept));
        return call;
    }

    /** Gives {@code v} a place: where it must be, else {@code reuse}, else a slot. */
    Place makePlace(Var v, Optional<Var> reuse) {
        Place target = targets.get(v.index());
        if (target == null && reuse.isPresent()) {
            int root = root(reuse.get());
            target = places.get(reuse.get().index());
            Slot slot = owned.remove(root);
            owned.put(v.index(), slot);
        } else if (target == null) {
            Slot slot = planner.allocate(v.type());
            owned.put(v.index(), slot);
            target = Place.at(slot);
        }
        places.put(v.index(), target);
        return target;
    }

    /** A variable of the same size that is read for the last time in step {@code i} and whose slot is ours. */
    private Optional<Var> dying(Call call, TensorType type, int i, Predicate<Var> kept) {
        return call.overwritable().stream().filter(v -> onlyName(v, call) && !kept.test(v) && owned.containsKey(root(v))
                && lastUse.getOrDefault(root(v), i) == i && isAlike(v.type(), type)).findFirst();
    }

    /** Whether nothing else the call reads lies where {@code v} does, under another shape. */
    private boolean onlyName(Var v, Call call) {
        return call.loaded().stream().filter(w -> root(w) == root(v)).count() == 1;
    }

    private void planUpdate(Group.Update update, int i) {
        Var v = update.outputs().getFirst();
        Optional<Var> basis = dyingBasis(update, i);
        Place target = targets.get(v.index());
        boolean inPlace = basis.isPresent() && (target != null
                ? target.equals(places.get(basis.get().index())) : owned.containsKey(root(basis.get())));
        makePlace(v, inPlace && target == null ? basis : Optional.empty());
        if (!inPlace) scheduler.base(update).ifPresent(this::run);
        scheduler.pieces(update).forEach(this::run);
    }
}
