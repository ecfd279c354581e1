package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** {@code x^exponent} by repeated squaring (lax.integer_pow); integers take exponents from 0 up. */
public record IntegerPow(int exponent) implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat() || type.isInteger() && exponent >= 0; }

    @Override public Scalar element(List<Scalar> in) {
        Scalar x = in.getFirst(), one = Scalar.of(1, x.type()), power = one;
        Scalar square = x;
        for (int n = Math.abs(exponent); n > 0; n >>= 1) {
            if ((n & 1) != 0) power = power == one ? square : power.times(square);
            if (n > 1) square = square.times(square);
        }
        return exponent < 0 ? Scalar.apply(Fn.DIV, one, power) : power;
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return switch (exponent) {
            case 0 -> Tensor.zeros(y.type());
            case 1 -> dx;
            default -> dx.mul(x.getFirst().pow(exponent - 1).mul(exponent));
        };
    }

    @Override public String toString() { return "integer_pow[" + exponent + "]"; }
}
