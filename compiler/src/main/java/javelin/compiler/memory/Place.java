package javelin.compiler.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a value lies: from an element on in a slot. Values that loops scan lie at an offset that depends on the loops'
 * counters.
 */
public record Place(Slot slot, List<Term> offset) {
    /** {@code stride * counter of loop}, in elements. */
    public record Term(int loop, int stride) {}

    static Place at(Slot slot) { return new Place(slot, List.of()); }

    /** The part that turn {@code loop} of a loop sees of an array whose rows have {@code stride} elements. */
    Place row(int loop, int stride) {
        List<Term> terms = new ArrayList<>(offset);
        terms.add(new Term(loop, stride));
        return new Place(slot, List.copyOf(terms));
    }

    public boolean hasOffset() { return !offset.isEmpty(); }

    @Override public String toString() {
        StringBuilder text = new StringBuilder(slot.toString());
        for (Term t : offset) text.append(" + ").append(t.stride()).append("*t").append(t.loop());
        return text.toString();
    }
}
