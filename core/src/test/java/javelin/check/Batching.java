package javelin.check;

import java.util.List;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Tensor;
import javelin.core.transform.Vmap;
import javelin.core.type.TensorType;

/** {@code vmap(f)} against a loop of f. */
public final class Batching {
    private Batching() {}

    public static void check(Program program, List<List<Array>> examples) {
        check(program, examples, 16, Runner.EVALUATOR);
    }

    /**
     * Maps every subset of the inputs (of more than five inputs: one, all but one, or all of them) over the examples,
     * the others being those of the first example, and compares with the program run on each example alone; then checks
     * the types of an empty batch.
     *
     * @param ulps how many roundings, relative to the largest number, the batch may differ by: its sums may be in
     *             another order
     */
    public static void check(Program program, List<List<Array>> examples, double ulps, Runner runner) {
        int n = program.inputs().size();
        double tolerance = ulps * Vectors.epsilon(Lists.concat(program.inputTypes(), program.outputTypes()));
        for (int subset = 1; subset < 1 << n; subset++) {
            int bits = subset, size = Integer.bitCount(subset);
            if (n > 5 && size > 1 && size < n - 1) continue;
            checkSubset(program, examples, Lists.each(n, i -> (bits >> i & 1) != 0), tolerance, runner);
        }
    }

    private static void checkSubset(Program program, List<List<Array>> examples, List<Boolean> mapped, double tolerance,
            Runner runner) {
        Program batched = Vmap.of(program, mapped, examples.size());
        List<Array> found = runner.arrays(batched, arguments(program, examples, mapped, examples.size()));
        List<List<Array>> rows = Lists.map(examples,
                e -> runner.arrays(program, Lists.each(mapped.size(),
                i -> (mapped.get(i) ? e : examples.getFirst()).get(i))));
        List<Array> expected = Lists.each(program.outputs().size(),
                k -> Vectors.stacked(program.outputTypes().get(k), Lists.map(rows, r -> r.get(k))));
        Vectors.assertClose("vmap over inputs " + mapped + " of " + program, expected, found, tolerance);

        Program none = Vmap.of(program, mapped, 0);
        List<TensorType> empty = Lists.map(program.outputTypes(), t -> t.withShape(t.shape().prepend(0)));
        List<Array> nothing = runner.arrays(none, arguments(program, examples, mapped, 0));
        if (!Lists.map(nothing, Array::type).equals(empty))
            throw new AssertionError("vmap over an empty batch of inputs " + mapped + " gives " + nothing
                    + " instead of " + empty + ", for " + program);
    }

    private static List<Tensor> arguments(Program program,
            List<List<Array>> examples, List<Boolean> mapped, int count) {
        return Lists.each(mapped.size(), i -> mapped.get(i)
                ? Vectors.stacked(program.inputTypes().get(i), Lists.map(examples.subList(0, count), e -> e.get(i)))
                        : examples.getFirst().get(i));
    }
}
