package javelin.check;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import javelin.Pair;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.type.DType;

/** What holds for every program. */
public final class Programs {
    private Programs() {}

    /** Two traces are equal programs and print the same text. */
    public static void checkTracesAreEqual(Program program) {
        Program once = Recorder.trace(program.inputTypes(), program::apply).closed(),
                twice = Recorder.trace(program.inputTypes(), program::apply).closed();
        if (!once.equals(program) || !once.equals(twice) || once.hashCode() != twice.hashCode())
            throw new AssertionError("another trace of a program is not equal to it:\n" + program + "\n" + once);
        if (!once.toString().equals(program.toString())) throw new AssertionError("equal programs print differently:\n"
                + program + "\n" + once);
    }

    /** {@code J(a v + b w) = a J v + b J w}, and {@code J 0 = 0}. */
    public static void checkJvpIsLinear(Program program, List<Array> at, long seed, Runner runner) {
        var random = Vectors.random(seed);
        double a = random.nextDouble(0.5, 2), b = random.nextDouble(-2, -0.5);
        List<Array> v = Vectors.directions(random, program.inputTypes()),
                w = Vectors.directions(random, program.inputTypes());
        Program jvp = Derived.jvp(program);
        List<Array> sum = runner.arrays(jvp, Lists.concat(at, combined(a, v, b, w)));
        List<Array> parts = combined(a, runner.arrays(jvp, Lists.concat(at, v)), b,
                runner.arrays(jvp, Lists.concat(at, w)));
        double tolerance = ROUNDINGS * Vectors.epsilon(Lists.concat(program.inputTypes(), program.outputTypes()));
        Vectors.assertClose("J(" + a + " v + " + b + " w) of " + program, parts, sum, tolerance);
        List<Array> zero = Lists.map(v, x -> Tensor.zeros(x.type()).array());
        Vectors.assertClose("J 0 of " + program, Lists.map(program.outputTypes(), t -> Tensor.zeros(t).array()),
                runner.arrays(jvp, Lists.concat(at, zero)), 0);
    }

    /** How many roundings, relative to the largest number, a program of some dozen steps may suffer. */
    public static final double ROUNDINGS = 4096;

    private static List<Array> combined(double a, List<Array> v, double b, List<Array> w) {
        return Lists.each(v.size(), i -> {
            double[] x = v.get(i).toDoubles(), y = w.get(i).toDoubles();
            for (int k = 0; k < x.length; k++) x[k] = v.get(i).dtype().isFloat() ? a * x[k] + b * y[k] : 0;
            return Array.of(v.get(i).type(), x);
        });
    }

    /** The sum of the weighted floating-point outputs: a scalar function with the same derivatives. */
    public static Function<List<Tensor>, Tensor> loss(Program program) {
        return in -> {
            Tensor sum = Array.scalar(0.0);
            int k = 0;
            for (Tensor y : program.apply(in))
                if (y.dtype().isFloat()) sum = sum.add(y.mul(1 + 0.25 * k++).sum().astype(DType.F64));
            return sum;
        };
    }

    /** The gradients of a program recomputed on the way back are those of the program. */
    public static void checkCheckpoint(Program program, List<Array> at, Runner runner) {
        Program kept = gradient(program, at, loss(program));
        Program recomputed = gradient(program, at, Transforms.checkpoint(loss(program)));
        Vectors.assertClose("gradients of the checkpointed " + program, runner.arrays(kept, at),
                runner.arrays(recomputed, at), 0);
    }

    /** grad of vmap, vmap of grad, jvp of vjp and vjp of jvp, hessian both ways: different orders, the same numbers. */
    public static void checkTransformationsCommute(Program program, List<List<Array>> examples, Runner runner) {
        var loss = loss(program);
        List<Array> batch = Lists.each(program.inputs().size(),
                i -> Vectors.stacked(program.inputTypes().get(i), Lists.map(examples, e -> e.get(i))));
        double tolerance = ROUNDINGS * Vectors.epsilon(program.inputTypes());
        Program vmapOfGrad = traced(Transforms.vmap(Transforms.grad(loss)), batch);
        Program gradOfVmap = traced(Transforms.grad((List<Tensor> in) -> Transforms.vmap(loss).apply(in).sum()), batch);
        Vectors.assertClose("grad of vmap, of " + program, runner.arrays(vmapOfGrad, batch),
                runner.arrays(gradOfVmap, batch), tolerance);

        List<Array> at = examples.getFirst(), v = Vectors.directions(Vectors.random(99), program.inputTypes());
        Program jvpOfGrad = traced2((x, dx) -> Transforms.jvp(Transforms.grad(loss)).apply(x, dx).tangent(), at, v);
        Program gradOfJvp = traced2((x, dx) ->
                Transforms.grad((List<Tensor> y) -> Transforms.jvp(loss).apply(y, dx).tangent()).apply(x), at, v);
        Vectors.assertClose("grad of jvp, of " + program, runner.arrays(jvpOfGrad, Lists.concat(at, v)),
                runner.arrays(gradOfJvp, Lists.concat(at, v)), tolerance);
    }

    private static Program traced2(BiFunction<List<Tensor>, List<Tensor>, List<Tensor>> f, List<Array> at,
            List<Array> v) {
        return Transforms.program((Pair<List<Tensor>, List<Tensor>> p) -> f.apply(p.first(), p.second()),
                new Pair<>(List.<Tensor>copyOf(at), List.<Tensor>copyOf(v)));
    }

    private static Program gradient(Program program, List<Array> at, Function<List<Tensor>, Tensor> loss) {
        return traced(Transforms.grad(loss), at);
    }

    private static Program traced(Function<List<Tensor>, List<Tensor>> f, List<Array> at) {
        return Transforms.program(f, List.<Tensor>copyOf(at));
    }
}
