package javelin.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javelin.core.JavelinException;
import javelin.io.AtomicFile;
import javelin.io.NamedTensors;
import javelin.io.Safetensors;

/**
 * A folder with the newest and the best states of a training, one file for each, which other tools can read. A kill at
 * any moment leaves every file whole; one process at a time may write.
 *
 * @param keep how many of the newest are kept; the best one is kept beside them
 * @param goal which metric says what is best, and whether less is better; empty if none does
 */
public record Checkpoints(Path folder, int keep, Optional<Goal> goal) {
    private static final String STEP = "step", METRIC = "metric/";
    private static final Pattern NAME = Pattern.compile("step-(\\d{1,18})\\.safetensors");

    public Checkpoints {
        if (keep < 1) throw new JavelinException("at least one checkpoint must be kept, not " + keep);
    }

    /** A number to be made small, or large. */
    public record Goal(String metric, boolean lessIsBetter) {
        /** Whether {@code a} is better than {@code b}; a number is better than NaN. */
        public boolean isBetter(double a, double b) {
            return Double.isNaN(b) ? !Double.isNaN(a) : lessIsBetter ? a < b : a > b;
        }
    }

    /** A checkpoint that is there. */
    public record Saved(Path file, long step, Map<String, String> metadata) {
        /** A metric that was saved with it. */
        public OptionalDouble metric(String name) {
            String text = metadata.get(METRIC + name);
            return text == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
        }

        /**
         * The state as it was saved.
         *
         * @param template gives structure, names and types, as a new state does
         * @throws javelin.core.tree.TreeException listing what is missing, unexpected or of another type
         */
        public <T> T restore(T template) throws IOException { return restore(template, Map.of()); }

        /** As above, with new names by old ones, of tensors or subtrees; see {@link NamedTensors#restore}. */
        public <T> T restore(T template, Map<String, String> renamed) throws IOException {
            return NamedTensors.restore(template, Safetensors.read(file), renamed);
        }
    }

    /** The three newest of a folder, which need not be there yet. */
    public static Checkpoints in(Path folder) { return new Checkpoints(folder, 3, Optional.empty()); }

    public Checkpoints keep(int newest) { return new Checkpoints(folder, newest, goal); }

    /** The one with the smallest metric of this name is kept too. */
    public Checkpoints keepLeast(String metric) {
        return new Checkpoints(folder, keep, Optional.of(new Goal(metric, true)));
    }

    /** The one with the largest metric of this name is kept too. */
    public Checkpoints keepMost(String metric) {
        return new Checkpoints(folder, keep, Optional.of(new Goal(metric, false)));
    }

    /** Saves a state, in place of one of the same step, and deletes what is to be kept no longer. */
    public Saved save(long step, Object state, Map<String, Double> metrics) throws IOException {
        if (step < 0) throw new JavelinException("steps are counted from 0, not " + step);
        Map<String, String> metadata = new TreeMap<>(Map.of(STEP, Long.toString(step)));
        metrics.forEach((name, value) -> metadata.put(METRIC + name, value.toString()));
        Path file = folder.resolve("step-%010d.safetensors".formatted(step));
        Safetensors.write(file, state, metadata);
        prune();
        return new Saved(file, step, metadata);
    }

    private void prune() throws IOException {
        List<Saved> all = all();
        Set<Path> kept = new HashSet<>();
        all.stream().skip(Math.max(0, all.size() - keep)).forEach(s -> kept.add(s.file()));
        best().ifPresent(s -> kept.add(s.file()));
        for (Saved s : all) if (!kept.contains(s.file())) Files.delete(s.file());
        try (Stream<Path> files = Files.list(folder)) {                  // what a kill has left
            for (Path f : files.filter(f -> f.getFileName().toString().startsWith(".step-")
                    && f.toString().endsWith(AtomicFile.TEMPORARY)).toList()) Files.deleteIfExists(f);
        }
    }

    /** All that are there, by step; empty if the folder is not there. */
    public List<Saved> all() throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            List<Saved> all = new ArrayList<>();
            for (Path file : files.toList()) {
                var name = NAME.matcher(file.getFileName().toString());
                if (!name.matches()) continue;
                try (Safetensors header = Safetensors.open(file)) {
                    all.add(new Saved(file, Long.parseLong(name.group(1)), header.metadata()));
                }
            }
            all.sort(Comparator.comparingLong(Saved::step));
            return List.copyOf(all);
        }
    }

    /** The one of the highest step. */
    public Optional<Saved> latest() throws IOException { return all().reversed().stream().findFirst(); }

    /** The one with the best metric, the first of equals; empty if none was asked for, or none has it. */
    public Optional<Saved> best() throws IOException {
        if (goal.isEmpty()) return Optional.empty();
        Goal sought = goal.get();
        return all().stream().filter(s -> s.metric(sought.metric()).isPresent()).reduce((a, b) -> sought.isBetter(
                b.metric(sought.metric()).orElseThrow(), a.metric(sought.metric()).orElseThrow()) ? b : a);
    }

    /** The latest state, or {@code template} if there is none: how a training goes on where it was stopped. */
    public <T> T latestOr(T template) throws IOException {
        Optional<Saved> latest = latest();
        return latest.isPresent() ? latest.get().restore(template) : template;
    }
}
