package javelin.core.tree;

import java.util.List;
import java.util.Objects;

/** The structure of a tree without its tensors. Everything that is neither a tensor nor a container is part of it. */
public sealed interface TreeDef {
    /** How many tensors a tree of this structure has. */
    int leaves();

    /** A tensor. */
    record Leaf() implements TreeDef {
        @Override public int leaves() { return 1; }

        @Override public String toString() { return "*"; }
    }

    /** A value that is no tensor; two are the same if they are equal. */
    record Static(Object value) implements TreeDef {
        @Override public int leaves() { return 0; }

        @Override public String toString() { return Objects.toString(value); }
    }

    /** A container: a record, list, map, Optional or array. */
    record Node(Container container, List<TreeDef> children, int leaves) implements TreeDef {
        Node(Container container, List<TreeDef> children) {
            this(container, List.copyOf(children), children.stream().mapToInt(TreeDef::leaves).sum());
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
