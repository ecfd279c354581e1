package javelin.examples;

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
@Command(name = "explain", mixinStandardHelpOptions = true, description = "Prints what becomes of a training step, from the traced program to kernels and memory.")
public final class Explain implements Callable<Integer> {
    public static void main(String... args) {
        System.exit(new CommandLine(new Explain()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
    }

    enum Subject { xor, digits }                                         // as they are written on the command line

    @Parameters(arity = "0..1", description = "the example whose step to show: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})") Subject subject = Subject.xor;

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
                yield stages(p -> Digits.read(p, batch).loss(), state.params(), p -> trainer.step(p.first(), p.second()), new Pair<>(state, batch));
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
    static <P, S> String stages(Function<P, Tensor> loss, P params, Function<S, ?> step, S state) {
        Program traced = Transforms.program(loss, params), gradient = Transforms.program(Transforms.grad(loss), params);
        return "The loss, traced: each line is an operation, at the end the line of Java it came from\n\n" + traced
                + "\n\nIts gradient, again a program\n\n" + gradient
                + "\n\nThe whole step: the loss, its gradient and the optimizer, compiled\n\n" + Transforms.explain(step, state);
    }
}
