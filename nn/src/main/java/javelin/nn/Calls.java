package javelin.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javelin.core.Equation;
import javelin.core.Recorder;
import javelin.core.tree.Trees;
import javelin.core.type.TensorType;

/** The modules called in one traced run, in order, for {@link Summary}. */
final class Calls {
    /**
     * @param inputs  the types of what is known of the inputs, as of the outputs
     * @param flops   the arithmetic of the call, with that of the modules within it but without initialisers; of one
     *                step or lane if the module is repeated
     */
    record Call(String path, String module, List<TensorType> inputs, List<TensorType> outputs, long flops) {}

    private final List<Call> all = new ArrayList<>();
    private long uncounted;                                              // operations that belong to no module

    List<Call> all() { return List.copyOf(all); }

    /** Runs {@code body}, the call of a module. */
    <R> R note(String path, String module, List<TensorType> inputs, Supplier<R> body) {
        int place = all.size(), from = Recorder.written().size();
        long uncountedBefore = uncounted;
        all.add(new Call(path, module, inputs, List.of(), 0));
        R out = body.get();
        long flops = since(from) - (uncounted - uncountedBefore);
        all.set(place, new Call(path, module, inputs, Trees.flatten(out).types(), flops));
        return out;
    }

    /** Runs {@code body}, whose arithmetic is not the modules'. */
    <R> R uncounted(Supplier<R> body) {
        int from = Recorder.written().size();
        R out = body.get();
        uncounted += since(from);
        return out;
    }

    /**
     * Runs {@code all}, which traces {@code one} of so many equal runs and transforms it: they count as many times that
     * one, whatever the transformed equations share.
     */
    <R, L> R repeated(int runs, Function<UnaryOperator<Supplier<L>>, R> all) {
        long before = uncounted;
        int from = Recorder.written().size();
        long[] flops = new long[1];
        R out = all.apply(one -> () -> {
            long inner = uncounted;
            int start = Recorder.written().size();
            L result = one.get();
            flops[0] = since(start) - (uncounted - inner);
            return result;
        });
        uncounted = before + since(from) - runs * flops[0];
        return out;
    }

    private static long since(int from) {
        List<Equation> equations = Recorder.written();
        return Flops.of(equations.subList(from, equations.size()));
    }
}
