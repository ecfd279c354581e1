package javelin.check;

import java.util.List;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.type.TensorType;

/** Reverse mode against forward mode: {@code <J v, w> = <v, J'w>} for all v and w. */
public final class Transposes {
    private Transposes() {}

    public static void check(Program program, List<Array> at, long seed) {
        var random = Vectors.random(seed);
        check(program, at, Vectors.directions(random, program.inputTypes()),
                Vectors.directions(random, program.outputTypes()), Runner.EVALUATOR);
    }

    /** The two sides may differ by rounding: by some eps, {@link #ROUNDINGS}, for each term of the two sums. */
    public static void check(Program program, List<Array> at, List<Array> v, List<Array> w, Runner runner) {
        List<Array> pushed = runner.arrays(Derived.jvp(program), Lists.concat(at, v));
        List<Array> pulled = runner.arrays(Derived.vjp(program), Lists.concat(at, w));
        requireTypes("J v", program.outputTypes(), pushed);
        requireTypes("J'w", program.inputTypes(), pulled);
        double[] left = products(pushed, w), right = products(v, pulled);
        double eps = Vectors.epsilon(Lists.concat(program.inputTypes(), program.outputTypes()));
        double allowed = ROUNDINGS * eps * (sum(left, true) + sum(right, true)),
                off = Math.abs(sum(left, false) - sum(right, false));
        if (!(off <= allowed))
            throw new AssertionError("<J v, w> = " + sum(left, false) + " but <v, J'w> = " + sum(right, false)
                    + ", off by " + off
                    + " where rounding explains " + allowed + ", for " + program);
    }

    /**
     * How many roundings an element of J v or J'w may have suffered, each relative to the largest term: programs are
     * short.
     */
    private static final double ROUNDINGS = 256;

    private static void requireTypes(String what, List<TensorType> expected, List<Array> found) {
        if (!expected.equals(Lists.map(found, Array::type))) throw new AssertionError(what + " has types "
                + Lists.map(found, Array::type) + ", not " + expected);
    }

    private static double[] products(List<Array> a, List<Array> b) {
        double[] x = Vectors.numbers(a), y = Vectors.numbers(b), product = new double[x.length];
        for (int i = 0; i < x.length; i++) product[i] = x[i] * y[i];
        return product;
    }

    private static double sum(double[] terms, boolean magnitudes) {
        double sum = 0;
        for (double t : terms) sum += magnitudes ? Math.abs(t) : t;
        return sum;
    }
}
