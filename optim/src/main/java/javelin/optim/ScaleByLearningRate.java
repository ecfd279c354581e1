package javelin.optim;

import javelin.core.Tensor;

/**
 * {@code -rate g}: what makes a direction a descent. The rate is a number, kept in the state where it may be changed,
 * or a {@link Schedule} of the count of updates before this one, so the first is taken at 0.
 * (optax.scale_by_learning_rate)
 */
public record ScaleByLearningRate<P>(Rate rate) implements GradientTransformation<P, ScaleByLearningRate.State> {

    /** A learning rate. */
    public sealed interface Rate {
        record Number(double value) implements Rate {}

        record Scheduled(Schedule schedule) implements Rate {}
    }

    /** @param learningRate the rate to use next, or, of a schedule, the last one used */
    public record State(Tensor count, Hyperparameter learningRate) implements Counted {}

    @Override public State init(P params) {
        return new State(Counted.none(), switch (rate) {
            case Rate.Number(double value) -> Hyperparameter.of(value);
            case Rate.Scheduled(Schedule schedule) -> new Hyperparameter(schedule.at(Counted.none()), true);
        });
    }

    @Override public Step<P, State> update(P gradients, State state, P params) {
        Hyperparameter now = switch (rate) {
            case Rate.Number _ -> state.learningRate();
            case Rate.Scheduled(Schedule schedule) -> new Hyperparameter(schedule.at(state.count()), true);
        };
        return new Step<>(Floats.map(gradients, g -> g.mul(now.like(g).neg())),
                new State(Counted.next(state.count()), now));
    }
}
