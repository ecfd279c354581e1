package javelin.nn;

import java.util.Set;
import java.util.TreeSet;

/**
 * How variables and random streams of a module that is run {@code size} times are laid out: those of a collection have
 * a new axis 0, one row for each run, unless it is named here; keys of a stream are split, one for each run, unless it
 * is named here. (variable_axes and split_rngs of nn.vmap and nn.scan)
 *
 * @param shared     collections of which all runs use the same variables (variable_broadcast)
 * @param carried    collections that each step of a scan passes on to the next (variable_carry)
 * @param sameStream streams of which all runs draw the same numbers
 * @param reverse    whether a scan runs from the last step to the first
 */
public record Stacking(int size, Set<String> shared, Set<String> carried, Set<String> sameStream, boolean reverse) {
    /** {@code size} runs that have nothing in common. */
    public static Stacking of(int size) { return new Stacking(size, Set.of(), Set.of(), Set.of(), false); }

    public Stacking sharing(String... collections) {
        return new Stacking(size, with(shared, collections), carried, sameStream, reverse);
    }

    public Stacking carrying(String... collections) {
        return new Stacking(size, shared, with(carried, collections), sameStream, reverse);
    }

    public Stacking withSameStream(String... streams) {
        return new Stacking(size, shared, carried, with(sameStream, streams), reverse);
    }

    public Stacking withReverse(boolean reverse) { return new Stacking(size, shared, carried, sameStream, reverse); }

    private static Set<String> with(Set<String> before, String... more) {
        Set<String> all = new TreeSet<>(before);
        all.addAll(Set.of(more));
        return Set.copyOf(all);
    }
}
