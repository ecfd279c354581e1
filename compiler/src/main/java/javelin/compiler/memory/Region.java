package javelin.compiler.memory;

import java.util.List;
import java.util.Map;
import java.util.Set;
import javelin.core.Atom;
import javelin.core.Atom.Var;
import javelin.core.Program;
import javelin.compiler.fuse.Group;

/**
 * A program (or the body of a loop or branch) as steps.
 *
 * @param places where variables lie, by index
 * @param stored variables computed in scalars that must be written to their places too, since something reads them
 * there
 * @param big    whether it is too long for one method: then all its variables pass through memory, and its steps are
 *               spread over several methods
 */
public record Region(Program program, List<Group> groups, List<Step> steps, Map<Integer, Place> places,
        Set<Integer> stored, boolean big) {
    /** Whether {@code v} lies anywhere: the output of a product that only its epilogue reads is never whole. */
    public boolean hasPlace(Var v) { return places.containsKey(v.index()); }

    public Place place(Var v) {
        Place place = places.get(v.index());
        if (place == null) throw new IllegalStateException(v + " has no place");
        return place;
    }
}
