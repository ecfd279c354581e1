package javelin.nn;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javelin.core.JavelinException;
import javelin.core.Tensor;

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
        for (var e : byPath.entrySet()) all = all.with(e.getKey(), e.getValue());
        return all;
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
        Object here = tree;
        for (String name : path.split("/")) {
            if (!(here instanceof Map<?, ?> map) || !map.containsKey(name)) return false;
            here = map.get(name);
        }
        return true;
    }

    /** The names at the root, sorted. */
    public Set<String> names() { return new TreeSet<>(tree.keySet()); }

    /** This tree with {@code value} at {@code path}, in place of what was there. */
    public Variables with(String path, Tensor value) { return new Variables(put(tree, path.split("/"), 0, value)); }

    /** This tree with {@code subtree} at {@code path}, in place of what was there. */
    public Variables with(String path, Variables subtree) {
        return new Variables(put(tree, path.split("/"), 0, subtree.tree));
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
        Object here = tree;
        String before = "";
        for (String name : path.split("/")) {
            String where = before.isEmpty() ? "the tree of variables" : "'" + before + "'";
            if (!(here instanceof Map<?, ?> map))
                throw new JavelinException("there is no '" + path + "': " + where + " is a tensor");
            if (!map.containsKey(name))
                throw new JavelinException("there is no '" + name + "' in " + where
                        + Suggestions.of(name, subtree(map).names()));
            here = map.get(name);
            before = before.isEmpty() ? name : before + "/" + name;
        }
        return here;
    }

    @SuppressWarnings("unchecked")
    private static Variables subtree(Map<?, ?> map) { return new Variables((Map<String, ?>) map); }

    private static Map<String, ?> put(Map<String, ?> map, String[] path, int at, Object value) {
        if (path[at].isEmpty())
            throw new JavelinException("a path of variables is names with slashes between: " + Arrays.toString(path));
        Map<String, Object> all = new TreeMap<>(map);
        boolean last = at == path.length - 1;
        if (!last && map.get(path[at]) instanceof Tensor)
            throw new JavelinException("nothing can be put at " + String.join("/", path) + ": '" + path[at]
                    + "' is a tensor");
        Map<String, ?> below = map.get(path[at]) instanceof Map<?, ?> inner ? subtree(inner).tree
                : Collections.emptySortedMap();
        all.put(path[at], last ? value : put(below, path, at + 1, value));
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
