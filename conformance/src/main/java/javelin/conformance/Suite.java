package javelin.conformance;

/** The cases of one kind, as {@code lax} or {@code optimizers}: how they are named and how one is run. */
public interface Suite {
    /** What the case is counted under: a primitive, a layer, an optimizer. */
    String group(Case c);

    /** Runs the case; throws {@link Failure} unless everything it says comes out. */
    void check(Case c, Execution execution);
}
