package javelin.examples;

import static javelin.Transforms.jit;
import static javelin.Transforms.valueAndGrad;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import javelin.Key;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.nn.Activations;
import javelin.nn.Dense;
import javelin.nn.Layer;
import javelin.nn.Losses;
import javelin.nn.Scope;
import javelin.nn.Variables;
import javelin.optim.OptState;
import javelin.optim.Optimizer;
import javelin.optim.Optimizers;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The lesson: a network with one hidden layer learns the exclusive or of two bits. To be read from top to bottom. */
@Command(name = "xor", mixinStandardHelpOptions = true,
        description = "A network learns the exclusive or of two bits. The exit code is 0 if it did.")
public final class Xor implements Callable<Integer> {
    public static void main(String... args) {
        // without arguments there is nothing to parse, and the parser need not be loaded
        System.exit(args.length == 0 ? new Xor().call() : new CommandLine(new Xor()).execute(args));
    }

    private static final String DEFAULT = " (default: ${DEFAULT-VALUE})";
    @Option(names = "--seed", description = "of the initial weights" + DEFAULT) int seed = 42;
    @Option(names = "--hidden", description = "number of hidden neurons" + DEFAULT) int hidden = 8;
    @Option(names = "--epochs", description = "steps over all four examples" + DEFAULT) int epochs = 2000;
    @Option(names = "--activation", description = "of the hidden neurons: ${COMPLETION-CANDIDATES}" + DEFAULT)
    Activation activation = Activation.tanh;
    @Option(names = "--pictures", paramLabel = "FOLDER", description = "where the pictures go" + DEFAULT)
    Path pictures = Path.of("target", "pictures");
    @Spec CommandSpec spec;

    // The examples: four pairs of bits, and what each pair should give.
    static final Tensor X = Array.f32(new float[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
    static final Tensor Y = Array.f32(new float[][] {{0}, {1}, {1}, {0}});

    // The model: a record of what is chosen by hand. It owns no weights; the scope names, makes and finds them.
    // Initial weights follow from the seed and the names. Left to itself the scope would number the layers in the order
    // of their calls, from Dense_0. In Flax nn.Dense(1)(nn.tanh(nn.Dense(8)(x))) makes the outer one first: the names,
    // and so the weights and all losses, are those of that line.
    record Mlp(int hidden, Activation activation) implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            Tensor h = activation.of(s.call("Dense_1", Dense.of(hidden), x));
            return s.call("Dense_0", Dense.of(1), h).logistic();
        }
    }

    enum Activation {
        tanh, relu, sigmoid;                                             // as they are written on the command line

        Tensor of(Tensor x) {
            return switch (this) {
                case tanh -> x.tanh();
                case relu -> Activations.relu(x);
                case sigmoid -> x.logistic();
            };
        }
    }

    // What training changes: the weights, and what the optimizer remembers of their gradients.
    record State(Variables params, OptState optimizer) {}

    private final Optimizer<Variables> adam = Optimizers.adam(0.05);

    State init() {
        Variables params = new Mlp(hidden, activation).init(Key.of(seed), X.type()).params();
        return new State(params, adam.init(params));
    }

    Tensor predict(Variables params, Tensor x) {
        return new Mlp(hidden, activation).apply(Variables.ofParams(params), x);
    }

    Tensor loss(Variables params) { return Losses.squaredError(predict(params, X), Y).mean(); }

    // One step of training: plain Java, and a pure function. It gives the new state, and the loss before it.
    record Stepped(State state, Tensor loss) {}

    Stepped step(State s) {
        var loss = valueAndGrad(this::loss).apply(s.params());
        var update = adam.update(loss.grad(), s.optimizer(), s.params());
        Variables params = Optimizers.applyUpdates(s.params(), update.updates());
        return new Stepped(new State(params, update.state()), loss.value());
    }

    // Training: the step compiled as a whole, gradient and optimizer included, and called in a loop.
    @Override public Integer call() {
        if (hidden < 1 || epochs < 0)
            throw new ParameterException(spec.commandLine(), "--hidden must be 1 or more, --epochs 0 or more");
        Thread.ofPlatform().daemon().start(Picture::prepare);
        State state = init();
        System.out.println("parameters " + state.params().shapes());
        System.out.println("optimizer count " + state.optimizer().count().itemAsLong());

        var step = jit(this::step).donate(0);                            // the old state's memory becomes the new one's
        double[] losses = new double[epochs + 1];
        for (int epoch = 0; epoch < epochs; epoch++) {
            Stepped next = step.apply(state);
            state = next.state();
            losses[epoch] = next.loss().item();
            if (epoch % 200 == 0) print("epoch %d loss %.6f", epoch, losses[epoch]);
        }
        losses[epochs] = loss(state.params()).item();
        print("epoch %d loss %.6f", epochs, losses[epochs]);
        System.out.println("optimizer count " + state.optimizer().count().itemAsLong());

        double accuracy = table(X.array(), predict(state.params(), X).array(), Y.array());
        print("accuracy %.2f%%", 100 * accuracy);
        XorPictures.draw(losses, state.params(), jit(this::predict), pictures);
        System.out.println("pictures " + pictures.resolve("xor-loss.png") + " " + pictures.resolve("xor-surface.png"));
        return accuracy == 1 ? 0 : 1;
    }

    /** Prints a line for each example, and gives the share of right answers. */
    private static double table(Array x, Array predictions, Array y) {
        int rows = x.size(0), right = 0;
        System.out.println("inputs  prediction  rounded  target");
        for (int i = 0; i < rows; i++) {
            double p = predictions.get(i).doubleValue(), target = y.get(i).doubleValue();
            print("%.0f  %.0f    %.6f        %d       %.0f", x.get(2 * i), x.get(2 * i + 1), p, Math.round(p), target);
            if (Math.round(p) == target) right++;
        }
        return (double) right / rows;
    }

    private static void print(String format, Object... arguments) {
        System.out.println(String.format(Locale.ROOT, format, arguments));
    }
}
