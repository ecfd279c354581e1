package javelin.core.tree;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * An unmodifiable map whose sorted keys are shared by all maps of the same structure: what trees give back for maps.
 */
final class FixedKeysMap extends AbstractMap<Object, Object> {
    private final Keys keys;
    private final Object[] values;

    /** Sorted keys, compared by value once and by identity after that. */
    static final class Keys {
        private final Object[] sorted;

        private Keys(Object[] sorted) { this.sorted = sorted; }

        static Keys of(Collection<?> keys) {
            Object[] sorted = keys.toArray();
            try {
                Arrays.sort(sorted);
            } catch (ClassCastException | NullPointerException e) {
                throw new TreeException("the keys of a map of tensors must be comparable with one another,"
                    + " as strings are: " + keys, e);
            }
            return new Keys(sorted);
        }

        Object key(int i) { return sorted[i]; }

        int size() { return sorted.length; }

        int indexOf(Object key) {
            try {
                return Arrays.binarySearch(sorted, key);
            } catch (ClassCastException | NullPointerException e) {
                return -1;
            }
        }

        @Override public boolean equals(Object o) {
            return o == this || o instanceof Keys that && Arrays.equals(sorted, that.sorted);
        }

        @Override public int hashCode() { return Arrays.hashCode(sorted); }
    }

    FixedKeysMap(Keys keys, Object[] values) {
        this.keys = keys;
        this.values = values;
    }

    Keys keys() { return keys; }

    Object value(int i) { return values[i]; }

    @Override public Object get(Object key) {
        int i = keys.indexOf(key);
        return i < 0 ? null : values[i];
    }

    @Override public boolean containsKey(Object key) { return keys.indexOf(key) >= 0; }

    @Override public int size() { return values.length; }

    @Override public Set<Map.Entry<Object, Object>> entrySet() {
        return new AbstractSet<>() {
            @Override public Iterator<Map.Entry<Object, Object>> iterator() {
                return IntStream.range(0, values.length)
                        .<Map.Entry<Object, Object>>mapToObj(i -> new SimpleImmutableEntry<>(keys.key(i), values[i]))
                                .iterator();
            }

            @Override public int size() { return values.length; }
        };
    }
}
