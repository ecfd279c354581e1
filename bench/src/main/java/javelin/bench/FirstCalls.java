package javelin.bench;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import javelin.Transforms;
import javelin.Triple;
import javelin.bench.Workload.FirstCall;
import javelin.compiler.JvmBackend;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Tensor;
import javelin.core.tree.Trees;

/**
 * What a first call costs: trace, compile, run once. Not by {@code jit}, which remembers equal programs and equal
 * kernels for as long as the process lives, but by its steps with a new compiler each time.
 */
final class FirstCalls {
    static final List<Workload> ALL = List.of(
            new FirstCall("first_call_mlp_step", FirstCalls::mlpStep),
            new FirstCall("first_call_unrolled_2000_ops", FirstCalls::unrolled));

    private FirstCalls() {}

    static Supplier<?> mlpStep(Inputs in) {
        var layers = Training.mlp(in, false);
        var batch = Training.digits(in);
        var adam = new Adam<>(Training::mlpLoss, 1e-3);
        var state = adam.init(layers);
        return () -> first(t -> adam.step(t.first(), t.second(), t.third()), new Triple<>(layers, state, batch));
    }

    static Supplier<?> unrolled(Inputs in) {
        Tensor x = in.f32(128);
        return () -> first(FirstCalls::thousandSines, x);
    }

    private static Tensor thousandSines(Tensor x) {
        for (int i = 0; i < 1000; i++) x = x.sin().mul(1 + i * 1e-6);
        return x;
    }

    /** The storage of the results of {@code f}, compiled for this call alone. */
    private static <A> Object[] first(Function<A, ?> f, A argument) {
        Program program = Transforms.program(f, argument);
        Object[] outputs = new Object[program.outputs().size()];
        var compiled = new JvmBackend().compile(program, Lists.falses(program.inputs().size()));
        compiled.run(Trees.leaves(argument).stream().map(x -> x.array().storage()).toArray(), outputs);
        return outputs;
    }
}
