package javelin.optim;

import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * A number in an optimizer's state that may be read and changed between updates; its name is that of the state's
 * component that holds it. Kept in f64 and rounded where it meets a tensor, which is what a number in Optax is, so the
 * updates are those of Optax without {@code inject_hyperparams}.
 *
 * @param value     an f64 scalar
 * @param scheduled whether every update sets it anew
 */
public record Hyperparameter(Tensor value, boolean scheduled) {
    public static Hyperparameter of(double value) { return new Hyperparameter(Array.scalar(value, DType.F64), false); }

    /** To be set by hand if the schedule is a constant, else by {@link #next}. */
    public static Hyperparameter of(Schedule schedule) {
        return schedule instanceof Schedules.Constant(double value) ? of(value)
                : new Hyperparameter(schedule.at(Counted.none()), true);
    }

    /** The one to use after {@code count} updates. */
    Hyperparameter next(Schedule schedule, Tensor count) {
        return scheduled ? new Hyperparameter(schedule.at(count), true) : this;
    }

    /** As a scalar of x's element type. */
    Tensor like(Tensor x) { return value.astype(x.dtype()); }
}
