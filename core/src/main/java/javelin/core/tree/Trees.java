package javelin.core.tree;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * The user's own types as trees: records by component, in order, lists, maps by sorted key, Optional and object arrays
 * are nodes, tensors are leaves, everything else is static structure.
 */
public final class Trees {
    private static final TreeDef LEAF = new TreeDef.Leaf();

    private Trees() {}

    /** @param leaves the tensors, in order */
    public record Flat(List<Tensor> leaves, TreeDef def) {
        public List<TensorType> types() { return Lists.map(leaves, Tensor::type); }
    }

    public static Flat flatten(Object tree) {
        List<Tensor> leaves = new ArrayList<>();
        TreeDef def = flatten(tree, leaves, "");
        return new Flat(List.copyOf(leaves), def);
    }

    private static TreeDef flatten(Object tree, List<Tensor> leaves, String path) {
        if (tree instanceof Tensor t) {
            leaves.add(t);
            return LEAF;
        }
        if (tree != null && tree.getClass().isArray() && tree.getClass().getComponentType().isPrimitive())
            throw new TreeException("a " + tree.getClass().getSimpleName() + (path.isEmpty() ? "" : " at " + path)
                    + " is neither a tensor nor a plain value; make a tensor of it with Array.f32, Array.f64 or"
                    + " Array.i32, or a List if it is a setting");
        var container = Container.of(tree);
        if (container.isEmpty()) return new TreeDef.Static(tree);
        Container c = container.get();
        List<TreeDef> children = new ArrayList<>(c.children());
        for (int i = 0; i < c.children(); i++) {
            Object child = c.child(tree, i);
            children.add(c.isStatic(i) ? new TreeDef.Static(child) : flatten(child, leaves, path + c.step(i)));
        }
        return new TreeDef.Node(c, children);
    }

    /** The tensors of a tree, in order. */
    public static List<Tensor> leaves(Object tree) { return flatten(tree).leaves(); }

    /** The tree of structure {@code def} with the given tensors. */
    @SuppressWarnings("unchecked")
    public static <T> T unflatten(TreeDef def, List<? extends Tensor> leaves) {
        if (leaves.size() != def.leaves())
            throw new TreeException("a tree of " + def.leaves() + " tensors cannot be made of " + leaves.size() + ": "
                    + def);
        return (T) def.build(leaves.toArray(Tensor[]::new), 0);
    }

    /** The same tree with {@code f} applied to every tensor. */
    public static <T> T map(T tree, UnaryOperator<Tensor> f) {
        var flat = flatten(tree);
        return unflatten(flat.def(), Lists.map(flat.leaves(), f));
    }

    /** As {@link #map}, with the path of every tensor, as {@code .layers[0].kernel}. */
    public static <T> T mapWithPath(T tree, BiFunction<String, Tensor, Tensor> f) {
        var flat = flatten(tree);
        List<String> paths = flat.def().paths();
        return unflatten(flat.def(), Lists.each(paths.size(), i -> f.apply(paths.get(i), flat.leaves().get(i))));
    }

    /** Every node of class {@code type} in the tree, by its path, in order; static parts are not searched. */
    public static <T> SequencedMap<String, T> find(Object tree, Class<T> type) {
        SequencedMap<String, T> found = new LinkedHashMap<>();
        addNodes(tree, type, "", found);
        return found;
    }

    private static <T> void addNodes(Object tree, Class<T> type, String path, Map<String, T> found) {
        if (type.isInstance(tree)) found.put(path, type.cast(tree));
        if (tree instanceof Tensor) return;
        Container.of(tree).ifPresent(c -> {
            for (int i = 0; i < c.children(); i++)
                if (!c.isStatic(i)) addNodes(c.child(tree, i), type, path + c.step(i), found);
        });
    }

    /** A record of class {@code type} whose components are what {@code child} gives for them. */
    public static <T> T record(Class<T> type, Function<RecordComponent, Object> child) {
        RecordShape shape = RecordShape.of(type);
        return type.cast(shape.construct(Stream.of(shape.components).map(child).toArray()));
    }

    /** Combines two trees of the same structure, tensor by tensor. */
    public static <T> T zip(T a, T b, BinaryOperator<Tensor> f) {
        var left = flatten(a);
        var right = flatten(b);
        requireSame("zip", left.def(), right.def());
        return unflatten(left.def(), Lists.each(left.leaves().size(),
                i -> f.apply(left.leaves().get(i), right.leaves().get(i))));
    }

    /** Throws, showing both, unless the structures are equal. */
    public static void requireSame(String what, TreeDef expected, TreeDef found) {
        if (!expected.equals(found))
            throw new TreeException(what
                    + ": the trees differ in structure; the second must be as the first\n  expected " + expected
                    + "\n  found    " + found);
    }
}
