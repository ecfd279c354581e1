package javelin.conformance;

import java.util.Optional;

/**
 * What became of a case.
 *
 * @param group   the primitive or name it is counted under
 * @param failure empty if it passed
 */
public record Outcome(String id, String suite, String group, Optional<Failure> failure) {
    public boolean passed() { return failure.isEmpty(); }
}
