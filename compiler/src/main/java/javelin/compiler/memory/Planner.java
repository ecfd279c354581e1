package javelin.compiler.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import javelin.compiler.fuse.Access;
import javelin.compiler.fuse.Fuser;
import javelin.compiler.fuse.Group;
import javelin.compiler.memory.Slot.Role;
import javelin.compiler.memory.Step.Carry;
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
import javelin.core.ops.Broadcast;
import javelin.core.ops.Cond;
import javelin.core.ops.Scan;
import javelin.core.ops.While;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * Fuses, schedules and places a program, region by region. A value's slot is free again after the last step that reads
 * it; a result is written straight into its own array, or into a donated argument's.
 */
public final class Planner {

    /** Loops of so many turns run in a method of their own, {@link #TURNS} at a time. */
    public static final int MANY_TURNS = 64, TURNS = 32;

    /** What a loop is taken for whose turns nobody knows; and more turns than anyone needs to count. */
    private static final int SOME_TURNS = 16, MOST_COUNTED = 1 << 20;

    private final List<Slot> slots = new ArrayList<>();
    private final List<Slot> free = new ArrayList<>();
    private final List<Boolean> donated;
    private final Machine machine;
    private final int methodBytes;
    private int loops;

    /**
     * @param slots       every array of the program
     * @param methodBytes about how many bytes of bytecode a region may have to be one method
     */
    public record Plan(Region main, List<Slot> slots, List<Place> outputs, int methodBytes) {}

    private Planner(List<Boolean> donated, Machine machine, int methodBytes) {
        this.methodBytes = methodBytes;
        this.donated = donated;
        this.machine = machine;
    }

    public static Plan plan(Program program, List<Boolean> donated, Machine machine, int methodBytes) {
        var planner = new Planner(donated, machine, methodBytes);
        Map<Integer, Place> inputs = new HashMap<>();
        for (int i = 0; i < program.inputs().size(); i++) {
            Var v = program.inputs().get(i);
            inputs.put(v.index(), Place.at(planner.slot(v.type().dtype(), Role.INPUT, i, v.type().elements())));
        }
        List<Place> outputs = new ArrayList<>();
        var main = planner.new Block(program, inputs, 1).plan(outputs);
        return new Plan(main, planner.slots, outputs, methodBytes);
    }

    private Slot slot(DType type, Role role, int index, int capacity) {
        Slot slot = new Slot(slots.size(), type, role, index, capacity);
        slots.add(slot);
        return slot;
    }

    /** A slot for {@code elements}: the free one that fits best, else a new one. */
    private Slot allocate(TensorType type) {
        int n = type.elements();
        Optional<Slot> best = free.stream().filter(s -> s.type() == type.dtype())
                .min(Comparator.comparingLong(s -> s.capacity() >= n ? s.capacity() - n : (1L << 32) + n - s.capacity()));
        if (best.isEmpty() || best.get().capacity() > 8L * n + 64) return slot(type.dtype(), Role.WORK, -1, n);
        free.remove(best.get());
        best.get().hold(n);
        return best.get();
    }

    /** A region under construction. */
    private final class Block {
        private final Program program;
        private final Map<Integer, Place> places;
        private final List<Group> groups;
        private final boolean big;
        private final long turns;                                        // of all loops around it
        private final List<Step> steps = new ArrayList<>();
        private final Set<Integer> stored = new HashSet<>();
        private final Map<Integer, Integer> roots = new HashMap<>();     // of reshaped variables: whose memory they are
        private final Map<Integer, Integer> lastUse = new HashMap<>();   // of roots
        private final Map<Integer, Slot> owned = new HashMap<>();        // slots to be freed, by root
        private final Map<Integer, Place> targets = new HashMap<>();     // where results must be, by root
        private final Set<Integer> takeable = new HashSet<>();           // inputs whose memory may be taken over

        Block(Program program, Map<Integer, Place> inputs, long turns) {
            this.program = program;
            this.turns = Math.min(turns, MOST_COUNTED);
            places = new HashMap<>(inputs);
            groups = Epilogues.join(Fuser.fuse(program, machine.tiny()), machine);
            big = Length.of(groups, machine.tiny(), methodBytes) > methodBytes;
            for (Group g : groups)
                if (g instanceof Group.Reshape(Equation e) && e.inputs().getFirst() instanceof Var v) roots.put(e.output().index(), root(v));
            for (int i = 0; i < groups.size(); i++) for (Var v : groups.get(i).reads()) lastUse.put(root(v), i);
            for (Atom a : program.outputs()) if (a instanceof Var v) lastUse.put(root(v), groups.size());
            groups.forEach(this::noteMemoryReads);
        }

        private int root(Var v) { return roots.getOrDefault(v.index(), v.index()); }

        /** Whatever reads memory makes those who compute in scalars write there. */
        private void noteMemoryReads(Group g) {
            for (Var v : g.reads()) {
                boolean inScalars = switch (g) {
                    case Group.Unrolled(Equation e) -> !big && !new Access(e).readsAtRandom(e, v);
                    case Group.Loops _, Group.Reduction _ -> !big && v.type().elements() == 1;
                    case Group.Library(Equation e, _) -> !big && v.type().elements() == 1 && !e.inputs().contains(v);
                    case Group.Update update -> !big && v.type().elements() == 1 && Scheduler.basis(update).filter(v::equals).isEmpty();
                    case Group.Control _ -> !big && v.type().elements() <= machine.tiny();
                    case Group.Reshape _ -> false;
                };
                if (!inScalars) stored.add(v.index());
            }
        }

        // the main program

        Region plan(List<Place> outputs) {
            for (int i = 0; i < program.inputs().size(); i++) if (donated.get(i)) takeable.add(program.inputs().get(i).index());
            Set<Integer> inputs = new HashSet<>(Lists.map(program.inputs(), Var::index));
            List<Integer> direct = new ArrayList<>();                    // outputs that are computed into their own array
            for (int k = 0; k < program.outputs().size(); k++) {
                boolean computed = program.outputs().get(k) instanceof Var v && !inputs.contains(root(v)) && !targets.containsKey(root(v));
                TensorType type = program.outputs().get(k).type();
                Place place = computed ? donation(k, (Var) program.outputs().get(k)) : Place.at(slot(type.dtype(), Role.OUTPUT, k, type.elements()));
                outputs.add(place);
                if (!computed) continue;
                direct.add(k);
                targets.put(root((Var) program.outputs().get(k)), place);
                stored.add(((Var) program.outputs().get(k)).index());
                stored.add(root((Var) program.outputs().get(k)));
            }
            planSteps();
            for (int k = 0; k < outputs.size(); k++) {
                if (direct.contains(k)) continue;
                steps.add(move(program.outputs().get(k), outputs.get(k)));
            }
            return region();
        }

        /** A donated argument that is read for the last time before the result is made, else a new array. */
        private Place donation(int k, Var v) {
            TensorType type = v.type();
            int made = madeAt(root(v));
            for (int i = 0; i < program.inputs().size(); i++) {
                Var in = program.inputs().get(i);
                boolean fits = takeable.contains(in.index()) && in.type().dtype() == type.dtype() && in.type().elements() == type.elements();
                if (!fits) continue;
                int last = lastUse.getOrDefault(in.index(), -1);
                if (last < made || last == made && mayOverwrite(groups.get(made), in)) {
                    takeable.remove(in.index());
                    return places.get(in.index());
                }
            }
            return Place.at(slot(type.dtype(), Role.OUTPUT, k, type.elements()));
        }

        /** The step that brings {@code a} to a place; if it is computed in scalars it must be in memory for that. */
        private Step move(Atom a, Place to) {
            if (a instanceof Literal l) return new Step.Fill(l, to);
            Var v = (Var) a;
            stored.add(v.index());
            return new Step.Copy(places.get(v.index()), to, v.type());
        }

        private int madeAt(int root) {
            for (int i = 0; i < groups.size(); i++) for (Var o : groups.get(i).outputs()) if (o.index() == root) return i;
            throw new IllegalStateException("%" + root + " is computed by no group");
        }

        private boolean mayOverwrite(Group g, Var in) {
            return switch (g) {
                case Group.Loops loops -> mayOverwrite(loops, in);
                case Group.Library(Equation e, var epilogue) -> epilogue.isPresent() && !isRead(e, in) && mayOverwrite(epilogue.get(), in);
                case Group.Update update -> Scheduler.basis(update).filter(in::equals).isPresent() && readOnce(update, in);
                default -> false;
            };
        }

        private boolean mayOverwrite(Group.Loops loops, Var in) {
            Call call = new Scheduler(this::hasOffset, machine).loops(loops);
            return call.overwritable().contains(in) && onlyName(in, call);
        }

        private boolean isRead(Equation e, Var v) { return e.inputs().stream().anyMatch(a -> a instanceof Var in && root(in) == root(v)); }

        /** Under whatever shape. */
        private boolean readOnce(Group.Update update, Var base) {
            return update.members().stream().flatMap(e -> e.inputs().stream())
                    .filter(a -> a instanceof Var v && root(v) == root(base)).count() == 1;
        }

        private Region region() { return new Region(program, groups, List.copyOf(steps), Map.copyOf(places), Set.copyOf(stored), big); }

        private boolean hasOffset(Var v) {
            Place p = places.get(v.index());
            if (p == null) p = places.get(root(v));
            if (p == null) p = targets.get(root(v));
            return p != null && p.hasOffset();
        }

        // steps

        private void planSteps() {
            placeBases();
            for (int i = 0; i < groups.size(); i++) {
                plan(groups.get(i), i);
                release(i);
            }
        }

        /** What is made only to be updated is made where the result must be, if nothing else lies there. */
        private void placeBases() {
            Set<Integer> inputs = new HashSet<>(Lists.map(program.inputs(), Var::index));
            for (int i = groups.size() - 1; i >= 0; i--) {
                if (!(groups.get(i) instanceof Group.Update update)) continue;
                Place target = targets.get(update.outputs().getFirst().index());
                if (target == null || places.values().stream().anyMatch(p -> p.slot() == target.slot())) continue;
                dyingBasis(update, i).filter(b -> !inputs.contains(root(b)) && !targets.containsKey(root(b))).ifPresent(b -> {
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
                if (over) free.add(o.getValue());
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
                case Group.Library(Equation e, var epilogue) -> {
                    e.outputs().forEach(v -> makePlace(v, Optional.empty()));
                    steps.add(new Step.Library(e, epilogue.map(loops -> planLoops(loops, i, v -> isRead(e, v)))));
                }
                case Group.Loops loops -> {
                    Call call = planLoops(loops, i, _ -> false);
                    if (!isNewAndZero(loops)) run(call);
                }
                case Group.Reduction reduction -> {
                    makePlace(reduction.outputs().getFirst(), Optional.empty());
                    run(new Scheduler(this::hasOffset, machine).reduction(reduction));
                }
                case Group.Update update -> planUpdate(update, i);
                case Group.Control(Equation e) -> planControl(e, i);
            }
        }

        private void run(Call call) { steps.add(new Step.Run(call.repeated(turns))); }

        private Call planLoops(Group.Loops loops, int i, Predicate<Var> kept) {
            Call call = new Scheduler(this::hasOffset, machine).loops(loops);
            for (Var v : loops.outputs()) makePlace(v, dying(call, v.type(), i, kept));
            return call;
        }

        /** Gives {@code v} a place: where it must be, else {@code reuse}, else a slot. */
        private Place makePlace(Var v, Optional<Var> reuse) {
            Place target = targets.get(v.index());
            if (target == null && reuse.isPresent()) {
                int root = root(reuse.get());
                target = places.get(reuse.get().index());
                Slot slot = owned.remove(root);
                owned.put(v.index(), slot);
            } else if (target == null) {
                Slot slot = allocate(v.type());
                owned.put(v.index(), slot);
                target = Place.at(slot);
            }
            places.put(v.index(), target);
            return target;
        }

        /** A variable of the same size that is read for the last time in step {@code i} and whose slot is ours. */
        private Optional<Var> dying(Call call, TensorType type, int i, Predicate<Var> kept) {
            return call.overwritable().stream().filter(v -> onlyName(v, call) && !kept.test(v) && owned.containsKey(root(v)) && lastUse.getOrDefault(root(v), i) == i
                    && v.type().dtype() == type.dtype() && v.type().elements() == type.elements()).findFirst();
        }

        /** Whether nothing else the call reads lies where {@code v} does, under another shape. */
        private boolean onlyName(Var v, Call call) { return call.loaded().stream().filter(w -> root(w) == root(v)).count() == 1; }

        /** Zeros in a new array, which has them already. */
        private boolean isNewAndZero(Group.Loops loops) {
            Equation e = loops.members().getFirst();
            Place place = places.get(e.output().index());
            return loops.members().size() == 1 && e.op() instanceof Broadcast && e.inputs().getFirst() instanceof Literal(Number value, _)
                    && Double.doubleToRawLongBits(value.doubleValue()) == 0 && place.slot().role() == Role.OUTPUT && !place.hasOffset();
        }

        private void planUpdate(Group.Update update, int i) {
            Var v = update.outputs().getFirst();
            Optional<Var> basis = dyingBasis(update, i);
            Place target = targets.get(v.index());
            boolean inPlace = basis.isPresent() && (target != null ? target.equals(places.get(basis.get().index())) : owned.containsKey(root(basis.get())));
            makePlace(v, inPlace && target == null ? basis : Optional.empty());
            var scheduler = new Scheduler(this::hasOffset, machine);
            if (!inPlace) scheduler.base(update).ifPresent(this::run);
            scheduler.pieces(update).forEach(this::run);
        }

        // loops and branches

        private void planControl(Equation e, int i) {
            switch (e.op()) {
                case Scan scan -> planScan(scan, e);
                case While loop -> planWhile(loop, e);
                case Cond cond -> planCond(cond, e);
                default -> throw new IllegalStateException(e.op() + " is no loop or branch that the compiler knows");
            }
        }

        /** Literals that a loop takes as constants are put into memory before it. */
        private Place constant(Atom a) {
            if (a instanceof Var v) return places.get(v.index());
            Place place = Place.at(slot(a.type().dtype(), Role.WORK, -1, 1));
            steps.add(move(a, place));
            return place;
        }

        /** A variable that something reads from its place. */
        private int inMemory(Atom a) {
            stored.add(((Var) a).index());
            return ((Var) a).index();
        }

        /** If a part of a loop or branch reads its input from memory, or is too big for locals, what goes in must be there. */
        private void passInMemory(Block part, Var input, Atom outside) {
            if (outside instanceof Var v && (part.big || part.stored.contains(input.index()))) stored.add(v.index());
        }

        private void planScan(Scan scan, Equation e) {
            int loop = loops++, c = scan.constants(), k = scan.carries();
            Map<Integer, Place> inputs = new HashMap<>();
            List<Var> in = scan.body().inputs();
            for (int n = 0; n < c; n++) inputs.put(in.get(n).index(), constant(e.inputs().get(n)));
            for (int n = c + k; n < in.size(); n++) inputs.put(in.get(n).index(), places.get(inMemory(e.inputs().get(n))).row(loop, in.get(n).type().elements()));
            for (int n = k; n < e.outputs().size(); n++) makePlace(e.outputs().get(n), Optional.empty());
            List<Optional<Place>> ys = Lists.each(e.outputs().size() - k, n -> {
                Place whole = places.get(e.outputs().get(k + n).index());
                return Optional.of(whole.row(loop, scan.body().outputs().get(k + n).type().elements()));
            });
            Block body = new Block(scan.body(), inputs, turns * scan.length());
            List<Carry> carries = body.planLoop(in.subList(c, c + k), e.inputs().subList(c, c + k), e.outputs().subList(0, k), ys, this);
            for (int n = 0; n < c; n++) {
                passInMemory(body, in.get(n), e.inputs().get(n));
                if (scan.length() >= MANY_TURNS && e.inputs().get(n) instanceof Var) inMemory(e.inputs().get(n));
            }
            steps.add(new Step.Counted(e, scan, loop, body.region(), carries));
            finish(carries);
        }

        private void planWhile(While loop, Equation e) {
            int cc = loop.conditionConstants(), bc = loop.bodyConstants();
            List<Place> constants = Lists.map(e.inputs().subList(0, cc + bc), this::constant);
            Map<Integer, Place> inputs = new HashMap<>(), tested = new HashMap<>();
            for (int n = 0; n < bc; n++) inputs.put(loop.body().inputs().get(n).index(), constants.get(cc + n));
            for (int n = 0; n < cc; n++) tested.put(loop.condition().inputs().get(n).index(), constants.get(n));
            List<Var> in = loop.body().inputs().subList(bc, loop.body().inputs().size());
            Block body = new Block(loop.body(), inputs, turns * SOME_TURNS);
            List<Carry> carries = body.planLoop(in, e.inputs().subList(cc + bc, e.inputs().size()), e.outputs(), List.of(), this);
            for (int n = 0; n < in.size(); n++) tested.put(loop.condition().inputs().get(cc + n).index(), carries.get(n).current());
            Block condition = new Block(loop.condition(), tested, turns * SOME_TURNS);
            condition.planSteps();
            // what the condition reads from memory must be there at the start of every turn
            for (int n = 0; n < in.size(); n++)
                if (condition.stored.contains(loop.condition().inputs().get(cc + n).index()) || condition.big) body.stored.add(in.get(n).index());
            for (int n = 0; n < cc; n++) passInMemory(condition, loop.condition().inputs().get(n), e.inputs().get(n));
            for (int n = 0; n < bc; n++) passInMemory(body, loop.body().inputs().get(n), e.inputs().get(cc + n));
            steps.add(new Step.Conditional(e, loop, condition.region(), body.region(), carries));
            finish(carries);
        }

        /** Gives the state its slots and plans this block as the body of a loop inside {@code outer}. */
        private List<Carry> planLoop(List<Var> in, List<Atom> initial, List<Var> results, List<Optional<Place>> ys, Block outer) {
            List<Carry> carries = new ArrayList<>();
            Set<Integer> inputs = new HashSet<>(Lists.map(program.inputs(), Var::index));
            Map<Place, Atom> moves = new LinkedHashMap<>();
            int k = in.size();
            for (int n = 0; n < k; n++) {
                Var v = in.get(n);
                boolean scalar = v.type().elements() <= machine.tiny() && !big && !outer.big;
                Place current = Place.at(slot(v.type().dtype(), Role.WORK, -1, v.type().elements()));
                places.put(v.index(), current);
                if (!scalar) outer.steps.add(outer.move(initial.get(n), current));
                Atom out = program.outputs().get(n);
                Place next = current;
                if (!scalar) {
                    boolean computed = out instanceof Var o && !inputs.contains(root(o)) && !targets.containsKey(root(o));
                    int made = computed ? madeAt(root((Var) out)) : groups.size();
                    int last = lastUse.getOrDefault(v.index(), -1);
                    boolean overwrites = computed && (last < made || last == made && mayOverwrite(groups.get(made), v));
                    boolean unchanged = v.equals(out);
                    if (!overwrites && !unchanged) next = Place.at(slot(v.type().dtype(), Role.WORK, -1, v.type().elements()));
                    if (computed) {
                        targets.put(root((Var) out), next);
                        stored.add(root((Var) out));
                        stored.add(((Var) out).index());
                    } else if (!unchanged) moves.put(next, out);
                }
                carries.add(new Carry(initial.get(n), v, out, results.get(n), scalar, current, next));
            }
            for (int y = 0; y < ys.size(); y++) {
                Atom out = program.outputs().get(k + y);
                boolean computed = out instanceof Var o && !inputs.contains(root(o)) && !targets.containsKey(root(o));
                if (computed) {
                    targets.put(root((Var) out), ys.get(y).get());
                    stored.add(root((Var) out));
                    stored.add(((Var) out).index());
                } else moves.put(ys.get(y).get(), out);
            }
            planSteps();
            moves.forEach((to, from) -> steps.add(move(from, to)));
            owned.values().forEach(free::add);
            owned.clear();
            return carries;
        }

        /** After a loop the state lies where its results are to be. */
        private void finish(List<Carry> carries) {
            for (Carry c : carries) {
                if (c.scalar() || targets.containsKey(c.result().index())) {
                    Place place = makePlace(c.result(), Optional.empty());
                    if (!c.scalar()) steps.add(new Step.Copy(c.current(), place, c.result().type()));
                } else {
                    places.put(c.result().index(), c.current());
                    if (c.current().equals(c.next())) owned.put(c.result().index(), c.current().slot());
                }
                if (c.current().equals(c.next()) && targets.containsKey(c.result().index())) free.add(c.current().slot());
            }
        }

        private void planCond(Cond cond, Equation e) {
            e.outputs().forEach(v -> makePlace(v, Optional.empty()));
            List<Place> arguments = Lists.map(e.inputs().subList(1, e.inputs().size()), this::constant);
            for (Atom a : e.inputs()) if (a instanceof Var) inMemory(a);
            List<Region> branches = new ArrayList<>();
            for (Program p : cond.branches()) {
                Map<Integer, Place> inputs = new HashMap<>();
                for (int n = 0; n < p.inputs().size(); n++) inputs.put(p.inputs().get(n).index(), arguments.get(n));
                Block branch = new Block(p, inputs, turns);
                branch.planSteps();
                for (int n = 0; n < p.outputs().size(); n++)
                    branch.steps.add(branch.move(p.outputs().get(n), places.get(e.outputs().get(n).index())));
                branch.owned.values().forEach(free::add);
                branches.add(branch.region());
            }
            steps.add(new Step.Branch(e, cond, branches));
        }
    }
}
