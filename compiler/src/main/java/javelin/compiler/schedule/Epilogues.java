package javelin.compiler.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javelin.compiler.fuse.Group;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.ops.DotGeneral;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Hands loops over the result of a large matrix product to the product, which runs them on some rows as soon as it has
 * them, while they are in cache: a bias, an activation, an update of weights by their gradient. If nothing else reads
 * the result, the same few rows of memory serve for all of it.
 */
public final class Epilogues {
    /** Bytes of a result that stays in cache anyway. */
    private static final long IN_CACHE = 512 << 10;

    private Epilogues() {}

    /** {@code groups}, with every product that can moved to the loops that read it first. */
    public static List<Group> join(List<Group> groups, Machine machine) {
        List<Group> joined = new ArrayList<>(groups);
        var scheduler = new Scheduler(_ -> false, machine);
        for (Group g : groups) {
            if (!(g instanceof Group.Library(Equation e, _)) || !(e.op() instanceof DotGeneral dot)
                    || !isLarge(e.output().type())) continue;
            Var product = e.output();
            Optional<Group> reader = joined.stream().filter(r -> r.reads().contains(product)).findFirst();
            if (reader.isEmpty() || !(reader.get() instanceof Group.Loops loops)) continue;
            Shape right = e.inputs().get(1).type().shape();
            int turn = scheduler.loops(loops).slice(product),
                    row = right.select(dot.rhs().free(right.rank())).elements();
            if (turn == 0 || row % turn != 0) continue;
            joined.set(joined.indexOf(loops), new Group.Library(e, Optional.of(loops)));
            joined.remove(g);
        }
        return joined;
    }

    private static boolean isLarge(TensorType type) { return (long) type.elements() * type.dtype().bytes() > IN_CACHE; }
}
