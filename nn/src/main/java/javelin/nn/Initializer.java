package javelin.nn;

import javelin.Key;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * How a parameter starts: a tensor of the given type from a random key. Those of {@link Initializers} are records,
 * equal if they do the same.
 */
@FunctionalInterface
public interface Initializer {
    Tensor apply(Key key, TensorType type);
}
