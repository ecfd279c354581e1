package javelin.optim;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.tree.Trees;
import javelin.core.type.DType;

/**
 * The state of an {@link Optimizer}: the states of its parts, in order. Hyper-parameters that one changes while
 * training are in it, so reading and setting them compiles nothing again.
 *
 * @param parts each the state record of a transformation, such as {@link ScaleByAdam.State}
 */
public record OptState(List<Object> parts) {
    /** How many updates were made, an i32 scalar. Throws if no part counts. */
    public Tensor count() {
        return Trees.find(this, Counted.class).values().stream().findFirst().map(Counted::count)
                .orElseThrow(() -> new JavelinException("no part of this optimizer counts its updates: " + names()));
    }

    /**
     * The state of the one part of this class, wherever it is: {@code state.find(ScaleByAdam.State.class)}. Throws if
     * there is none, or more.
     */
    public <T> T find(Class<T> type) {
        Map<String, T> found = Trees.find(this, type);
        if (found.size() != 1)
            throw new JavelinException("this optimizer has " + (found.isEmpty() ? "no" : found.size() + " times a")
                    + " state of " + type.getName() + "; its parts are " + names());
        return found.values().iterator().next();
    }

    /** The learning rate: the last one used, if it follows a schedule. */
    public double learningRate() { return hyperparameter("learningRate").item(); }

    /** This state with another learning rate from the next update on. Throws if it follows a schedule. */
    public OptState withLearningRate(double value) { return with("learningRate", value); }

    /** Every hyper-parameter by its name, f64 scalars; by its path in the state if a name occurs twice. */
    public Map<String, Tensor> hyperparameters() {
        Map<String, Tensor> all = new TreeMap<>();
        byPath().forEach((path, h) -> all.put(count(name(path)) == 1 ? name(path) : path, h.value()));
        return all;
    }

    /** The value of one hyper-parameter. */
    public Tensor hyperparameter(String name) { return byPath().get(find(name)).value(); }

    /**
     * This state with another value of a hyper-parameter. Throws if there is none of this name, or if it follows a
     * schedule.
     */
    public OptState with(String name, double value) {
        String path = find(name);
        if (byPath().get(path).scheduled())
            throw new JavelinException("'" + name
                    + "' follows a schedule, which would overwrite it; build the optimizer with a number to set it"
                    + " by hand");
        return Trees.mapWithPath(this, (p, t) -> p.equals(path + ".value") ? Array.scalar(value, DType.F64) : t);
    }

    private Map<String, Hyperparameter> byPath() { return Trees.find(this, Hyperparameter.class); }

    private static String name(String path) { return path.substring(path.lastIndexOf('.') + 1); }

    private long count(String name) { return byPath().keySet().stream().filter(p -> name(p).equals(name)).count(); }

    private String find(String name) {
        List<String> paths = byPath().keySet().stream().filter(p -> p.equals(name) || name(p).equals(name)).toList();
        if (paths.size() == 1) return paths.getFirst();
        throw new JavelinException(paths.isEmpty() ? "this optimizer has no hyper-parameter '" + name + "'; it has "
                + hyperparameters().keySet()
                : "'" + name + "' is ambiguous; say which: " + paths);
    }

    private String names() {
        return parts.stream().map(p -> p.getClass().getName().replaceFirst(".*\\.", "").replace('$', '.'))
                .collect(Collectors.joining(", "));
    }
}
