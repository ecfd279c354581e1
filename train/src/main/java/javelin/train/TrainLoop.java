package javelin.train;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import javelin.core.JavelinException;
import javelin.core.Tensor;

/**
 * Epochs of steps over batches, with what usually stands around them. The step is the user's, usually
 * {@code jit(...).donate(0)}; so is the validation, if there is one.
 * <pre>{@code
 * TrainLoop.of(step).validate(state -> Map.of("accuracy", test(state)))
 *         .checkpoints(Checkpoints.in(folder).keepMost("accuracy")).stopping(EarlyStopping.whenNoMore("accuracy", 5))
 *         .listen(TrainLoop.printing(System.out)).run(state, batches.shuffled(1), 20);
 * }</pre>
 *
 * @param <S> the state, such as {@link TrainState}
 * @param <B> a batch
 */
public record TrainLoop<S, B>(BiFunction<S, B, Stepped<S>> step, Function<S, Map<String, Double>> validation,
        Optional<Checkpoints> checkpoints, Optional<EarlyStopping> stopping, List<Listener> listeners) {
    /** What a step gives: the next state, and scalars by name, whose means over an epoch are reported. */
    public record Stepped<S>(S state, Map<String, Tensor> metrics) {}

    /**
     * An epoch that is over.
     *
     * @param epoch   counted from 0
     * @param steps   steps since epoch 0
     * @param metrics the means of the step's, then what validation gave
     * @param nanos   what its steps took, without validation
     */
    public record Report(int epoch, long steps, SequencedMap<String, Double> metrics, long nanos) {}

    /** Who is told of every epoch. */
    @FunctionalInterface
    public interface Listener {
        void epoch(Report report) throws IOException;
    }

    /** The last state, and what was reported on the way: the curves. */
    public record Result<S>(S state, List<Report> reports) {
        /** One metric, epoch by epoch. */
        public double[] curve(String metric) {
            return reports.stream().mapToDouble(r -> r.metrics().getOrDefault(metric, Double.NaN)).toArray();
        }
    }

    public static <S, B> TrainLoop<S, B> of(BiFunction<S, B, Stepped<S>> step) {
        return new TrainLoop<>(step, _ -> Map.of(), Optional.empty(), Optional.empty(), List.of());
    }

    /** Measures after every epoch; names must differ from those of the step. */
    public TrainLoop<S, B> validate(Function<S, Map<String, Double>> validation) {
        return new TrainLoop<>(step, validation, checkpoints, stopping, listeners);
    }

    /** Saves the state after every epoch. */
    public TrainLoop<S, B> checkpoints(Checkpoints checkpoints) {
        return new TrainLoop<>(step, validation, Optional.of(checkpoints), stopping, listeners);
    }

    public TrainLoop<S, B> stopping(EarlyStopping stopping) {
        return new TrainLoop<>(step, validation, checkpoints, Optional.of(stopping), listeners);
    }

    public TrainLoop<S, B> listen(Listener listener) {
        List<Listener> all = new ArrayList<>(listeners);
        all.add(listener);
        return new TrainLoop<>(step, validation, checkpoints, stopping, List.copyOf(all));
    }

    /** Runs {@code epochs} epochs, or fewer if they are stopped early. The state may have been donated afterwards. */
    public Result<S> run(S state, Batches<B> batches, int epochs) throws IOException {
        return run(state, batches, 0, epochs);
    }

    /** As above, from epoch {@code from} on: how a training goes on with a state that was saved after so many. */
    public Result<S> run(S state, Batches<B> batches, int from, int epochs) throws IOException {
        List<Report> reports = new ArrayList<>();
        var watch = EarlyStopping.Watch.BEGIN;
        long steps = (long) from * batches.count();
        for (int epoch = from; epoch < epochs; epoch++) {
            List<Map<String, Tensor>> measured = new ArrayList<>();
            long start = System.nanoTime();
            for (B batch : batches.epoch(epoch)) {
                Stepped<S> next = step.apply(state, batch);
                state = next.state();
                measured.add(next.metrics());
            }
            steps += measured.size();
            SequencedMap<String, Double> metrics = new LinkedHashMap<>(means(measured));
            long nanos = System.nanoTime() - start;
            metrics.putAll(new TreeMap<>(validation.apply(state)));
            Report report = new Report(epoch, steps, metrics, nanos);
            reports.add(report);
            if (checkpoints.isPresent()) checkpoints.get().save(steps, state, metrics);
            for (Listener l : listeners) l.epoch(report);
            if (stopping.isEmpty()) continue;
            watch = stopping.get().see(watch, metric(metrics, stopping.get().goal().metric()));
            if (stopping.get().stops(watch)) break;
        }
        return new Result<>(state, List.copyOf(reports));
    }

    private static Map<String, Double> means(List<Map<String, Tensor>> measured) {
        Map<String, Metrics.Mean> means = new TreeMap<>();
        for (Map<String, Tensor> one : measured)
            one.forEach((name, t) -> means.put(name, means.getOrDefault(name, Metrics.Mean.NONE).with(t.item(), 1)));
        Map<String, Double> values = new TreeMap<>();
        means.forEach((name, mean) -> values.put(name, mean.value()));
        return values;
    }

    private static double metric(Map<String, Double> metrics, String name) {
        if (!metrics.containsKey(name))
            throw new JavelinException("early stopping looks at '" + name + "'; the metrics are " + metrics.keySet());
        return metrics.get(name);
    }

    /** A line for every epoch. */
    public static Listener printing(PrintStream out) {
        return r -> {
            StringBuilder line = new StringBuilder("epoch %d, step %d".formatted(r.epoch() + 1, r.steps()));
            r.metrics().forEach((name, value) -> line.append(String.format(Locale.ROOT, ", %s %.4f", name, value)));
            out.println(line.append(String.format(Locale.ROOT, " (%.2f s)", r.nanos() / 1e9)));
        };
    }

    /** A point of every curve for every epoch. */
    public static Listener writing(EventFile events) { return r -> events.scalars(r.steps(), r.metrics()); }
}
