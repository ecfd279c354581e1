package javelin.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Another library's benchmark: a shell command that takes the name of a workload and prints a {@link Measurement}. */
record Peer(String command) {
    /** Runs the command once. Throws {@link IOException} with what it said if it gave no measurement. */
    Measurement measure(String workload) throws IOException {
        Process process = new ProcessBuilder(List.of("sh", "-c", command + " " + workload))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        for (String line : output.lines().toList())
            if (line.startsWith("{")) {
                try {
                    return Measurement.parse(line);
                } catch (RuntimeException e) {
                    throw new IOException("the peer: " + e.getMessage(), e);
                }
            }
        throw new IOException("the peer printed no line of JSON for " + workload + ", but: " + output);
    }
}
