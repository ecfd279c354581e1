package javelin.core.linalg;

import java.util.List;

/** One problem of a batch. */
public interface Algorithm {
    /**
     * Writes every element of {@code out}; {@code in} is a copy, to be used up. What has no result is NaN.
     *
     * @param epsilon half the distance from 1 to the next number of the results' type: what iterations stop at
     */
    void solve(List<Matrix> in, List<Matrix> out, double epsilon);
}
