package javelin.conformance;

import java.util.Optional;

/**
 * What became of a case.
 *
 * @param group   the primitive or name it is counted under
 * @param failure empty if it passed
 */
public record Outcome(Case tested, String group, Optional<Failure> failure) {
    public String id() { return tested.id(); }

    public String suite() { return tested.suite(); }

    public boolean passed() { return failure.isEmpty(); }
}
