package javelin.core.tree;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A kind of node: how to take one apart and how to build one. Equal containers hold the same number of children. */
sealed interface Container {
    /** What the node is called in messages. */
    String name();

    /** How many children there are. */
    int children();

    /** The name of child {@code i}. */
    default String label(int i) { return Integer.toString(i); }

    /** Child {@code i} as a step of a path. */
    default String step(int i) { return "[" + label(i) + "]"; }

    /**
     * Whether {@code tree} is such a node with as many children; then {@link #child} may be called, and gives null for
     * a key that is missing.
     */
    boolean matches(Object tree);

    Object child(Object tree, int i);

    /** The node with the given children. */
    Object build(Object[] children);

    record OfRecord(RecordShape shape) implements Container {
        @Override public String name() { return shape.type.getSimpleName(); }

        @Override public int children() { return shape.components.length; }

        @Override public String label(int i) { return shape.components[i].getName(); }

        @Override public String step(int i) { return "." + label(i); }

        @Override public boolean matches(Object tree) { return tree != null && tree.getClass() == shape.type; }

        @Override public Object child(Object tree, int i) { return shape.read(tree, i); }

        @Override public Object build(Object[] children) { return shape.construct(children); }
    }

    record OfList(int size) implements Container {
        @Override public String name() { return "List"; }

        @Override public int children() { return size; }

        @Override public boolean matches(Object tree) { return tree instanceof List<?> list && list.size() == size; }

        @Override public Object child(Object tree, int i) { return ((List<?>) tree).get(i); }

        @Override public Object build(Object[] children) {
            return Collections.unmodifiableList(Arrays.asList(children));
        }
    }

    record OfMap(FixedKeysMap.Keys keys) implements Container {
        @Override public String name() { return "Map"; }

        @Override public int children() { return keys.size(); }

        @Override public String label(int i) { return keys.key(i).toString(); }

        @Override public boolean matches(Object tree) {
            if (tree instanceof FixedKeysMap fixed && fixed.keys().equals(keys)) return true;
            return tree instanceof Map<?, ?> map && map.size() == keys.size();
        }

        @Override public Object child(Object tree, int i) {
            return tree instanceof FixedKeysMap fixed && fixed.keys() == keys ? fixed.value(i)
                    : ((Map<?, ?>) tree).get(keys.key(i));
        }

        @Override public Object build(Object[] children) { return new FixedKeysMap(keys, children); }
    }

    record OfOptional(int size) implements Container {
        @Override public String name() { return "Optional"; }

        @Override public int children() { return size; }

        @Override public boolean matches(Object tree) {
            return tree instanceof Optional<?> optional && optional.isPresent() == (size == 1);
        }

        @Override public Object child(Object tree, int i) { return ((Optional<?>) tree).orElseThrow(); }

        @Override public Object build(Object[] children) {
            return size == 0 ? Optional.empty() : Optional.of(children[0]);
        }
    }

    record OfArray(Class<?> element, int size) implements Container {
        @Override public String name() { return element.getSimpleName() + "[]"; }

        @Override public int children() { return size; }

        @Override public boolean matches(Object tree) {
            return tree instanceof Object[] array && array.length == size && array.getClass()
                    .getComponentType() == element;
        }

        @Override public Object child(Object tree, int i) { return ((Object[]) tree)[i]; }

        @Override public Object build(Object[] children) {
            Object[] array = (Object[]) java.lang.reflect.Array.newInstance(element, size);
            System.arraycopy(children, 0, array, 0, size);
            return array;
        }
    }

    /** The container {@code tree} is, if it is one. */
    static Optional<Container> of(Object tree) {
        return switch (tree) {
            case null -> Optional.empty();
            case Record r -> Optional.of(new OfRecord(RecordShape.of(r.getClass())));
            case List<?> list -> Optional.of(new OfList(list.size()));
            case FixedKeysMap map -> Optional.of(new OfMap(map.keys()));
            case Map<?, ?> map -> Optional.of(new OfMap(FixedKeysMap.Keys.of(map.keySet())));
            case Optional<?> optional -> Optional.of(new OfOptional(optional.isPresent() ? 1 : 0));
            case Object[] array -> Optional.of(new OfArray(array.getClass().getComponentType(), array.length));
            default -> Optional.empty();
        };
    }

    /** Whether child {@code i} was declared to be no data. */
    default boolean isStatic(int i) { return this instanceof OfRecord(var shape) && shape.statics[i]; }
}
