package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.type.DType;

/** What {@code ReduceMax} and {@code ReduceMin} share. */
final class Extremes {
    private Extremes() {}

    /** Not above any number of {@code type}. */
    static Number lowest(DType type) {
        return switch (type) {
            case F32, F64 -> Double.NEGATIVE_INFINITY;
            case I32 -> (long) Integer.MIN_VALUE;
            case I64 -> Long.MIN_VALUE;
            case U32, U8, BOOL -> 0L;
        };
    }

    /** Not below any number of {@code type}. */
    static Number highest(DType type) {
        return switch (type) {
            case F32, F64 -> Double.POSITIVE_INFINITY;
            case I32 -> (long) Integer.MAX_VALUE;
            case I64 -> Long.MAX_VALUE;
            case U32 -> 0xFFFFFFFFL;
            case U8 -> 0xFFL;
            case BOOL -> 1L;
        };
    }

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
