package javelin.examples;

import static javelin.Transforms.jit;
import static javelin.Transforms.valueAndGradAux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javelin.Key;
import javelin.Transforms.WithAux;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import javelin.examples.Curves.Curve;
import javelin.nn.Activations;
import javelin.nn.Applied;
import javelin.nn.BatchNorm;
import javelin.nn.Conv;
import javelin.nn.Dense;
import javelin.nn.Dropout;
import javelin.nn.Layer;
import javelin.nn.Losses;
import javelin.nn.Pool;
import javelin.nn.Rngs;
import javelin.nn.Scope;
import javelin.nn.Variables;
import javelin.optim.Decays;
import javelin.optim.Mask;
import javelin.optim.OptState;
import javelin.optim.Optimizer;
import javelin.optim.Optimizers;
import javelin.optim.Schedules;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A convolutional network learns to tell clothes apart: running statistics, dropout, a rate that rises and falls. */
@Command(name = "fashion", mixinStandardHelpOptions = true,
        description = "A convolutional network learns to tell clothes apart, from the 60,000 images of Fashion-MNIST."
                + " The exit code is 0 if it knows 90 percent of the 10,000 images it was not shown, 1 if it does not,"
                + " 2 if the images are not there.")
public final class Fashion implements Callable<Integer> {
    public static void main(String... args) {
        System.exit(new CommandLine(new Fashion()).execute(args));
    }

    private static final String DEFAULT = " (default: ${DEFAULT-VALUE})";
    @Option(names = "--data", paramLabel = "FOLDER",
            description = "the four files of Fashion-MNIST; without it, where Debian's package puts them")
    List<Path> data = new ArrayList<>();
    @Option(names = "--seed", description = "of the order of images, weights and dropout" + DEFAULT) int seed = 0;
    @Option(names = "--epochs", description = "rounds over the training images" + DEFAULT) int epochs = 4;
    @Option(names = "--batch", description = "images in a batch" + DEFAULT) int batch = 128;
    @Option(names = "--images", description = "of the training images, so many; at most 60000" + DEFAULT)
    int images = 60_000;
    @Option(names = "--rate", description = "of learning, at its highest" + DEFAULT) double rate = 3e-3;
    @Option(names = "--pictures", paramLabel = "FOLDER", description = "where the picture goes" + DEFAULT)
    Path pictures = Path.of("target", "pictures");
    @Option(names = "--saved", paramLabel = "FOLDER", description = "where the trained state goes" + DEFAULT)
    Path saved = Path.of("target", "saved");
    @Spec CommandSpec spec;

    /** What must be known of the test images for the run to count as a success. */
    private static final double GOAL = 0.9;
    private static final int POINTS = 20, TESTED_AT_ONCE = 500;

    // The model: images f32[n, 28, 28, 1] to logits f32[n, 10]
    record Wardrobe(int first, int second, int hidden, double dropout) implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            for (int features : List.of(first, second)) {
                x = s.call(Conv.of(features, 3, 3).withUseBias(false), x);               // the norm has a bias
                x = Activations.relu(s.call(BatchNorm.of().withMomentum(0.9), x));
                x = Pool.max(2, 2).withStrides(2, 2).of(x);
            }
            x = x.reshape(x.size(0), x.size(1) * x.size(2) * x.size(3));
            x = s.call(Dropout.of(dropout), Activations.relu(s.call(Dense.of(hidden), x)));
            return s.call(Dense.of(Clothes.KINDS.size()), x);
        }
    }

    private static final Wardrobe MODEL = new Wardrobe(16, 32, 96, 0.3);

    /** @param variables parameters and running statistics */
    record State(Variables variables, OptState optimizer) {}

    record Stepped(State state, Tensor loss) {}

    record Trainer(Optimizer<Variables> adam, Key dropout) {
        static Trainer of(int seed, double rate, int steps) {
            var schedule = Schedules.warmupCosine(0, rate, steps / 10, steps);
            var decay = Optimizers.Decay.of(0.01, Mask.matrices());
            return new Trainer(Optimizers.adamw(schedule, decay, Decays.DEFAULT), Key.of(seed).foldIn(1));
        }

        State init(int seed) {
            var input = TensorType.f32(1, Clothes.SIDE, Clothes.SIDE, 1);
            Variables variables = MODEL.init(Key.of(seed), input);
            return new State(variables, adam.init(variables.params()));
        }

        Stepped step(State s, Clothes.Batch b) {
            Rngs rngs = Rngs.of("dropout", dropout.foldIn(s.optimizer().count()));
            Function<Variables, WithAux<Variables>> f = p -> {
                Applied<Tensor> logits = MODEL.train(s.variables().withParams(p), b.images(), rngs);
                return new WithAux<>(crossEntropy(logits.value(), b), logits.updates());
            };
            Variables params = s.variables().params();
            var loss = valueAndGradAux(f).apply(params);
            var update = adam.update(loss.grad(), s.optimizer(), params);
            Variables after = s.variables().withParams(Optimizers.applyUpdates(params, update.updates()))
                    .with(loss.aux());                                   // the running statistics of this batch
            return new Stepped(new State(after, update.state()), loss.value());
        }
    }

    private static Tensor crossEntropy(Tensor logits, Clothes.Batch b) {
        return Losses.softmaxCrossEntropyWithIntegerLabels(logits, b.kinds()).mean();
    }

    /** What the network sees in images it is tested with: a kind for each, and the loss. */
    record Seen(Tensor kinds, Tensor loss) {}

    static Seen look(Variables variables, Clothes.Batch b) {
        Tensor logits = MODEL.apply(variables, b.images());
        return new Seen(logits.argMax(-1), crossEntropy(logits, b));
    }

    @Override public Integer call() {
        try {
            return run(Clothes.Data.read(data));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    int run(Clothes.Data all) {
        Clothes training = all.training().first(Math.min(images, all.training().size())), test = all.test();
        if (epochs < 1 || batch < 1 || batch > training.size())
            throw new ParameterException(spec.commandLine(), "--epochs must be 1 or more, --images and --batch 1 to "
                    + all.training().size() + ", --images not fewer than --batch");
        System.out.println(training.size() + " images to learn from, " + test.size() + " to be tested with");
        int inEpoch = training.size() / batch, steps = epochs * inEpoch, between = Math.max(1, steps / POINTS);
        Trainer trainer = Trainer.of(seed, rate, steps);
        State state = trainer.init(seed);
        System.out.println("parameters " + state.variables().params().elements() + " numbers, running statistics "
                + state.variables().at("batch_stats").elements());

        BiFunction<State, Clothes.Batch, Stepped> step = jit(trainer::step).donate(0);
        BiFunction<Variables, Clothes.Batch, Seen> look = jit(Fashion::look);
        Curve learned = new Curve("training, with dropout", Picture.BLUE), tested = new Curve("test", Picture.ORANGE);
        Random random = new Random(seed);
        double mean = 0;
        long start = System.nanoTime();
        try (ProgressBar bar = Progress.of("training", steps)) {
            for (int i = 0, done = 0; i < epochs; i++) {
                int[] order = shuffled(training.size(), random);
                for (int k = 0; k < inEpoch; k++) {
                    int[] which = Arrays.copyOfRange(order, k * batch, (k + 1) * batch);
                    Stepped next = step.apply(state, training.at(which));
                    state = next.state();
                    mean += next.loss().item() / between;
                    bar.step();
                    if (++done % between == 0) {
                        learned.add((double) done / inEpoch, mean);
                        mean = 0;
                    }
                }
                Report report = report(look, state.variables(), test);
                tested.add(i + 1, report.loss());
                bar.setExtraMessage(String.format(Locale.ROOT, "%.2f%%", 100 * report.accuracy()));
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Report report = report(look, state.variables(), test);
        System.out.printf(Locale.ROOT, "%d epochs of %d steps in %.1f s, test loss %.4f%n",
                epochs, inEpoch, seconds, report.loss());
        var kept = Saved.of(state, saved.resolve("fashion.safetensors"), trainer.init(seed + 1));
        kept.requireSame(report.loss(), report(look, kept.state().variables(), test).loss());
        System.out.printf(Locale.ROOT, "test accuracy %.2f%%, before and after%n", 100 * report.accuracy());
        for (int kind = 0; kind < Clothes.KINDS.size(); kind++)
            System.out.printf(Locale.ROOT, "  %-9s %.1f%%%n", Clothes.KINDS.get(kind), 100 * report.known(kind));
        Path picture = pictures.resolve("fashion-loss.png");
        new Curves("Fashion: cross entropy", "epoch", "loss", false).draw(picture, learned, tested);
        System.out.println("picture " + picture);
        return report.accuracy() >= GOAL ? 0 : 1;
    }

    private static int[] shuffled(int n, Random random) {
        List<Integer> order = IntStream.range(0, n).boxed().collect(Collectors.toList());
        Collections.shuffle(order, random);
        return order.stream().mapToInt(i -> i).toArray();
    }

    /** How the network did: the mean loss, and how often images of each kind (rows) were taken for each. */
    private record Report(double loss, int[][] confusion) {
        double accuracy() {
            long right = 0, all = 0;
            for (int i = 0; i < confusion.length; i++) {
                right += confusion[i][i];
                all += IntStream.of(confusion[i]).sum();
            }
            return (double) right / all;
        }

        /** How many of the images of a kind were taken for what they are. */
        double known(int kind) { return (double) confusion[kind][kind] / IntStream.of(confusion[kind]).sum(); }
    }

    private Report report(BiFunction<Variables, Clothes.Batch, Seen> look, Variables variables, Clothes test) {
        int kinds = Clothes.KINDS.size();
        int[][] confusion = new int[kinds][kinds];
        double loss = 0;
        for (int from = 0, to; from < test.size(); from = to) {
            to = Math.min(from + TESTED_AT_ONCE, test.size());
            Clothes.Batch b = test.at(IntStream.range(from, to).toArray());
            Seen seen = look.apply(variables, b);
            loss += seen.loss().item() * (to - from) / test.size();
            long[] found = seen.kinds().array().toLongs(), meant = b.kinds().array().toLongs();
            for (int k = 0; k < found.length; k++) confusion[(int) meant[k]][(int) found[k]]++;
        }
        return new Report(loss, confusion);
    }
}
