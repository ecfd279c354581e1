package javelin.optim;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import javelin.core.JavelinException;
import javelin.core.Tensor;

/**
 * A transformation for each kind of parameter: {@code partition(label, Map.of("hidden", adam(1e-3), "frozen",
 * setToZero()))}. (optax.partition, multi_transform)
 *
 * @param labels names the transformation for a path and a tensor
 */
public record Partition<P>(Labels labels, SortedMap<String, GradientTransformation<Selected, ?>> transforms)
        implements LossAware<P, Partition.State> {

    /** The name of the transformation for the tensor at a path; paths are those of {@link Mask}. */
    @FunctionalInterface
    public interface Labels { String of(String path, Tensor tensor); }

    public record State(Map<String, Object> innerStates) {}

    @Override public State init(P params) {
        var used = new TreeSet<String>();
        Mask collect = (path, tensor) -> used.add(labels.of(path, tensor));
        collect.over(params);
        if (!transforms.keySet().containsAll(used))
            throw new JavelinException("parameters are labelled " + used + ", but there are transformations for "
                    + transforms.keySet() + " only");
        return new State(each((name, inner) -> masked(name, inner).init(params)));
    }

    @Override public Step<P, State> update(P gradients, State state, P params, Loss<P> loss) {
        var updates = new Object() { P now = gradients; };
        Map<String, Object> after = each((name, inner) -> {
            Step<P, ?> step = Chain.step(masked(name, inner), updates.now, state.innerStates().get(name), params, loss);
            updates.now = step.updates();
            return step.state();
        });
        return new Step<>(updates.now, new State(after));
    }

    private Masked<P, ?> masked(String name, GradientTransformation<Selected, ?> inner) {
        return new Masked<>(inner, (path, tensor) -> labels.of(path, tensor).equals(name));
    }

    private Map<String, Object> each(BiFunction<String, GradientTransformation<Selected, ?>, Object> f) {
        Map<String, Object> all = new TreeMap<>();
        transforms.forEach((name, inner) -> all.put(name, f.apply(name, inner)));
        return all;
    }
}
