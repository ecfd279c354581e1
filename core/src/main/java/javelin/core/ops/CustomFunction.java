package javelin.core.ops;

import java.util.List;
import java.util.function.Predicate;
import javelin.core.ComposedOp;
import javelin.core.NoRuleException;
import javelin.core.Program;
import javelin.core.type.TensorType;

/** A function with a rule of its author's, which knows nothing of what the function closes over. */
interface CustomFunction extends ComposedOp {
    Program function();

    /** How many inputs, from the first, the rule knows nothing of. */
    int closedOver();

    @Override default boolean hasEffects() { return function().hasEffects(); }

    @Override default Program definition(List<TensorType> in) { return function(); }

    @Override default List<TensorType> outputTypes(List<TensorType> in) { return function().outputTypes(); }

    /** Throws if an input that the rule knows nothing of {@code matters} to it: nothing is dropped in silence. */
    default <T> void requireConstant(String rule, List<T> in, Predicate<T> matters) {
        if (in.subList(0, closedOver()).stream().anyMatch(matters))
            throw new NoRuleException(this, rule + " what its function closes over",
                    "make that an argument of the function");
    }
}
