package javelin.core;

import java.util.List;
import javelin.core.lowering.Lowering;
import javelin.core.type.TensorType;

/**
 * A primitive operation. An op is a record: its components are its parameters, so equality, hashing
 * and printing come for free; its methods are its rules, so everything about an op is in one file.
 *
 * <p>Rules are ordinary tensor code and run while a {@link Recorder} is open. Most ops have one
 * output and implement {@link SimpleOp}; an op that is linear in its inputs also implements
 * {@link LinearOp}; an op that runs programs is a {@link ControlOp}.
 */
public interface Op {
    /** Type rule: the types of the outputs, or a {@link ShapeException} that names the offending types. */
    List<TensorType> outputTypes(List<TensorType> inputs);

    /** Derivative rule: the outputs and their tangents. Called only if some input has a tangent. */
    List<Dual> jvp(List<Dual> inputs);

    /** Batching rule: mapped inputs carry a new axis 0; so must the mapped outputs. */
    List<Batched> batch(List<Batched> inputs);

    /** What the op means, element by element. */
    Lowering lower(List<TensorType> inputs);

    /**
     * Whether it must be run even if nobody reads what it gives, once for each time it is written down, and in order
     * with others of its kind: no pass drops, merges or reorders such ops.
     */
    default boolean hasEffects() { return false; }

    /** Applies {@code op}: records it if a trace is open on this thread, else evaluates it now. */
    static List<Tensor> apply(Op op, List<Tensor> inputs) {
        return Recorder.isOpen() ? Recorder.current().record(op, inputs) : Eager.apply(op, inputs);
    }
}
