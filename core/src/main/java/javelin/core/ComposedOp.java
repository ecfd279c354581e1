package javelin.core;

import java.util.List;
import javelin.core.lowering.Lowering;
import javelin.core.type.TensorType;

/**
 * An op that is a program of other ops, which the compiler puts in its place. It is an op for the sake of its other
 * rules: a derivative in closed form, say, where that of its loops would raise.
 */
public interface ComposedOp extends Op {
    /** What the op does with inputs of these types. */
    Program definition(List<TensorType> in);

    @Override default Lowering lower(List<TensorType> inputs) { return new Lowering.Control(); }
}
