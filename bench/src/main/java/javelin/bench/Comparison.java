package javelin.bench;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Several measurements of one workload, ours and a peer's, taken in turn.
 *
 * @param ours as many as {@code theirs}
 */
record Comparison(String workload, List<Measurement> ours, List<Measurement> theirs) {
    static final String HEADER = "| workload | ours, us | peer, us | peer / ours | of the least | bar |\n"
            + "|---|---:|---:|---:|---:|---|";

    /** How many times as long the peer takes. */
    double ratio() { return median(theirs) / median(ours); }

    /** The same of the quickest samples, which other programs on the machine disturb least. */
    double ratioOfLeast() { return least(theirs) / least(ours); }

    private static double least(List<Measurement> all) {
        return all.stream().mapToDouble(Measurement::leastMicros).min().orElseThrow();
    }

    /** The median of the medians. */
    private static double median(List<Measurement> all) {
        double[] sorted = all.stream().mapToDouble(Measurement::medianMicros).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** As a line of the table under {@link #HEADER}. */
    String row() {
        OptionalDouble bar = Workloads.bar(workload);
        String verdict = bar.isEmpty() ? "" : "%s, %s".formatted(number(bar.getAsDouble()),
                ratio() >= bar.getAsDouble() ? "met" : "missed");
        return "| %s | %s | %s | %.2f | %.2f | %s |".formatted(workload, number(median(ours)), number(median(theirs)),
                ratio(), ratioOfLeast(), verdict);
    }

    /** Three or more significant digits. */
    private static String number(double x) {
        return x >= 100 ? "%.0f".formatted(x) : x == Math.rint(x) ? "%.0f".formatted(x) : x >= 10
                ? "%.1f".formatted(x) : "%.2g".formatted(x);
    }
}
