package javelin.examples;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** The bar that long programs show on the standard error output. */
final class Progress {
    private Progress() {}

    /** A bar that is full after so many steps; to be closed. */
    static ProgressBar of(String task, int steps) {
        return new ProgressBarBuilder().setTaskName(task).setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII).hideEta().setUpdateIntervalMillis(100).build();
    }
}
