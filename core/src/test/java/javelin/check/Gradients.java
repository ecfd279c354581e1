package javelin.check;

import java.util.List;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Tensor;
import javelin.core.type.DType;

/** Derivatives against finite differences, in f64, in random directions. */
public final class Gradients {
    /**
     * The step: with four points the truncation error is h^4 f'''''/30 and that of rounding 1.5 eps/h, so 1e-13 and
     * 1e-13 of functions whose derivatives are about 1.
     */
    public static final double STEP = 1e-3;

    /** What is left of the errors of the differences for functions whose higher derivatives are some thousand. */
    public static final double TOLERANCE = 1e-7;

    private Gradients() {}

    /** Both modes up to {@code order}, by the reference evaluator. */
    public static void check(Program program, List<Array> at, int order, long seed) {
        check(program, at, order, true, seed, STEP, TOLERANCE, Runner.EVALUATOR);
    }

    /**
     * Checks {@code J v} against the difference of values along v, and {@code <J v, w> = <v, J'w>}; then both {@code J
     * v} and {@code J'w}, as functions of where they are taken and of v and w, the same way to one order less. Only f64
     * inputs move.
     *
     * @param reverse   whether the program can be differentiated in reverse mode
     * @param tolerance of the differences, relative to the largest
     */
    public static void check(Program program, List<Array> at, int order, boolean reverse, long seed, double step,
            double tolerance, Runner runner) {
        if (order == 0 || at.stream().noneMatch(a -> a.dtype() == DType.F64)) return;
        var random = Vectors.random(seed);
        List<Array> v = Lists.map(at, a -> a.dtype() == DType.F64 ? Vectors.direction(random, a.type())
                : Tensor.zeros(a.type()).array());
        Program jvp = Derived.jvp(program);
        double[] along = Vectors.numbers(runner.arrays(jvp, Lists.concat(at, v)));
        Vectors.assertClose("J v, order " + order + ", against differences of " + program,
                differences(program, at, v, step, runner), along, tolerance);
        if (order > 1) check(jvp, Lists.concat(at, v), order - 1, reverse, seed + 1, step, tolerance, runner);
        if (!reverse) return;
        List<Array> w = Vectors.directions(random, program.outputTypes());
        Transposes.check(program, at, v, w, runner);
        if (order > 1) check(Derived.vjp(program), Lists.concat(at, w), order - 1, true, seed + 2, step,
                tolerance, runner);
    }

    private static double[] differences(Program program, List<Array> at, List<Array> v, double h, Runner runner) {
        double[] a = value(program, at, v, h, runner), b = value(program, at, v, -h, runner);
        double[] c = value(program, at, v, 2 * h, runner), d = value(program, at, v, -2 * h, runner);
        double[] slope = new double[a.length];
        for (int i = 0; i < slope.length; i++) slope[i] = (8 * (a[i] - b[i]) - (c[i] - d[i])) / (12 * h);
        return slope;
    }

    private static double[] value(Program program, List<Array> at, List<Array> v, double step, Runner runner) {
        return Vectors.numbers(runner.arrays(program, Vectors.moved(at, v, step)));
    }
}
