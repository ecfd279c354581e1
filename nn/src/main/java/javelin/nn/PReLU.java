package javelin.nn;

import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * {@code x} from 0 on, {@code a x} below, with a learned {@code a}: parameter {@code negative_slope} [], 0.01 at first.
 * He et al., arXiv:1502.01852. (flax.linen.PReLU)
 */
public record PReLU(double slope) implements Layer {
    public static PReLU of() { return new PReLU(0.01); }

    @Override public Tensor call(Scope s, Tensor x) {
        Tensor a = s.param("negative_slope", Initializers.constant(slope), TensorType.of(x.dtype()));
        return x.ge(0).where(x, a.mul(x));
    }
}
