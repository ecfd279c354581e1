package javelin;

import java.util.List;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;

/** NumPy's elementwise functions that are short sentences in {@link Tensor}'s methods; binary ones broadcast. */
public final class Arithmetic {
    private Arithmetic() {}

    // division

    /** {@code x / y} rounded down. */
    public static Tensor floorDivide(Tensor x, Tensor y) {
        if (x.dtype().kind() == DType.Kind.UNSIGNED) return x.div(y);
        Tensor whole = x.sub(mod(x, y)).div(y);
        return x.dtype().isFloat() ? whole.round() : whole;
    }

    /** The remainder with the sign of y. */
    public static Tensor mod(Tensor x, Tensor y) {
        Tensor rest = x.rem(y), otherSign = rest.lt(0).ne(y.lt(0));
        return rest.ne(0).and(otherSign).where(rest.add(y), rest);
    }

    /** {@code x^y}, of integers by squaring; an integer exponent is in [0, 64). */
    public static Tensor power(Tensor x, Tensor y) {
        if (x.dtype().isFloat()) return x.pow(y);
        Tensor product = Tensors.onesLike(x), square = x, left = y;
        for (int bit = 0; bit < 6; bit++) {
            product = left.and(left.like(1)).ne(0).where(product.mul(square), product);
            square = square.mul(square);
            left = left.shiftRightLogical(left.like(1));
        }
        return product;
    }

    // logarithms and angles

    public static Tensor log2(Tensor x) { return x.log().div(Math.log(2)); }

    public static Tensor log10(Tensor x) { return x.log().div(Math.log(10)); }

    /** {@code log(exp(x) + exp(y))} without overflow; also of infinities, where x - y would be NaN. */
    public static Tensor logAddExp(Tensor x, Tensor y) {
        Tensor distance = x.eq(y).where(x.like(0), x.sub(y)).abs();
        return x.maximum(y).add(distance.neg().exp().log1p());
    }

    public static Tensor logAddExp2(Tensor x, Tensor y) {
        return logAddExp(x.mul(Math.log(2)), y.mul(Math.log(2))).div(Math.log(2));
    }

    /** {@code sqrt(x^2 + y^2)} without overflow. */
    public static Tensor hypot(Tensor x, Tensor y) {
        Tensor a = x.abs(), b = y.abs(), more = a.maximum(b);
        Tensor scale = more.gt(0).and(more.isFinite()).where(more, more.like(1));
        return more.mul(a.minimum(b).div(scale).square().add(1).sqrt());
    }

    public static Tensor deg2rad(Tensor x) { return x.mul(Math.PI / 180); }

    public static Tensor rad2deg(Tensor x) { return x.mul(180 / Math.PI); }

    // signs and rounding

    /** Whether the sign bit is set, also of -0 and NaN. */
    public static Tensor signbit(Tensor x) {
        if (!x.dtype().isFloat()) return x.lt(0);
        Tensor bits = x.bitcast(x.dtype().unsigned());
        return bits.shiftRightLogical(bits.like(x.dtype().bits() - 1)).ne(0);
    }

    /** The magnitude of x with the sign of y. */
    public static Tensor copysign(Tensor x, Tensor y) { return signbit(x).eq(signbit(y)).where(x, x.neg()); }

    /** Towards zero. */
    public static Tensor trunc(Tensor x) { return x.lt(0).where(x.ceil(), x.floor()); }

    // NaN and infinities

    public static Tensor isInf(Tensor x) { return x.abs().eq(Double.POSITIVE_INFINITY); }

    /** The larger number; NaN only if both are. */
    public static Tensor fmax(Tensor x, Tensor y) { return x.isNaN().where(y, x).maximum(y.isNaN().where(x, y)); }

    public static Tensor fmin(Tensor x, Tensor y) { return x.isNaN().where(y, x).minimum(y.isNaN().where(x, y)); }

    /** 0 for NaN, the largest and smallest finite numbers for infinities. */
    public static Tensor nanToNum(Tensor x) { return nanToNum(x, 0, x.dtype().largest(), -x.dtype().largest()); }

    public static Tensor nanToNum(Tensor x, double nan, double positive, double negative) {
        Tensor known = x.isNaN().where(x.like(nan), x);
        Tensor bounded = known.eq(Double.POSITIVE_INFINITY).where(x.like(positive), known);
        return bounded.eq(Double.NEGATIVE_INFINITY).where(x.like(negative), bounded);
    }

    // comparison of tensors

    /** {@code |x - y| <= atol + rtol |y|}; infinities are close if equal, NaN to nothing. Integers compare as f64. */
    public static Tensor isClose(Tensor x, Tensor y, double rtol, double atol) {
        if (!x.dtype().isFloat()) return isClose(x.astype(DType.F64), y.astype(DType.F64), rtol, atol);
        return x.eq(y).or(y.isFinite().and(x.sub(y).abs().le(y.abs().mul(rtol).add(atol))));
    }

    public static Tensor isClose(Tensor x, Tensor y) { return isClose(x, y, 1e-5, 1e-8); }

    public static Tensor allClose(Tensor x, Tensor y, double rtol, double atol) {
        return isClose(x, y, rtol, atol).all();
    }

    public static Tensor allClose(Tensor x, Tensor y) { return isClose(x, y).all(); }

    /** Whether shapes and elements are equal; a bool tensor. */
    public static Tensor arrayEqual(Tensor x, Tensor y) {
        return x.shape().equals(y.shape()) ? x.eq(y).all() : Tensors.scalar(0, DType.BOOL);
    }

    // logic, for which a number is true unless it is 0

    public static Tensor logicalAnd(Tensor x, Tensor y) { return x.ne(0).and(y.ne(0)); }

    public static Tensor logicalOr(Tensor x, Tensor y) { return x.ne(0).or(y.ne(0)); }

    public static Tensor logicalXor(Tensor x, Tensor y) { return x.ne(0).xor(y.ne(0)); }

    public static Tensor logicalNot(Tensor x) { return x.eq(0); }

    /** Each element of the choice whose condition is the first to hold, else {@code otherwise}. */
    public static Tensor select(List<Tensor> conditions, List<Tensor> choices, Tensor otherwise) {
        if (conditions.size() != choices.size()) throw new ShapeException("select", List.of(),
                "there are " + conditions.size() + " conditions for " + choices.size() + " choices");
        Tensor chosen = otherwise;
        for (int i = choices.size() - 1; i >= 0; i--) chosen = conditions.get(i).where(choices.get(i), chosen);
        return chosen;
    }
}
