package javelin.optim;

import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** A state that counts updates. */
public interface Counted {
    /** Updates made so far, an i32 scalar. */
    Tensor count();

    /** The count before the first update. */
    static Tensor none() { return Tensor.zeros(TensorType.of(DType.I32)); }

    /** One more; the largest i32 stays what it is. (optax.safe_increment) */
    static Tensor next(Tensor count) { return count.lt(Integer.MAX_VALUE).where(count.add(1), count); }
}
