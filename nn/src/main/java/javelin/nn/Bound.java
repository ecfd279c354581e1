package javelin.nn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import javelin.core.Tensor;

/**
 * A module under its name in the scope that made it, to be called more than once or by several methods: every call uses
 * the same parameters, while random streams go on. Flax: a module instance that is reused.
 * <pre>{@code
 * var embed = s.bind("embed", new Embedding(vocabulary, features));
 * Tensor h = embed.call((m, c) -> m.call(c, ids));
 * ...
 * return embed.call((m, c) -> m.attend(c, h));
 * }</pre>
 */
public record Bound<M>(M module, Scope scope) {
    /** Calls a method of the module in its scope. */
    public <R> R call(BiFunction<? super M, ? super Scope, ? extends R> method) {
        return scope.enter(module, List.of(), () -> method.apply(module, scope));
    }

    /**
     * As {@link #call}, with every parameter of the module seen as {@code reading} of its path, which begins with the
     * module's name, and its value; computed once for each.
     */
    <R> R reading(BiFunction<String, Tensor, Tensor> reading,
            BiFunction<? super M, ? super Scope, ? extends R> method) {
        Map<String, Tensor> seen = new HashMap<>();
        return scope.reading((path, w) -> seen.computeIfAbsent(path, _ -> reading.apply(scope.name() + "/" + path, w)),
                () -> call(method));
    }
}
