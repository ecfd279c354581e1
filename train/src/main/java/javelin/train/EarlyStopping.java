package javelin.train;

import javelin.train.Checkpoints.Goal;

/** Stops when {@code patience} epochs in a row were no better, by {@code least}, than the best before. */
public record EarlyStopping(Goal goal, int patience, double least) {
    public static EarlyStopping whenNoLess(String metric, int patience) {
        return new EarlyStopping(new Goal(metric, true), patience, 0);
    }

    public static EarlyStopping whenNoMore(String metric, int patience) {
        return new EarlyStopping(new Goal(metric, false), patience, 0);
    }

    /** What was seen so far. */
    public record Watch(double best, int without) {
        public static final Watch BEGIN = new Watch(Double.NaN, 0);
    }

    /** After an epoch with this value. */
    public Watch see(Watch before, double value) {
        double asked = goal.lessIsBetter() ? value + least : value - least;
        return goal.isBetter(asked, before.best()) ? new Watch(value, 0)
                : new Watch(before.best(), before.without() + 1);
    }

    /** Whether it is time. */
    public boolean stops(Watch watch) { return watch.without() >= patience; }
}
