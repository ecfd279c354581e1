package javelin.core;

import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** What an equation may read: a variable or a scalar constant. */
public sealed interface Atom {
    TensorType type();

    /** A value bound once, by an input or an equation; {@code index} counts binders from 0 in program order. */
    record Var(int index, TensorType type) implements Atom {
        // written out: variables are the keys of the compiler's maps
        @Override public boolean equals(Object o) {
            return o instanceof Var v && index == v.index && type.equals(v.type);
        }

        @Override public int hashCode() { return index; }

        @Override public String toString() { return "%" + index; }
    }

    /**
     * A rank-0 constant known while tracing, kept inline so that passes can see it.
     *
     * @param value exact for the type: a Double for floating-point types, a Long for the others
     */
    record Literal(Number value, TensorType type) implements Atom {
        public Literal { value = type.dtype().normalize(value); }

        @Override public String toString() {
            return switch (type.dtype().kind()) {
                case BOOLEAN -> value.longValue() != 0 ? "true" : "false";
                case FLOAT -> type.dtype() == DType.F64 ? value.toString() : Float.toString(value.floatValue());
                case SIGNED -> value.toString();
                case UNSIGNED -> Long.toUnsignedString(value.longValue());
            };
        }
    }
}
