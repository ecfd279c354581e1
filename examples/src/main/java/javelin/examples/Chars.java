package javelin.examples;

import static javelin.Transforms.jit;
import static javelin.Transforms.valueAndGrad;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import javelin.Key;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import javelin.examples.Curves.Curve;
import javelin.nn.Activations;
import javelin.nn.Attention;
import javelin.nn.Dense;
import javelin.nn.Dropout;
import javelin.nn.Embed;
import javelin.nn.Initializers;
import javelin.nn.Layer;
import javelin.nn.LayerNorm;
import javelin.nn.Losses;
import javelin.nn.MultiHeadDotProductAttention;
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

/** A small transformer learns to spell from a novel, character by character, and writes a page of its own. */
@Command(name = "chars", mixinStandardHelpOptions = true,
        description = "A transformer reads Jane Austen's \"Persuasion\", one character after the other, and then"
                + " writes. The exit code is 0 if it needs 2.3 bits or fewer for a character of the part it was not"
                + " shown.")
public final class Chars implements Callable<Integer> {
    public static void main(String... args) {
        System.exit(new CommandLine(new Chars()).execute(args));
    }

    private static final String DEFAULT = " (default: ${DEFAULT-VALUE})";
    @Option(names = "--seed", description = "of weights, dropout, pieces of text and the page" + DEFAULT) int seed = 0;
    @Option(names = "--steps", description = "of training" + DEFAULT) int steps = 1200;
    @Option(names = "--batch", description = "pieces of text in a step" + DEFAULT) int batch = 32;
    @Option(names = "--context", description = "characters in a piece" + DEFAULT) int context = 64;
    @Option(names = "--width", description = "features of a character, a multiple of 4" + DEFAULT) int width = 64;
    @Option(names = "--layers", description = "of attention" + DEFAULT) int layers = 2;
    @Option(names = "--rate", description = "of learning, at its highest" + DEFAULT) double rate = 4e-3;
    @Option(names = "--temperature", description = "of the page: 0 dull, 1 as learned" + DEFAULT) double heat = 0.7;
    @Option(names = "--length", description = "of the page, in characters" + DEFAULT) int length = 400;
    @Option(names = "--pictures", paramLabel = "FOLDER", description = "where the picture goes" + DEFAULT)
    Path pictures = Path.of("target", "pictures");
    @Option(names = "--saved", paramLabel = "FOLDER", description = "where the trained state goes" + DEFAULT)
    Path saved = Path.of("target", "saved");
    @Spec CommandSpec spec;

    /** Bits for a character not shown, with which a run counts as a success; counting letters alone needs 4.4. */
    private static final double GOAL = 2.3;
    private static final int HEADS = 4, POINTS = 20;

    // The model: text i32[n, context] to logits f32[n, context, alphabet]. Normalisation comes before what it is for:
    // Xiong et al., arXiv:2002.04745.
    record Speller(int alphabet, int width, int layers, double dropout) implements Layer {
        @Override public Tensor call(Scope s, Tensor text) {
            var places = TensorType.f32(text.size(-1), width);
            Tensor x = s.bind(Embed.of(alphabet, width).withEmbeddingInit(Initializers.normal(0.1)))
                    .call((embed, at) -> embed.call(at, text))
                    .add(s.param("place", Initializers.normal(0.1), places));
            for (int i = 0; i < layers; i++) x = s.call(new Block(dropout), x);
            return s.call(Dense.of(alphabet), s.call(LayerNorm.of(), x));
        }
    }

    record Block(double dropout) implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            Tensor mask = Attention.causalMask(Tensor.zeros(TensorType.f32(1, x.size(-2))));
            Tensor near = s.call(LayerNorm.of(), x);
            Tensor found = s.bind(MultiHeadDotProductAttention.of(HEADS))
                    .call((attention, at) -> attention.call(at, near, mask));
            x = x.add(s.call(Dropout.of(dropout), found));
            Tensor wide = Activations.gelu(s.call(Dense.of(4 * x.size(-1)), s.call(LayerNorm.of(), x)));
            return x.add(s.call(Dropout.of(dropout), s.call(Dense.of(x.size(-1)), wide)));
        }
    }

    record State(Variables params, OptState optimizer) {}

    record Stepped(State state, Tensor loss) {}

    /** Training: AdamW on clipped gradients, with a rate that rises at first and then falls along a cosine. */
    record Trainer(Speller model, Optimizer<Variables> adam, Key dropout) {
        static Trainer of(Speller model, int seed, double rate, int steps) {
            var decay = Optimizers.Decay.of(0.05, Mask.matrices());
            var schedule = Schedules.warmupCosine(0, rate, steps / 20, steps, rate / 100, 1);
            return new Trainer(model, Optimizers.chain(Optimizers.clipByGlobalNorm(1),
                    Optimizers.adamw(schedule, decay, Decays.DEFAULT.withB2(0.99))), Key.of(seed).foldIn(1));
        }

        State init(int seed, int context) {
            Variables params = model.init(Key.of(seed), TensorType.i32(1, context)).params();
            return new State(params, adam.init(params));
        }

        Stepped step(State s, Novel.Batch b) {
            Rngs rngs = Rngs.of("dropout", dropout.foldIn(s.optimizer().count()));
            Function<Variables, Tensor> f = p ->
                    bits(model.train(Variables.ofParams(p), b.text(), rngs).value(), b.next()).mean();
            var loss = valueAndGrad(f).apply(s.params());
            var update = adam.update(loss.grad(), s.optimizer(), s.params());
            return new Stepped(new State(Optimizers.applyUpdates(s.params(), update.updates()), update.state()),
                    loss.value());
        }

        /** Bits for a character, of the second half of each piece: none of those has little before it. */
        Tensor test(Variables params, Novel.Batch b) {
            Tensor bits = bits(model.apply(Variables.ofParams(params), b.text()), b.next());
            return bits.split(2, 1).getLast().mean();
        }

        private static Tensor bits(Tensor logits, Tensor next) {
            return Losses.softmaxCrossEntropyWithIntegerLabels(logits, next).div(Math.log(2));
        }
    }

    /** The model with what it has learned. */
    record Reader(Speller model, Variables params) {
        /** The character that follows {@code window} i32[context], drawn with a key of its number. */
        Tensor next(Tensor window, Tensor number, Key key, double heat) {
            Tensor logits = model.apply(Variables.ofParams(params), window.expandDims(0)).index(0).index(-1);
            return key.foldIn(number).categorical(logits.div(heat), -1);
        }

        /** So many characters more after {@code start}. */
        String write(Novel novel, int[] start, int length, Key key, double heat) {
            var next = jit((Reader r, Place p) -> r.next(p.window(), p.number(), key, heat));
            var page = new StringBuilder();
            int[] window = start.clone();
            for (int i = 0; i < length; i++) {
                int found = (int) next.apply(this, new Place(Array.i32(window), Array.scalar(i))).item();
                page.append(novel.alphabet().charAt(found));
                System.arraycopy(window, 1, window, 0, window.length - 1);
                window[window.length - 1] = found;
            }
            return page.toString();
        }
    }

    record Place(Tensor window, Tensor number) {}

    @Override public Integer call() {
        return run(Novel.persuasion());
    }

    int run(Novel novel) {
        if (steps < 20 || batch < 1 || context < 2 || context % 2 != 0 || novel.batches(batch, context) < 1 || heat <= 0
                || width < HEADS || width % HEADS != 0)
            throw new ParameterException(spec.commandLine(), "--steps must be 20 or more, --batch 1 or more, --context"
                    + " even and far shorter than the novel, --width a multiple of " + HEADS
                    + ", --temperature above 0");
        System.out.println(novel.text().length + " characters, " + novel.alphabet().length()
                + " different ones; the last tenth is kept for the test");
        Trainer trainer = Trainer.of(new Speller(novel.alphabet().length(), width, layers, 0.05), seed, rate, steps);
        State state = trainer.init(seed, context);
        System.out.println("parameters " + state.params().elements() + " numbers");

        BiFunction<State, Novel.Batch, Stepped> step = jit(trainer::step).donate(0);
        BiFunction<Variables, Novel.Batch, Tensor> test = jit(trainer::test);
        int batches = novel.batches(batch, context), few = Math.ceilDiv(batches, 8), between = steps / POINTS;
        Curve learned = new Curve("training, with dropout", Picture.BLUE);
        Curve tested = new Curve("kept text", Picture.ORANGE);
        Random random = new Random(seed);
        double mean = 0;
        long start = System.nanoTime();
        try (ProgressBar bar = Progress.of("training", steps)) {
            for (int i = 1; i <= steps; i++) {
                Stepped next = step.apply(state, novel.draw(random, batch, context));
                state = next.state();
                mean += next.loss().item() / between;
                bar.step();
                if (i % between != 0) continue;
                learned.add(i, mean);
                tested.add(i, mean(novel, few, test, state.params()));
                bar.setExtraMessage(String.format(Locale.ROOT, "%.3f bits", tested.y().getLast()));
                mean = 0;
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9, bits = mean(novel, batches, test, state.params());
        System.out.printf(Locale.ROOT, "%d steps in %.1f s, training %.3f bits per character%n",
                steps, seconds, learned.y().getLast());
        var kept = Saved.of(state, saved.resolve("chars.safetensors"), trainer.init(seed + 1, context));
        Variables params = kept.state().params();
        kept.requireSame(bits, mean(novel, batches, test, params));
        System.out.printf(Locale.ROOT, "test %.4f bits per character, before and after%n", bits);

        Path picture = pictures.resolve("chars-loss.png");
        new Curves("Chars: bits per character", "step", "bits", false).draw(picture, learned, tested);
        System.out.println("picture " + picture);

        int[] before = Arrays.copyOfRange(novel.text(), novel.kept(), novel.kept() + context);
        var reader = new Reader(trainer.model(), params);
        String page = reader.write(novel, before, length, Key.of(seed).foldIn(2), heat);
        System.out.println("after " + context + " characters of the part it was not shown, it writes:\n" + page);
        return bits <= GOAL ? 0 : 1;
    }

    private double mean(Novel novel, int batches, BiFunction<Variables, Novel.Batch, Tensor> test, Variables params) {
        double sum = 0;
        for (int i = 0; i < batches; i++) sum += test.apply(params, novel.kept(i, batch, context)).item();
        return sum / batches;
    }
}
