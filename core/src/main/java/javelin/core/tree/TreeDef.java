package javelin.core.tree;

import java.util.List;
import java.util.Objects;
import javelin.core.Tensor;

/** The structure of a tree without its tensors. Everything that is neither a tensor nor a container is part of it. */
public sealed interface TreeDef {
    /** How many tensors a tree of this structure has. */
    int leaves();

    /** The tree of this structure whose tensors are those of {@code leaves} from {@code at} on. */
    Object build(Tensor[] leaves, int at);

    /**
     * Writes the tensors of {@code tree} to {@code leaves} from {@code at} on, if it has this structure. Hot, as {@link
     * #build} is: every compiled call takes its arguments apart by it, and nothing is allocated.
     *
     * @return the next free place, or -1 if the structure is another
     */
    int read(Object tree, Tensor[] leaves, int at);

    /** A tensor. */
    record Leaf() implements TreeDef {
        @Override public int leaves() { return 1; }

        @Override public Object build(Tensor[] leaves, int at) { return leaves[at]; }

        @Override public int read(Object tree, Tensor[] leaves, int at) {
            if (!(tree instanceof Tensor t)) return -1;
            leaves[at] = t;
            return at + 1;
        }

        @Override public String toString() { return "*"; }
    }

    /** A value that is no tensor; two are the same if they are equal. */
    record Static(Object value) implements TreeDef {
        @Override public int leaves() { return 0; }

        @Override public Object build(Tensor[] leaves, int at) { return value; }

        @Override public int read(Object tree, Tensor[] leaves, int at) {
            return Objects.equals(value, tree) ? at : -1;
        }

        @Override public String toString() { return Objects.toString(value); }
    }

    /** A container: a record, list, map, Optional or array. */
    record Node(Container container, List<TreeDef> children, int leaves) implements TreeDef {
        Node(Container container, List<TreeDef> children) {
            this(container, List.copyOf(children), children.stream().mapToInt(TreeDef::leaves).sum());
        }

        @Override public Object build(Tensor[] leaves, int at) {
            Object[] built = new Object[children.size()];
            for (int i = 0; i < built.length; i++) {
                TreeDef child = children.get(i);
                built[i] = child.build(leaves, at);
                at += child.leaves();
            }
            return container.build(built);
        }

        @Override public int read(Object tree, Tensor[] leaves, int at) {
            if (!container.matches(tree)) return -1;
            for (int i = 0; i < children.size() && at >= 0; i++)
                at = children.get(i).read(container.child(tree, i), leaves, at);
            return at;
        }

        @Override public String toString() {
            StringBuilder text = new StringBuilder(container.name()).append('(');
            for (int i = 0; i < children.size(); i++)
                text.append(i == 0 ? "" : ", ").append(container.label(i)).append('=').append(children.get(i));
            return text.append(')').toString();
        }
    }

    /** The paths of all tensors from the root, as {@code .layers[0].kernel}, in order. */
    default List<String> paths() {
        List<String> all = new java.util.ArrayList<>();
        addPaths(this, "", all);
        return all;
    }

    private static void addPaths(TreeDef def, String path, List<String> all) {
        switch (def) {
            case Leaf() -> all.add(path);
            case Static(_) -> { }
            case Node(var container, var children, _) -> {
                for (int i = 0; i < children.size(); i++) addPaths(children.get(i), path + container.step(i), all);
            }
        }
    }
}
