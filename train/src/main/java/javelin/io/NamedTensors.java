package javelin.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javelin.core.Tensor;
import javelin.core.tree.TreeException;
import javelin.core.tree.Trees;
import javelin.core.type.TensorType;

/**
 * The names that the tensors of a tree have in files, {@code optimizer/0/mu/Dense_0/kernel}: record components, keys of
 * maps and places in lists with slashes between. A record that only wraps a map or a list, as {@code Variables} and
 * {@code OptState} do, is that map or list.
 */
public final class NamedTensors {
    private static final Pattern STEP = Pattern.compile("\\.([^.\\[]+)|\\[(.*?)](?=$|[.\\[])", Pattern.DOTALL);

    private NamedTensors() {}

    /** The tensors of {@code tree} by name, in the tree's order. Throws {@link TreeException} if two have one name. */
    public static SequencedMap<String, Tensor> of(Object tree) {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        bySteps(tree).forEach((steps, tensor) -> {
            String name = String.join("/", steps);
            if (all.put(name, tensor) != null) throw new TreeException("two tensors of the tree are named " + name
                    + "; rename a key that has a slash in it");
        });
        return all;
    }

    /** The tensors by the parts of their names. */
    static SequencedMap<List<String>, Tensor> bySteps(Object tree) {
        var flat = Trees.flatten(tree);
        List<String> paths = flat.def().paths();
        List<String> wraps = new ArrayList<>();                              // longest first
        Trees.find(tree, Record.class).forEach((path, r) -> {
            var components = r.getClass().getRecordComponents();
            if (components.length != 1) return;
            Class<?> type = components[0].getType();
            if (type == Map.class || type == List.class) wraps.addFirst(path + "." + components[0].getName());
        });
        SequencedMap<List<String>, Tensor> all = new LinkedHashMap<>();
        for (int i = 0; i < paths.size(); i++) all.put(steps(paths.get(i), wraps), flat.leaves().get(i));
        return all;
    }

    private static List<String> steps(String path, List<String> wraps) {
        for (String wrap : wraps)
            if (path.startsWith(wrap + "["))
                path = wrap.substring(0, wrap.lastIndexOf('.')) + path.substring(wrap.length());
        List<String> steps = new ArrayList<>();
        var step = STEP.matcher(path);
        int end = 0;
        for (; step.find() && step.start() == end; end = step.end())
            steps.add(step.group(1) != null ? step.group(1) : step.group(2));
        if (end != path.length()) throw new TreeException("no name can be made of the path " + path);
        return steps.isEmpty() ? List.of("tensor") : steps;                  // a tensor alone
    }

    /** As {@link #restore(Object, Map, Map)}, without renaming. */
    public static <T> T restore(T template, Map<String, ? extends Tensor> named) {
        return restore(template, named, Map.of());
    }

    /**
     * The tree of {@code template}'s structure with the tensors of the same names. To keep the template's own tensors
     * where {@code named} has none, put both into one map: {@code all = new HashMap<>(NamedTensors.of(template));
     * all.putAll(named)}.
     *
     * @param renamed new names by the old ones, of tensors or of whole subtrees: {@code Map.of("params/Dense_0",
     *                "params/encoder")}; the longest that fits counts
     * @throws TreeException listing every tensor that is missing, unexpected, or of another type
     */
    public static <T> T restore(T template, Map<String, ? extends Tensor> named, Map<String, String> renamed) {
        Map<String, Tensor> found = new TreeMap<>();
        named.forEach((name, tensor) -> {
            if (found.put(rename(name, renamed), tensor) != null) throw new TreeException(
                    "two tensors are named " + rename(name, renamed) + " after renaming by " + renamed);
        });
        SequencedMap<String, Tensor> wanted = of(template);
        List<String> wrong = new ArrayList<>();
        wanted.forEach((name, tensor) -> {
            if (!found.containsKey(name)) wrong.add("missing     " + name + " " + tensor.type());
        });
        found.forEach((name, tensor) -> {
            if (!wanted.containsKey(name)) wrong.add("unexpected  " + name + " " + tensor.type());
        });
        wanted.forEach((name, tensor) -> {
            TensorType type = found.getOrDefault(name, tensor).type();
            if (!type.equals(tensor.type()))
                wrong.add("differs     " + name + " is " + type + ", the template's is " + tensor.type());
        });
        if (!wrong.isEmpty()) throw new TreeException("the saved tensors do not fit the template:\n  "
                + String.join("\n  ", wrong) + "\n  what has only another name can be renamed:"
                + " Map.of(\"old/name\", \"new/name\"), for tensors and subtrees");
        return Trees.unflatten(Trees.flatten(template).def(), wanted.keySet().stream().map(found::get).toList());
    }

    private static String rename(String name, Map<String, String> renamed) {
        for (String prefix = name; ; prefix = prefix.substring(0, prefix.lastIndexOf('/'))) {
            if (renamed.containsKey(prefix)) return renamed.get(prefix) + name.substring(prefix.length());
            if (prefix.indexOf('/') < 0) return name;
        }
    }
}
