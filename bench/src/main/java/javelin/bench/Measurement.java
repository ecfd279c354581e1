package javelin.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one measuring of a workload gave, in the form every peer's file prints: one line of JSON.
 *
 * @param peer    the library and its version
 * @param threads it had
 * @param runs    how often the workload was run for it
 */
record Measurement(String workload, String peer, int threads, double medianMicros, double leastMicros, long runs) {
    private static final JsonMapper JSON = new JsonMapper();

    /** From samples of nanoseconds for one run each, of {@code runs} runs in all. */
    static Measurement of(String workload, String peer, int threads, double[] nanos, long runs) {
        double[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Measurement(workload, peer, threads, micros(sorted[sorted.length / 2]), micros(sorted[0]), runs);
    }

    private static double micros(double nanos) { return Math.rint(nanos) / 1000; }

    String toJson() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("workload", workload);
        line.put("peer", peer);
        line.put("threads", threads);
        line.put("median_us", medianMicros);
        line.put("min_us", leastMicros);
        line.put("runs", runs);
        return JSON.writeValueAsString(line);
    }

    /**
     * The inverse of {@link #toJson}; throws {@link IllegalArgumentException} with the line if it tells of an error.
     */
    static Measurement parse(String line) {
        JsonNode node = JSON.readTree(line);
        if (!node.has("median_us")) throw new IllegalArgumentException(node.path("error").asString(line));
        return new Measurement(node.path("workload").asString(), node.path("peer").asString(),
                node.path("threads").asInt(),
                node.path("median_us").asDouble(), node.path("min_us").asDouble(), node.path("runs").asLong());
    }

    /** The line that says why there is no measurement. */
    static String errorLine(String workload, String error) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("workload", workload);
        line.put("error", error);
        return JSON.writeValueAsString(line);
    }
}
