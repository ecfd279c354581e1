package javelin.nn;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import javelin.Key;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * The ways to run a module of any shape: its method is called in a lambda with the root scope.
 * <pre>{@code
 * record Attend(int heads) { Tensor call(Scope s, Tensor q, Tensor kv) { ... } }
 * Variables v = Nn.init(key, s -> attend.call(s, q, kv));
 * Tensor y = Nn.apply(v, s -> attend.call(s, q, kv));
 * Applied<Tensor> r = Nn.train(v, Rngs.of("dropout", key), s -> attend.call(s, q, kv));
 * }</pre>
 * {@link #run} is the general one. A {@link Layer} has the three as methods.
 */
public final class Nn {
    private Nn() {}

    /**
     * The variables that {@code program} asks for. It is traced, not executed: afterwards every variable is computed
     * from the equations it depends on alone, which are its initialiser's.
     *
     * @param key the root of the stream {@code params}
     */
    public static Variables init(Key key, Function<Scope, ?> program) {
        return init(Rngs.of(Variables.PARAMS, key), program);
    }

    public static Variables init(Rngs rngs, Function<Scope, ?> program) {
        return init(rngs, List.of(), (s, _) -> program.apply(s));
    }

    /** As above, for a program of tensors of which only the types are known. */
    public static Variables init(Rngs rngs, List<TensorType> inputs, BiFunction<Scope, List<Tensor>, ?> program) {
        Session session = Session.initial(rngs, Optional.empty());
        Recorder.Traced traced = trace(session, inputs, program);
        List<String> paths = List.copyOf(session.written().keySet());
        Map<String, Tensor> values = new TreeMap<>();
        for (int i = 0; i < paths.size(); i++) values.put(paths.get(i), Initial.value(traced, i, paths.get(i)));
        return Variables.of(values);
    }

    private static Recorder.Traced trace(Session session, List<TensorType> inputs,
            BiFunction<Scope, List<Tensor>, ?> program) {
        return Recorder.trace(inputs, in -> {
            program.apply(new Scope(session, List.of()), in);
            return List.copyOf(session.written().values());
        });
    }

    /** What {@code program} computes in evaluation: no state changes, nothing is random. */
    public static <R> R apply(Variables variables, Function<Scope, R> program) {
        return apply(variables, Rngs.none(), program);
    }

    /** As above, for modules that draw random numbers in evaluation too. */
    public static <R> R apply(Variables variables, Rngs rngs, Function<Scope, R> program) {
        return run(variables, Run.evaluation().withRngs(rngs), program).value();
    }

    /** What {@code program} computes in training, and the state it leaves. */
    public static <R> Applied<R> train(Variables variables, Rngs rngs, Function<Scope, R> program) {
        return run(variables, Run.training(rngs), program);
    }

    /** What {@code program} computes, and the collections that {@code run} lets change, whole. (Module.apply) */
    public static <R> Applied<R> run(Variables variables, Run run, Function<Scope, R> program) {
        Session session = Session.of(run, variables);
        R value = program.apply(new Scope(session, List.of()));
        Map<String, Tensor> state = session.below("", run.mutable());
        return new Applied<>(value, Variables.of(state));
    }

    /**
     * A table of a layer's modules: path, class, types of inputs and outputs, floating-point operations (see {@link
     * Flops}), variables with their types and counts, and the totals. Nothing is executed. (nn.tabulate)
     */
    public static String tabulate(Layer layer, TensorType input) {
        return tabulate(Rngs.of(Variables.PARAMS, Key.of(0)), List.of(input),
                (s, in) -> s.enter(layer, in, () -> layer.call(s, in.getFirst())));
    }

    /** As above, for a program of several inputs. */
    public static String tabulate(Rngs rngs, List<TensorType> inputs, BiFunction<Scope, List<Tensor>, ?> program) {
        Calls calls = new Calls();
        Session session = Session.initial(rngs, Optional.of(calls));
        trace(session, inputs, program);
        Map<String, TensorType> variables = new TreeMap<>();
        session.written().forEach((path, value) -> variables.put(path, value.type()));
        return Summary.table(calls.all(), variables);
    }
}
