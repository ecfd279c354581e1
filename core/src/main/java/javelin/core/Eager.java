package javelin.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javelin.core.Atom.Var;
import javelin.core.ops.Callback;
import javelin.core.type.TensorType;

/**
 * Ops outside every trace: small ones are evaluated on the spot, large ones are compiled, once for each op and type.
 * Control ops run their programs op by op only if there is no compiler.
 */
final class Eager {
    /** Below this many elements to compute, evaluating is quicker than compiling would be. */
    private static final long SMALL = 1 << 14;

    private record Key(Op op, List<TensorType> inputs) {}

    private static final Map<Key, Executable> COMPILED = new ConcurrentHashMap<>();

    private Eager() {}

    static List<Tensor> apply(Op op, List<Tensor> inputs) {
        List<Array> arrays = Lists.map(inputs, Array::of);
        List<TensorType> in = Lists.map(arrays, Array::type), out = op.outputTypes(in);
        if (Backend.installed().isEmpty() || isSmall(op, in, out) || NanWatch.isOn())
            return Evaluator.evaluate(op, arrays);
        Executable run = COMPILED.computeIfAbsent(new Key(op, in),
                _ -> Backend.installed().get().compile(program(op, in, out), Lists.falses(in.size())));
        Object[] results = new Object[out.size()];
        run.run(arrays.stream().map(Array::storage).toArray(), results);
        return Lists.each(results.length, i -> Array.wrap(out.get(i), results[i]));
    }

    private static boolean isSmall(Op op, List<TensorType> in, List<TensorType> out) {
        if (op instanceof ControlOp || op instanceof Callback) return op instanceof Callback;
        long elements = 0;
        for (TensorType t : in) elements = Math.max(elements, t.elements());
        for (TensorType t : out) elements = Math.max(elements, t.elements());
        return elements * (op instanceof javelin.core.ops.DotGeneral ? 64 : 1) < SMALL;
    }

    private static Program program(Op op, List<TensorType> in, List<TensorType> out) {
        List<Var> inputs = Lists.each(in.size(), i -> new Var(i, in.get(i)));
        List<Var> outputs = Lists.each(out.size(), i -> new Var(in.size() + i, out.get(i)));
        var equation = new Equation(outputs, op, new ArrayList<Atom>(inputs), SourceLine.current());
        return new Program(inputs, List.of(equation), new ArrayList<Atom>(outputs));
    }
}
