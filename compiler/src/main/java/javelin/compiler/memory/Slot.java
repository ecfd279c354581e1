package javelin.compiler.memory;

import javelin.core.type.DType;

/**
 * One Java array of a running program. A slot is used by one value after the other; it is as long as the longest.
 * (Slots are arrays and not ranges of one array, since C2 vectorises plain loops only where all arrays are indexed
 * alike.)
 */
public final class Slot {
    /** Whose array it is: the program's own, kept between runs; an argument's; a result's, new or deleted before. */
    public enum Role { WORK, INPUT, OUTPUT }

    private final int id;
    private final DType type;
    private final Role role;
    private final int index;
    private int capacity;

    Slot(int id, DType type, Role role, int index, int capacity) {
        this.id = id;
        this.type = type;
        this.role = role;
        this.index = index;
        this.capacity = capacity;
    }

    public int id() { return id; }

    public DType type() { return type; }

    public Role role() { return role; }

    /** Which input or output it is. */
    public int index() { return index; }

    /** Elements. */
    public int capacity() { return capacity; }

    void hold(int elements) { capacity = Math.max(capacity, elements); }

    @Override public String toString() {
        return switch (role) {
            case WORK -> "work" + id;
            case INPUT -> "in" + index;
            case OUTPUT -> "out" + index;
        } + ":" + type + "[" + capacity + "]";
    }
}
