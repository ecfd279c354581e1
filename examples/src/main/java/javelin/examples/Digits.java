package javelin.examples;

import static javelin.Transforms.jit;
import static javelin.Transforms.valueAndGrad;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import javelin.Key;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import javelin.nn.Activations;
import javelin.nn.Dense;
import javelin.nn.Dropout;
import javelin.nn.Layer;
import javelin.nn.Losses;
import javelin.nn.Rngs;
import javelin.nn.Scope;
import javelin.nn.Variables;
import javelin.optim.OptState;
import javelin.optim.Optimizer;
import javelin.optim.Optimizers;
import javelin.optim.Schedule;
import javelin.optim.Schedules;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A network learns to read handwritten digits: real images, mini-batches, dropout, a learning rate that changes. */
@Command(name = "digits", mixinStandardHelpOptions = true,
        description = "A network learns to read handwritten digits, 1,797 real ones."
                + " The exit code is 0 if it reads 97 percent of those it was not shown.")
public final class Digits implements Callable<Integer> {
    public static void main(String... args) {
        System.exit(new CommandLine(new Digits()).execute(args));
    }

    private static final String DEFAULT = " (default: ${DEFAULT-VALUE})";
    @Option(names = "--seed", description = "of the order of images, weights and dropout" + DEFAULT) int seed = 0;
    @Option(names = "--epochs", description = "rounds over all training images" + DEFAULT) int epochs = 30;
    @Option(names = "--batch", description = "images in a batch" + DEFAULT) int batch = 32;
    @Option(names = "--pictures", paramLabel = "FOLDER", description = "where the pictures go" + DEFAULT)
    Path pictures = Path.of("target", "pictures");
    @Spec CommandSpec spec;

    /** What must be read right of the test images for the run to count as a success. */
    private static final double GOAL = 0.97;
    private static final int PIXELS = 64, CLASSES = 10;

    // The data: an image is 8 rows of 8 pixels from 0 to 16, and the digit somebody meant to write.
    record Image(float[] pixels, int digit) {}

    /** Images as f32[n, 64] from 0 to 1, and digits as i32[n]. */
    record Batch(Tensor images, Tensor digits) {
        static Batch of(List<Image> list) {
            float[] pixels = new float[list.size() * PIXELS];
            int[] digits = new int[list.size()];
            for (int i = 0; i < digits.length; i++) {
                for (int p = 0; p < PIXELS; p++) pixels[i * PIXELS + p] = list.get(i).pixels()[p] / 16;
                digits[i] = list.get(i).digit();
            }
            return new Batch(Array.f32(pixels).reshape(list.size(), PIXELS), Array.i32(digits));
        }
    }

    static List<Image> load() {
        try (var bytes = new GZIPInputStream(Digits.class.getResourceAsStream("digits.csv.gz"))) {
            return new String(bytes.readAllBytes(), StandardCharsets.US_ASCII).lines().map(Digits::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the images in this jar cannot be read", e);
        }
    }

    private static Image parse(String line) {
        String[] numbers = line.split(",");
        float[] pixels = new float[PIXELS];
        for (int i = 0; i < PIXELS; i++) pixels[i] = Float.parseFloat(numbers[i]);
        return new Image(pixels, Integer.parseInt(numbers[PIXELS]));
    }

    // The model. Dropout acts in training only, and draws from a random stream of its own.
    record Reader(int first, int second, double dropout) implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            x = s.call(Dropout.of(dropout), Activations.relu(s.call(Dense.of(first), x)));
            x = s.call(Dropout.of(dropout), Activations.relu(s.call(Dense.of(second), x)));
            return s.call(Dense.of(CLASSES), x);
        }
    }

    private static final Reader MODEL = new Reader(64, 32, 0.2);

    // Training, as in the lesson; the learning rate rises for two epochs and then falls along a cosine.
    record State(Variables params, OptState optimizer) {}

    record Stepped(State state, Tensor loss) {}

    /** @param dropout the key that every step's dropout is derived from */
    record Trainer(Optimizer<Variables> adam, Key dropout) {
        static Trainer of(int seed, int epochs, int steps) {
            Schedule rate = Schedules.warmupCosine(0, 0.01, 2 * steps, Math.max(3, epochs) * steps);
            return new Trainer(Optimizers.adam(rate), Key.of(seed).foldIn(1));
        }

        State init(int seed) {
            Variables params = MODEL.init(Key.of(seed), TensorType.f32(1, PIXELS)).params();
            return new State(params, adam.init(params));
        }

        Stepped step(State s, Batch b) {
            Rngs rngs = Rngs.of("dropout", dropout.foldIn(s.optimizer().count()));
            Function<Variables, Tensor> f = p ->
                    crossEntropy(MODEL.train(Variables.ofParams(p), b.images(), rngs).value(), b);
            var loss = valueAndGrad(f).apply(s.params());
            var update = adam.update(loss.grad(), s.optimizer(), s.params());
            Variables params = Optimizers.applyUpdates(s.params(), update.updates());
            return new Stepped(new State(params, update.state()), loss.value());
        }
    }

    private static Tensor crossEntropy(Tensor logits, Batch b) {
        return Losses.softmaxCrossEntropyWithIntegerLabels(logits, b.digits()).mean();
    }

    /** What the network reads in images it is tested with: a digit for each, and the loss. */
    record Reading(Tensor digits, Tensor loss) {}

    static Reading read(Variables params, Batch b) {
        Tensor logits = MODEL.apply(Variables.ofParams(params), b.images());
        return new Reading(logits.argMax(-1), crossEntropy(logits, b));
    }

    @Override public Integer call() {
        List<Image> all = new ArrayList<>(load());
        Collections.shuffle(all, new Random(seed));
        int cut = all.size() * 4 / 5;                                    // a fifth is kept for the test
        List<Image> training = all.subList(0, cut), kept = all.subList(cut, all.size());
        if (epochs < 1 || batch < 1 || batch > cut)
            throw new ParameterException(spec.commandLine(), "--epochs must be 1 or more, --batch 1 to " + cut);
        Batch test = Batch.of(kept);
        System.out.println(cut + " images to learn from, " + kept.size() + " to be tested with");

        int steps = cut / batch;                                         // the rest has its turn in other epochs
        Trainer trainer = Trainer.of(seed, epochs, steps);
        State state = trainer.init(seed);
        System.out.println("parameters " + state.params().shapes() + ", " + state.params().elements() + " numbers");

        BiFunction<State, Batch, Stepped> step = jit(trainer::step).donate(0);
        BiFunction<Variables, Batch, Reading> read = jit(Digits::read);
        double[] trainingLoss = new double[epochs], testLoss = new double[epochs];
        long start = System.nanoTime();
        try (ProgressBar bar = Progress.of("training", epochs * steps)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                Collections.shuffle(training, new Random(31L * seed + epoch + 1));
                for (int i = 0; i < steps; i++) {
                    Stepped next = step.apply(state, Batch.of(training.subList(i * batch, (i + 1) * batch)));
                    state = next.state();
                    trainingLoss[epoch] += next.loss().item() / steps;
                    bar.step();
                }
                testLoss[epoch] = read.apply(state.params(), test).loss().item();
                bar.setExtraMessage(String.format(Locale.ROOT, "loss %.4f", testLoss[epoch]));
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;

        long[] found = read.apply(state.params(), test).digits().array().toLongs();
        long[] meant = test.digits().array().toLongs();
        int[][] confusion = new int[CLASSES][CLASSES];
        List<DigitsPictures.Misread> misread = new ArrayList<>();
        for (int i = 0; i < found.length; i++) {
            confusion[(int) meant[i]][(int) found[i]]++;
            if (found[i] != meant[i]) misread.add(new DigitsPictures.Misread(kept.get(i).pixels(), meant[i], found[i]));
        }
        double accuracy = 1 - (double) misread.size() / found.length;
        System.out.printf(Locale.ROOT, "%d epochs of %d steps in %.2f s, loss %.4f, test loss %.4f%n",
                epochs, steps, seconds, trainingLoss[epochs - 1], testLoss[epochs - 1]);
        System.out.printf(Locale.ROOT, "test accuracy %.2f%%, %d of %d misread%n",
                100 * accuracy, misread.size(), found.length);
        DigitsPictures.losses(trainingLoss, testLoss, pictures.resolve("digits-loss.png"));
        DigitsPictures.confusion(confusion, pictures.resolve("digits-confusion.png"));
        DigitsPictures.misread(misread, pictures.resolve("digits-misread.png"));
        System.out.println("pictures " + pictures.resolve("digits-{loss,confusion,misread}.png"));
        return accuracy >= GOAL ? 0 : 1;
    }
}
