package javelin.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import javelin.Pair;
import javelin.Transforms;
import javelin.core.Program;
import javelin.core.Tensor;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A training step on its way from Java to machine code, every stage as text. */
@Command(name = "explain", mixinStandardHelpOptions = true,
        description = "Prints what becomes of a training step, from the traced program to kernels and memory.")
public final class Explain implements Callable<Integer> {
    public static void main(String... args) {
        System.exit(new CommandLine(new Explain()).execute(args));
    }

    enum Subject { xor, digits }                                         // as they are written on the command line

    @Parameters(arity = "0..1",
            description = "the example whose step to show: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    Subject subject = Subject.xor;

    @Override public Integer call() {
        System.out.println(switch (subject) {
            case xor -> {
                Xor xor = new Xor();
                Xor.State state = xor.init();
                yield stages(xor::loss, state.params(), xor::step, state);
            }
            case digits -> {
                var trainer = Digits.Trainer.of(0, 1, 1);
                Digits.State state = trainer.init(0);
                Digits.Batch batch = Digits.Batch.of(Digits.load().subList(0, 32));
                yield stages(p -> Digits.read(p, batch).loss(), state.params(),
                        p -> trainer.step(p.first(), p.second()), new Pair<>(state, batch));
            }
        });
        return 0;
    }

    /**
     * The loss as it is traced, its gradient, and every stage of compiling the step, in which both are only a part.
     *
     * @param params what the loss is a function of
     * @param state  what the step is a function of
     */
    private static <P, S> String stages(Function<P, Tensor> loss, P params, Function<S, ?> step, S state) {
        return "The loss, traced: every operation, and the line of Java it came from\n\n"
                + withLines(Transforms.program(loss, params))
                + "\n\nThe gradient of the loss, again a program\n\n"
                + Transforms.program(Transforms.grad(loss), params)
                + "\n\nThe whole step: loss, gradient and optimizer, compiled\n\n" + Transforms.explain(step, state);
    }

    /** A program without loops, with the source of each equation beside it. */
    private static String withLines(Program program) {
        List<String> lines = new ArrayList<>(program.toString().lines().toList());
        for (int i = 0; i < program.equations().size(); i++)
            lines.set(i + 1, String.format("%-75s  %s", lines.get(i + 1), program.equations().get(i).source()));
        return String.join("\n", lines);
    }
}
