package javelin.check;

import java.util.List;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Program;

/** Derivatives in f32 and in halves against those in f64 at the same numbers. */
public final class Precision {
    /**
     * How many eps a derivative may be off by, relative to one more than the largest number, which is how large what
     * its rule subtracts may be: a rule is a few ops, each of which rounds by half of one.
     */
    private static final double ROUNDINGS = 2;

    private Precision() {}

    /**
     * Compares {@code J v}, and {@code J'w} if the program can be differentiated in reverse, with those of a program
     * that does the same in f64.
     */
    public static void check(Program program, Program inF64, List<Array> at, boolean reverse, long seed) {
        var random = Vectors.random(seed);
        List<Array> v = Vectors.directions(random, program.inputTypes());
        List<Array> w = Vectors.directions(random, program.outputTypes());
        double eps = Vectors.epsilon(Lists.concat(program.inputTypes(), program.outputTypes()));
        compare("J v", Derived.jvp(program), Derived.jvp(inF64), Lists.concat(at, v), eps);
        if (reverse) compare("J'w", Derived.vjp(program), Derived.vjp(inF64), Lists.concat(at, w), eps);
    }

    private static void compare(String what, Program program, Program inF64, List<Array> in, double eps) {
        double[] found = Vectors.numbers(Runner.EVALUATOR.arrays(program, in));
        double[] exact = Vectors.numbers(Runner.EVALUATOR.arrays(inF64,
                Lists.each(in.size(), i -> Array.of(inF64.inputTypes().get(i), in.get(i).toDoubles()))));
        Vectors.assertClose(what + " of " + program, exact, found, ROUNDINGS * eps);
    }
}
