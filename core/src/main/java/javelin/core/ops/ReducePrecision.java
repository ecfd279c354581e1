package javelin.core.ops;

import java.util.List;
import javelin.core.LinearOp;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * Rounded, halfway cases to even, to numbers of fewer bits of exponent and of fraction, in the same element type: what
 * would be subnormal becomes 0, what is too large infinity (lax.reduce_precision). Its derivative is taken to be 1, and
 * tangents are rounded likewise.
 */
public record ReducePrecision(int exponentBits, int fractionBits) implements Elementwise, LinearOp.Simple {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public TensorType outputType(List<TensorType> in) {
        if (exponentBits < 1 || fractionBits < 0)
            throw new ShapeException(this, in,
                    "such numbers do not exist; keep 1 bit of exponent at least, and 0 of fraction");
        return Elementwise.super.outputType(in);
    }

    @Override public Scalar element(List<Scalar> in) {
        Scalar x = in.getFirst();
        DType type = x.type(), integers = type.unsigned();
        int lost = type.fractionBits() - fractionBits, ownExponent = type.bits() - 1 - type.fractionBits();
        Scalar bits = Scalar.bitcast(x, integers), result = bits;
        if (lost > 0) {
            Scalar even = and(Scalar.apply(Fn.SHIFT_RIGHT_LOGICAL, bits, Scalar.of(lost, integers)), 1);
            result = and(bits.plus(even).plus((1L << lost - 1) - 1), -1L << lost);
        }
        if (exponentBits < ownExponent) {
            long bias = (1L << ownExponent - 1) - 1, ownBias = (1L << exponentBits - 1) - 1;
            Scalar sign = and(bits, 1L << type.bits() - 1),
                    exponent = and(result, (1L << ownExponent) - 1 << type.fractionBits());
            Scalar infinity = Scalar.of((1L << ownExponent) - 1 << type.fractionBits(), integers);
            result = Scalar.select(Scalar.apply(Fn.GT, exponent,
                    Scalar.of(bias + ownBias << type.fractionBits(), integers)),
                    Scalar.apply(Fn.OR, sign, infinity), result);
            result = Scalar.select(Scalar.apply(Fn.LE, exponent,
                    Scalar.of(bias - ownBias << type.fractionBits(), integers)), sign, result);
        }
        return Scalar.select(Scalar.apply(Fn.EQ, x, x), Scalar.bitcast(result, type), x);
    }

    private static Scalar and(Scalar x, long mask) { return Scalar.apply(Fn.AND, x, Scalar.of(mask, x.type())); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) { return apply(dx); }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) { return apply(ct); }

    @Override public String toString() { return "reduce_precision[" + exponentBits + " " + fractionBits + "]"; }
}
