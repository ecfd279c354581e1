package javelin.examples;

import static javelin.Transforms.jit;
import static javelin.Transforms.valueAndGrad;

import java.util.Locale;
import java.util.concurrent.Callable;
import javelin.Key;
import javelin.core.Array;
import javelin.core.Tensor;
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
import picocli.CommandLine.Option;

/** The lesson: a network with one hidden layer learns the exclusive or of two bits. Read it from top to bottom. */
@Command(name = "xor", mixinStandardHelpOptions = true, description = "A network learns the exclusive or of two bits.")
public final class Xor implements Callable<Integer> {
    public static void main(String... args) {
        System.exit(args.length == 0 ? new Xor().call() : new CommandLine(new Xor()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
    }

    @Option(names = "--seed", description = "of the random initial weights (default: ${DEFAULT-VALUE})") int seed = 42;
    @Option(names = "--hidden", description = "hidden neurons (default: ${DEFAULT-VALUE})") int hidden = 8;
    @Option(names = "--epochs", description = "steps, each over all four examples (default: ${DEFAULT-VALUE})") int epochs = 2000;
    @Option(names = "--activation", description = "of the hidden neurons: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})") Activation activation = Activation.tanh;

    // The data: four examples.
    static final Tensor X = Array.f32(new float[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
    static final Tensor Y = Array.f32(new float[][] {{0}, {1}, {1}, {0}});

    // The model: a record of hyper-parameters. The weights are not in it, they come from the scope.
    record Mlp(int hidden, Activation activation) implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            Tensor h = activation.of(s.call(Dense.of(hidden), x));
            return s.call(Dense.of(1), h).logistic();
        }
    }

    enum Activation {
        tanh, relu, sigmoid;

        Tensor of(Tensor x) {
            return switch (this) {
                case tanh -> x.tanh();
                case relu -> x.maximum(0);
                case sigmoid -> x.logistic();
            };
        }
    }

    // What training changes: weights and the optimizer's means of their gradients. Any record of tensors will do.
    record State(Variables params, OptState optimizer) {}

    record Stepped(State state, Tensor loss) {}

    private final Optimizer<Variables> adam = Optimizers.adam(0.05);

    State init() {
        Variables params = new Mlp(hidden, activation).init(Key.of(seed), X.type()).params();
        return new State(params, adam.init(params));
    }

    Tensor predict(Variables params, Tensor x) { return new Mlp(hidden, activation).apply(Variables.ofParams(params), x); }

    Tensor loss(Variables params) { return Losses.squaredError(predict(params, X), Y).mean(); }

    // One step of training, a pure function. Called as it is it would compute op by op; below it is compiled as a whole.
    Stepped step(State s) {
        var loss = valueAndGrad(this::loss).apply(s.params());
        var update = adam.update(loss.grad(), s.optimizer(), s.params());
        return new Stepped(new State(Optimizers.applyUpdates(s.params(), update.updates()), update.state()), loss.value());
    }

    static long T0=System.nanoTime();
    static void t(String s) { System.err.printf("%-20s %.0f ms cpu %d%n", s, (System.nanoTime()-T0)/1e6, java.lang.ProcessHandle.current().info().totalCpuDuration().map(d->d.toMillis()).orElse(0L)); }

    @Override public Integer call() {
        t("start");
        Picture.prepare();
        State start = init(); State state = start;
        t("init");
        System.out.println("parameters " + state.params().shapes());
        System.out.println("updates " + state.optimizer().count().itemAsLong());

        var step = jit(this::step).donate(0);                            // the old state's memory becomes the new one's
        double[] losses = new double[epochs + 1];
        for (int epoch = 0; epoch < epochs; epoch++) {
            Stepped next = step.apply(state);
            state = next.state();
            losses[epoch] = next.loss().item();
            if (epoch==0) t("first step");
            if (epoch % 200 == 0) print(epoch, losses[epoch]);
            if (epoch==0) t("first print");
        }
        t("steps");
        losses[epochs] = loss(state.params()).item();
        t("loss");
        print(epochs, losses[epochs]);
        System.out.println("updates " + state.optimizer().count().itemAsLong());
        Tensor predictions = predict(state.params(), X);
        int right = 0;
        System.out.println("   x      prediction  rounded  target");
        for (int i = 0; i < X.size(0); i++) {
            double y = predictions.at(i).item(), target = Y.at(i).item();
            if (Math.round(y) == target) right++;
            System.out.printf(Locale.ROOT, "%.0f xor %.0f    %.6f      %d       %.0f%n", X.at(i).at(0).item(), X.at(i).at(1).item(), y, Math.round(y), target);
        }
        System.out.printf(Locale.ROOT, "accuracy %.2f%%%n", 100.0 * right / X.size(0));
        t("table");
        XorPictures.lossCurve(losses, java.nio.file.Path.of("target/pictures/xor-loss.png"));
        t("curve");
        Variables end = state.params(); int cells = Integer.getInteger("cells", 49);
        float[][] grid = new float[cells * cells][];
        for (int i = 0; i < grid.length; i++) grid[i] = new float[] {-0.5f + 2f * (i % cells) / (cells - 1), -0.5f + 2f * (i / cells) / (cells - 1)};
        Tensor g = Array.f32(grid);
        Tensor answers = switch (System.getProperty("m", "eager")) {
            case "eager" -> predict(end, g);
            case "jit" -> jit((Variables v, Tensor q) -> predict(v, q)).apply(end, g);
            case "rows" -> { var rows = new java.util.ArrayList<Tensor>(); for (int i = 0; i < cells; i++) rows.add(predict(end, g.slice(0, i*cells, (i+1)*cells))); yield javelin.Tensors.concatenate(rows, 0); }
            default -> throw new IllegalStateException();
        };
        t("answers");
        XorPictures.surface(answers, cells, -0.5, 1.5, X, Y, java.nio.file.Path.of("target/pictures/xor-surface.png"));
        t("surface");
        return right == X.size(0) ? 0 : 1;
    }

    private static void print(int epoch, double loss) { System.out.printf(Locale.ROOT, "epoch %d loss %.6f%n", epoch, loss); }
}
