package javelin.optim;

import java.util.function.UnaryOperator;
import javelin.core.Array;
import javelin.core.Tensor;

/**
 * A number as a function of the count of updates made before: {@code Schedules} has the usual ones. (optax.Schedule)
 */
@FunctionalInterface
public interface Schedule {
    /** The value at an integer scalar, an f64 scalar; may be traced. */
    Tensor at(Tensor count);

    /** The value at {@code count}, now. */
    default double at(int count) { return at(Array.scalar(count)).item(); }

    /** A function of this one's values. */
    default Schedule map(UnaryOperator<Tensor> f) { return count -> f.apply(at(count)); }

    /** The values at 0, 1, ..., n - 1, to draw a curve. */
    default double[] sample(int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) values[i] = at(i);
        return values;
    }
}
