package javelin.compiler.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import javelin.compiler.fuse.Access;
import javelin.compiler.fuse.Group;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Kernel.Fold;
import javelin.core.Atom;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.Shape;

/** Turns groups into kernels: one for loops and reductions, one for each box that an update writes. */
public final class Scheduler {
    private final Predicate<Var> hasOffset;
    private final Machine machine;

    /** @param hasOffset whether a variable's storage is part of a larger array (a row of what a loop scans) */
    public Scheduler(Predicate<Var> hasOffset, Machine machine) {
        this.hasOffset = hasOffset;
        this.machine = machine;
    }

    public Call loops(Group.Loops group) {
        var nest = new LoopNest(group.members(), group.rows(), group.columns(), hasOffset, machine);
        for (Equation e : group.members())
            if (e.op().lower(Lists.map(e.inputs(), Atom::type)) instanceof Lowering.Reduce) nest.reduceColumns(e);
        for (Var v : group.outputs()) nest.storeElement(v);
        return nest.finish();
    }

    /**
     * A reduction that keeps the last axis runs its reduced loops inside, one accumulator for each kept element in
     * lanes.
     */
    public Call reduction(Group.Reduction group) {
        Equation e = group.members().getLast();
        List<Integer> kept = e.output().type().shape().sizes();
        List<Equation> inlined = inlined(group);
        return switch (lowering(e)) {
            case Lowering.Reduce(var extents, var body, var combine, var identity) -> {
                boolean alongRow = readsLastAxisWith(body, kept.size() + extents.size() - 1);
                var nest = new LoopNest(inlined, kept, extents, hasOffset, machine);
                nest.reduce(e, body, new Fold(combine, body.type(), identity,
                        alongRow ? kept.size() + extents.size() - 1 : -1, -1));
                yield nest.finish();
            }
            case Lowering.ArgReduce(int extent, var body, boolean max) -> {
                var nest = new LoopNest(inlined, kept, List.of(extent), hasOffset, machine);
                if (extent == 1)
                    nest.store(e.output(), nest.rowAxes(),
                            nest.value(Scalar.of(0, e.output().type().dtype()), List.of(), List.of()),
                                    Optional.empty(), -1);
                else nest.reduce(e, body, new Fold(max ? javelin.core.lowering.Fn.GT : javelin.core.lowering.Fn.LT,
                        body.type(), 0L, -1, kept.size()));
                yield nest.finish();
            }
            default -> throw new IllegalStateException(e.op() + " is not a reduction");
        };
    }

    /** Whether the innermost coordinate of some read is the loop {@code axis}: then that loop walks neighbours. */
    private static boolean readsLastAxisWith(Scalar s, int axis) {
        return switch (s) {
            case Scalar.Const _, Scalar.Loop _ -> false;
            case Scalar.Read(_, var at, _) ->
                !at.isEmpty() && at.getLast() instanceof Scalar.Loop(int loop) && loop == axis;
            case Scalar.Apply(_, _, var args) -> args.stream().anyMatch(a -> readsLastAxisWith(a, axis));
        };
    }

    /** What an update does before its pieces: nothing, if they cover everything or the base's memory is taken over. */
    public Optional<Call> base(Group.Update group) {
        Equation e = group.members().getLast();
        var update = (Lowering.Update) lowering(e);
        if (coversAll(update, e.output().type().shape())) return Optional.empty();
        var nest = new LoopNest(inlined(group), e.output().type().shape().sizes(), List.of(), hasOffset, machine);
        nest.store(e.output(), nest.rowAxes(), nest.value(update.base(), nest.rowAxes(), e.inputs()), Optional.empty(),
                -1);
        return Optional.of(nest.finish());
    }

    /** Pieces of a concatenation: they do not overlap, and together they are as large as the whole. */
    private static boolean coversAll(Lowering.Update update, Shape shape) {
        long elements = 0;
        for (var p : update.pieces()) {
            if (p.inBounds().isPresent() || p.combine().isPresent()) return false;
            elements += p.extents().stream().mapToLong(n -> n).reduce(1, (a, b) -> a * b);
        }
        return elements == shape.elements() && update.base() instanceof Scalar.Const;
    }

    /** The input whose memory the output may take over, so that only the pieces need be written. */
    public static Optional<Var> basis(Group.Update group) {
        Equation e = group.members().getLast();
        boolean plain = ((Lowering.Update) lowering(e))
                .base() instanceof Scalar.Read(int input, var at, _) && input == 0 && at.size() == e.output().type()
                        .rank();
        return plain && e.inputs().getFirst() instanceof Var v && v.type().equals(e.output().type()) ? Optional.of(v)
                : Optional.empty();
    }

    public List<Call> pieces(Group.Update group) {
        Equation e = group.members().getLast();
        List<Call> calls = new ArrayList<>();
        for (var p : ((Lowering.Update) lowering(e)).pieces()) {
            var nest = new LoopNest(inlined(group), p.extents(), List.of(), hasOffset, machine);
            List<Address> axes = nest.rowAxes();
            List<Address> at = Lists.map(p.at(), i -> nest.index(i, axes, e.inputs()));
            int guard = p.inBounds().map(b -> nest.value(b, axes, e.inputs())).orElse(-1);
            nest.store(e.output(), at, nest.value(p.value(), axes, e.inputs()), p.combine(), guard);
            boolean mayMeet = p.combine().isPresent() || p.at().stream().anyMatch(Access::readsAlongLoops);
            calls.add(mayMeet ? nest.finishInOrder() : nest.finish());
        }
        return calls;
    }

    /** All members but the last, which they are computed for. */
    private static List<Equation> inlined(Group group) {
        return group.members().subList(0, group.members().size() - 1);
    }

    private static Lowering lowering(Equation e) { return e.op().lower(Lists.map(e.inputs(), Atom::type)); }
}
