package javelin.nn;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import javelin.Transforms;
import javelin.core.Atom;
import javelin.core.Backend;
import javelin.core.Compiled;
import javelin.core.Equation;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;

/** Runs of a traced module only what one variable depends on: its initialiser, but not the module's arithmetic. */
final class Initial {
    /** Up to so many elements, evaluating some thirty ops takes a few milliseconds: less than compiling them. */
    private static final int SMALL = 512;

    private Initial() {}

    /** Output {@code i} of the trace, which is the variable at {@code path}. */
    static Tensor value(Recorder.Traced traced, int i, String path) {
        Program all = traced.program();
        Atom output = all.outputs().get(i);
        BitSet needed = new BitSet();
        mark(needed, List.of(output));
        List<Equation> kept = new ArrayList<>();
        for (Equation e : all.equations().reversed()) {
            if (e.outputs().stream().noneMatch(v -> needed.get(v.index()))) continue;
            kept.addFirst(e);
            mark(needed, e.inputs());
        }
        List<Boolean> used = Lists.map(all.inputs(), v -> needed.get(v.index()));
        int captured = traced.captured().size();
        if (used.subList(captured, used.size()).contains(true))
            throw new JavelinException("the initial value of '" + path
                    + "' depends on the numbers of the module's input, of which only the type is given;"
                    + " give init an example input instead of its type");
        Program slice = Program.of(Lists.where(all.inputs(), used, true), kept, List.of(output));
        List<Tensor> arguments = Lists.where(traced.captured(), used.subList(0, captured), true);
        boolean evaluate = Compiled.isTracing() || Backend.installed().isEmpty() || output.type().elements() <= SMALL;
        return (evaluate ? slice.apply(arguments) : Transforms.jit(slice::apply).apply(arguments)).getFirst();
    }

    private static void mark(BitSet needed, List<Atom> atoms) {
        for (Atom a : atoms) if (a instanceof Atom.Var v) needed.set(v.index());
    }
}
