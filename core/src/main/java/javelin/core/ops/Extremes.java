package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.type.DType;

/** What {@code ReduceMax} and {@code ReduceMin} share. */
final class Extremes {
    private Extremes() {}

    /** Not above any number of {@code type}. */
    static Number lowest(DType type) { return type.lowest(); }

    /** Not below any number of {@code type}. */
    static Number highest(DType type) { return type.highest(); }

    /**
     * The mean tangent of the elements of {@code x} that equal the extreme {@code y}; the extreme of nothing is a
     * constant.
     */
    static Tensor jvp(Tensor dx, Tensor x, Tensor y, List<Integer> axes) {
        if (x.shape().select(axes).elements() == 0) return Tensor.zeros(y.type());
        Tensor isExtreme = x.eq(Reduction.spread(y, x.type(), axes)).astype(x.dtype());
        return dx.mul(isExtreme).sum(axes).div(isExtreme.sum(axes));
    }
}
