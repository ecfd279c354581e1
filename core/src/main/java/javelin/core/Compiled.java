package javelin.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import javelin.core.tree.TreeDef;
import javelin.core.tree.Trees;
import javelin.core.type.TensorType;

/**
 * A function over trees, compiled for one structure and types of arguments. Hot: a call that fits allocates its results
 * and nothing else.
 */
public final class Compiled {
    /** What {@link #tryCall} gives for arguments of another structure or type. */
    public static final Object MISS = new Object();

    private record Key(Program program, List<Boolean> donated) {}

    private static final Map<Key, Executable> PROGRAMS = new ConcurrentHashMap<>();

    private final TreeDef[] in;
    private final TensorType[] types;
    private final boolean[] donated;                                     // of each argument tensor
    private final Array[] captured;
    private final TreeDef out;
    private final TensorType[] outTypes;
    private final Spare[] spares;                                        // of each result
    private final Executable executable;
    private final AtomicReferenceArray<Frame> frames = new AtomicReferenceArray<>(16);

    /** What one call needs beside its results, kept for the next. */
    private static final class Frame {
        final Tensor[] leaves;
        final Object[] inputs, outputs;
        final Tensor[] results;

        Frame(int leaves, int captured, int outputs) {
            this.leaves = new Tensor[leaves];
            inputs = new Object[captured + leaves];
            this.outputs = new Object[outputs];
            results = new Tensor[outputs];
        }
    }

    private Compiled(List<Trees.Flat> arguments, List<Tensor> captured, Set<Integer> donated, TreeDef out,
            Program program) {
        in = arguments.stream().map(Trees.Flat::def).toArray(TreeDef[]::new);
        types = arguments.stream().flatMap(a -> a.types().stream()).toArray(TensorType[]::new);
        this.donated = new boolean[types.length];
        for (int i = 0, at = 0; i < in.length; at += in[i].leaves(), i++)
            Arrays.fill(this.donated, at, at + in[i].leaves(), donated.contains(i));
        this.captured = captured.stream().map(Tensor::array).toArray(Array[]::new);
        this.out = out;
        outTypes = program.outputTypes().toArray(TensorType[]::new);
        spares = Lists.each(outTypes.length, _ -> new Spare()).toArray(Spare[]::new);
        List<Boolean> inputs = Lists.concat(Lists.falses(captured.size()),
                Lists.each(types.length, i -> this.donated[i]));
        executable = Backend.installed().map(b ->
                PROGRAMS.computeIfAbsent(new Key(program, inputs), k -> b.compile(k.program(), k.donated())))
                .orElseGet(() -> evaluated(program));
    }

    /** Traces {@code f}, a function of a list of arguments, at the given ones and compiles it. */
    public static Compiled compile(Function<List<Object>, Object> f, List<Trees.Flat> arguments, Set<Integer> donated) {
        List<TensorType> types = new ArrayList<>();
        for (var a : arguments) types.addAll(a.types());
        TreeDef[] out = new TreeDef[1];
        var traced = Recorder.trace(types, leaves -> {
            List<Object> trees = new ArrayList<>();
            int at = 0;
            for (var a : arguments) trees.add(Trees.unflatten(a.def(), leaves.subList(at, at += a.def().leaves())));
            var result = Trees.flatten(f.apply(trees));
            out[0] = result.def();
            return result.leaves();
        });
        return new Compiled(arguments, traced.captured(), donated, out[0], traced.program());
    }

    /** Whether a trace is open on this thread, so that a compiled function must be recorded instead of run. */
    public static boolean isTracing() { return Recorder.isOpen(); }

    private static Executable evaluated(Program program) {
        List<TensorType> types = program.inputTypes();
        return (inputs, outputs) -> {
            List<Tensor> results = Evaluator.evaluate(program,
                    Lists.each(inputs.length, i -> Array.of(types.get(i), inputs[i])));
            for (int i = 0; i < outputs.length; i++) outputs[i] = ((Array) results.get(i)).storage();
        };
    }

    /** The result for up to three arguments, or {@link #MISS}. */
    public Object tryCall(Object a, Object b, Object c) {
        int slot = (int) Thread.currentThread().threadId() & 15;
        Frame frame = frames.getAndSet(slot, null);
        if (frame == null) frame = new Frame(types.length, captured.length, outTypes.length);
        Tensor[] leaves = frame.leaves;
        int at = in.length > 0 ? in[0].read(a, leaves, 0) : 0;
        if (at >= 0 && in.length > 1) at = in[1].read(b, leaves, at);
        if (at >= 0 && in.length > 2) at = in[2].read(c, leaves, at);
        Object result = at < 0 || !typesFit(leaves) ? MISS : run(frame);
        frames.set(slot, frame);
        return result;
    }

    private boolean typesFit(Tensor[] leaves) {
        for (int i = 0; i < types.length; i++) {
            TensorType type = leaves[i].type();
            if (type != types[i] && !type.equals(types[i])) return false;
        }
        return true;
    }

    private Object run(Frame frame) {
        Object[] inputs = frame.inputs, outputs = frame.outputs;
        Tensor[] leaves = frame.leaves;
        int k = captured.length;
        // donated ones first: an array that is also captured, or passed twice, is then found to be gone
        for (int i = 0; i < leaves.length; i++) if (donated[i]) inputs[k + i] = Array.of(leaves[i]).donate();
        for (int i = 0; i < leaves.length; i++) if (!donated[i]) inputs[k + i] = Array.of(leaves[i]).storage();
        for (int i = 0; i < k; i++) inputs[i] = captured[i].storage();
        for (int i = 0; i < outputs.length; i++) outputs[i] = spares[i].take();
        executable.run(inputs, outputs);
        Arrays.fill(inputs, null);
        Arrays.fill(leaves, null);
        Tensor[] results = frame.results;
        for (int i = 0; i < results.length; i++) results[i] = Array.of(outTypes[i], outputs[i], spares[i]);
        Arrays.fill(outputs, null);
        Object tree = out.build(results, 0);
        Arrays.fill(results, null);
        return tree;
    }

    public boolean fits(List<Trees.Flat> arguments) { return difference(arguments).isEmpty(); }

    /** The first thing in which {@code arguments} differ from what this was compiled for; empty if nothing. */
    public String difference(List<Trees.Flat> arguments) {
        int at = 0;
        for (int i = 0; i < in.length; i++) {
            Trees.Flat argument = arguments.get(i);
            if (!in[i].equals(argument.def()))
                return "argument " + i + " has another structure or static value: " + argument.def() + ", before "
                        + in[i];
            List<String> paths = argument.def().paths();
            for (int l = 0; l < paths.size(); l++, at++)
                if (!types[at].equals(argument.leaves().get(l).type()))
                    return "argument " + i + paths.get(l) + " is " + argument.leaves().get(l)
                            .type() + ", before " + types[at];
        }
        return "";
    }
}
