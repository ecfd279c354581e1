package javelin.nn;

import java.util.Set;
import java.util.function.Predicate;

/**
 * How a module is run by {@link Nn#run}: {@link #evaluation} and {@link #training} are the usual two, from which others
 * are made, such as {@code Run.evaluation().withMutable("cache")} for decoding.
 *
 * @param rngs     the random streams
 * @param mutable  which collections may change; they are returned, whole
 * @param training whether layers drop values, normalise by the batch and update statistics
 * @param captured of which modules the results are kept in the collection {@code intermediates}, under
 *                 {@code __call__}
 */
public record Run(Rngs rngs, Predicate<String> mutable, boolean training, Predicate<Object> captured) {
    /** Where {@link Scope#sow} and capturing usually put what a module computes on its way. */
    public static final String INTERMEDIATES = "intermediates";
    private static final Predicate<Object> NOTHING = _ -> false;
    private static final Set<String> NOT_STATE = Set.of(Variables.PARAMS, INTERMEDIATES);

    /** Nothing changes, nothing is random. */
    public static Run evaluation() { return new Run(Rngs.none(), _ -> false, false, NOTHING); }

    /** Every collection may change but parameters and intermediates. */
    public static Run training(Rngs rngs) { return new Run(rngs, c -> !NOT_STATE.contains(c), true, NOTHING); }

    public Run withRngs(Rngs rngs) { return new Run(rngs, mutable, training, captured); }

    /** These collections may change too. */
    public Run withMutable(String... collections) {
        return new Run(rngs, mutable.or(Set.of(collections)::contains), training, captured);
    }

    /** Keeps the results of all modules that {@code captured} accepts. (capture_intermediates) */
    public Run capturing(Predicate<Object> captured) {
        return new Run(rngs, mutable, training, captured).withMutable(INTERMEDIATES);
    }
}
