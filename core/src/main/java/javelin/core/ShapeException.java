package javelin.core;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javelin.core.type.TensorType;

/** Shapes or element types that do not fit: says what was asked, what was given, and where in the user's code. */
public final class ShapeException extends JavelinException {
    /** {@code problem} says which axis of which input is wrong and what would be right. */
    public ShapeException(Op op, List<TensorType> inputs, String problem) { this(op.toString(), inputs, problem); }

    /** As above, for something that is not an op: a method of {@link Tensor}, a transformation. */
    public ShapeException(String what, List<TensorType> inputs, String problem) {
        super(what + ": " + problem
                + IntStream.range(0, inputs.size()).mapToObj(i -> "\n  input " + i + "  " + inputs.get(i))
                        .collect(Collectors.joining()));
    }

    /** The end of a message about an axis that a tensor of {@code rank} has not. */
    public static String axes(int rank) {
        return rank == 0 ? "; a scalar has none" : "; give one from " + -rank + " to " + (rank - 1);
    }
}
