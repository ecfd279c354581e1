package javelin.nn;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.tree.Trees;

/**
 * An immutable tree of named tensors: what {@link Layer#init} gives is {@code collection / module / ... / name}, with
 * the trained parameters in the collection {@code params}; every subtree is a {@code Variables} too. Paths are written
 * with slashes: {@code "params/Dense_0/kernel"}. It is a tree for jit, grad and the optimizers, its tensors in the
 * order of their sorted names. Flax: the nested dict (FrozenDict) of variables.
 *
 * @param tree each value is a tensor or another such map, not to be changed any more
 */
public record Variables(Map<String, ?> tree) {
    /** The collection that is trained. */
    static final String PARAMS = "params";
    private static final Variables EMPTY = new Variables(Collections.emptySortedMap());

    public static Variables empty() { return EMPTY; }

    /** The tree with these tensors at these paths. */
    public static Variables of(Map<String, ? extends Tensor> byPath) {
        Variables all = EMPTY;
        for (var e : new TreeMap<>(byPath).entrySet()) all = new Variables(put(all.tree, e.getKey(), e.getValue()));
        return all;
    }

    /** The tensors of a record of records, at the paths that its components' names make: the inverse of {@link #as}. */
    public static Variables ofView(Record view) {
        var flat = Trees.flatten(view);
        Map<String, Tensor> byPath = new TreeMap<>();
        List<String> paths = flat.def().paths();
        for (int i = 0; i < paths.size(); i++)
            byPath.put(paths.get(i).substring(1).replace('.', '/'), flat.leaves().get(i));
        return of(byPath);
    }

    /** {@code params} as the collection of parameters of a tree: what {@link Layer#apply} takes. */
    public static Variables ofParams(Variables params) { return EMPTY.withParams(params); }

    /** The trained parameters, as their own tree; empty if there are none. */
    public Variables params() { return tree.containsKey(PARAMS) ? at(PARAMS) : EMPTY; }

    /** This tree with other parameters. */
    public Variables withParams(Variables params) { return with(PARAMS, params); }

    /** The subtree at {@code path}. Throws, naming what is there, if there is none. */
    public Variables at(String path) {
        if (find(path) instanceof Map<?, ?> map) return subtree(map);
        throw new JavelinException("'" + path + "' is a tensor, not a tree of variables; use tensor(\"" + path + "\")");
    }

    /** The tensor at {@code path}. Throws, naming what is there, if there is none. */
    public Tensor tensor(String path) {
        if (find(path) instanceof Tensor t) return t;
        throw new JavelinException("'" + path + "' is a tree of variables, not a tensor; it has " +
                String.join(", ", at(path).names()));
    }

    /** Whether there is a tensor or a subtree at {@code path}. */
    public boolean has(String path) {
        return search(tree, path).isPresent();
    }

    /** Whether there is a tensor at {@code path}. */
    boolean hasTensor(String path) { return search(tree, path).orElse(tree) instanceof Tensor; }

    /** The names at the root, sorted. */
    public Set<String> names() { return new TreeSet<>(tree.keySet()); }

    /** This tree with {@code value} at {@code path}, in place of what was there. */
    public Variables with(String path, Tensor value) { return new Variables(put(tree, free(path), value)); }

    /** This tree with {@code subtree} at {@code path}, in place of what was there. */
    public Variables with(String path, Variables subtree) {
        return new Variables(put(tree, free(path), subtree.tree));
    }

    /**
     * This tree with everything that {@code updates} has, and the rest as it was: {@code
     * variables.with(applied.updates())}.
     */
    public Variables with(Variables updates) { return new Variables(merge(tree, updates.tree)); }

    /** This tree without what is at {@code path}. Throws if nothing is. */
    public Variables without(String path) {
        find(path);
        int slash = path.lastIndexOf('/');
        Map<String, Object> rest = new TreeMap<>(slash < 0 ? tree : at(path.substring(0, slash)).tree);
        rest.remove(path.substring(slash + 1));
        Variables parent = new Variables(Collections.unmodifiableMap(rest));
        return slash < 0 ? parent : with(path.substring(0, slash), parent);
    }

    /** Every tensor by its path. */
    public SortedMap<String, Tensor> flat() {
        SortedMap<String, Tensor> all = new TreeMap<>();
        addTensors(tree, "", all);
        return all;
    }

    /** The part of the tree at the paths that {@code wanted} accepts, such as {@code p -> p.endsWith("/kernel")}. */
    public Variables where(Predicate<String> wanted) {
        Map<String, Tensor> kept = new TreeMap<>(flat());
        kept.keySet().removeIf(wanted.negate());
        return of(kept);
    }

    /** The tree with every tensor replaced by what {@code f} makes of its path and it. (path_aware_map) */
    public Variables map(BiFunction<String, Tensor, Tensor> f) {
        Map<String, Tensor> all = new TreeMap<>(flat());
        all.replaceAll(f);
        return of(all);
    }

    /**
     * The tree with the tensors at the paths that {@code frozen} accepts as constants to differentiation: their
     * gradient is 0. To spare an optimizer their state too, differentiate by {@code where(frozen.negate())} alone.
     */
    public Variables freeze(Predicate<String> frozen) {
        return map((path, t) -> frozen.test(path) ? t.stopGradient() : t);
    }

    /**
     * A view of the tree as a record, whose components are named as what is in the tree and are tensors, such records,
     * or {@code Variables}: {@code record P(Kernel Dense_0, Kernel head) {}}. Throws, naming what is there, if
     * something is missing; what the record does not name is left out.
     */
    public <T extends Record> T as(Class<T> view) {
        return Trees.record(view, c -> {
            if (c.getType() == Tensor.class) return tensor(c.getName());
            if (c.getType() == Variables.class) return at(c.getName());
            if (c.getType().isRecord()) return at(c.getName()).as(c.getType().asSubclass(Record.class));
            throw new JavelinException("component " + c.getName() + " of " + view.getSimpleName() + " is a "
                    + c.getType().getSimpleName() + "; a view of variables has tensors, records of them and Variables");
        });
    }

    /** How many numbers there are in all. */
    public long elements() { return flat().values().stream().mapToLong(t -> t.type().elements()).sum(); }

    /** The shapes in place of the tensors: <code>{Dense_0: {bias: (8,), kernel: (2, 8)}}</code>. */
    public String shapes() { return shapes(tree); }

    @Override public String toString() { return shapes(); }

    private static String shapes(Object value) {
        if (value instanceof Tensor t)
            return t.shape().sizes().stream().map(Object::toString)
                    .collect(Collectors.joining(", ", "(", t.rank() == 1 ? ",)" : ")"));
        return new TreeMap<>(subtree((Map<?, ?>) value).tree).entrySet().stream()
                .map(e -> e.getKey() + ": " + shapes(e.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private Object find(String path) {
        Optional<Object> there = search(tree, path);
        if (there.isPresent()) return there.get();
        int slash = path.lastIndexOf('/');
        Object before = slash < 0 ? tree : find(path.substring(0, slash));
        String where = slash < 0 ? "the tree of variables" : "'" + path.substring(0, slash) + "'";
        if (!(before instanceof Map<?, ?> map))
            throw new JavelinException("there is no '" + path + "': " + where + " is a tensor");
        String name = path.substring(slash + 1);
        throw new JavelinException("there is no '" + name + "' in " + where
                + Suggestions.of(name, subtree(map).names()));
    }

    /** Names may have slashes too, as those of {@link WeightNorm}, where a tensor stands in the way of a subtree. */
    private static Optional<Object> search(Map<?, ?> map, String path) {
        if (map.containsKey(path)) return Optional.of(map.get(path));
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1))
            if (map.get(path.substring(0, slash)) instanceof Map<?, ?> inner) {
                var there = search(inner, path.substring(slash + 1));
                if (there.isPresent()) return there;
            }
        return Optional.empty();
    }

    @SuppressWarnings("unchecked")
    private static Variables subtree(Map<?, ?> map) { return new Variables((Map<String, ?>) map); }

    /** {@code path}, unless a tensor stands in the way. */
    private String free(String path) {
        for (int slash = path.indexOf('/'); slash > 0 && !has(path); slash = path.indexOf('/', slash + 1))
            if (hasTensor(path.substring(0, slash)))
                throw new JavelinException("nothing can be put at " + path + ": '"
                        + path.substring(path.lastIndexOf('/', slash - 1) + 1, slash) + "' is a tensor");
        return path;
    }

    private static Map<String, ?> put(Map<String, ?> map, String path, Object value) {
        if (Stream.of(path.split("/", -1)).anyMatch(String::isEmpty))
            throw new JavelinException("a path of variables is names with slashes between, not '" + path + "'");
        Map<String, Object> all = new TreeMap<>(map);
        int slash = path.indexOf('/');
        String name = slash < 0 ? path : path.substring(0, slash);
        Object here = map.get(name);
        if (slash < 0 || map.containsKey(path) || here instanceof Tensor) all.put(path, value);
        else all.put(name, put(here instanceof Map<?, ?> inner ? subtree(inner).tree : Collections.emptySortedMap(),
                path.substring(slash + 1), value));
        return Collections.unmodifiableMap(all);
    }

    private static Map<String, ?> merge(Map<String, ?> map, Map<String, ?> updates) {
        Map<String, Object> all = new TreeMap<>(map);
        updates.forEach((name, value) -> all.merge(name, value,
                (old, now) -> old instanceof Map<?, ?> a && now instanceof Map<?, ?> b
                        ? merge(subtree(a).tree, subtree(b).tree) : now));
        return Collections.unmodifiableMap(all);
    }

    private static void addTensors(Object value, String path, Map<String, Tensor> all) {
        if (value instanceof Tensor t) all.put(path, t);
        else if (value instanceof Map<?, ?> map) map
                .forEach((name, inner) -> addTensors(inner, path.isEmpty() ? name.toString() : path + "/" + name, all));
        else throw new JavelinException("'" + path + "' holds a " + value.getClass().getName()
                + "; variables are tensors in nested maps");
    }
}
