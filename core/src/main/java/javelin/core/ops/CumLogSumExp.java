package javelin.core.ops;

import java.util.List;
import javelin.core.Dual;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** {@code out[i] = log(exp(x[0]) + ... + exp(x[i]))} along {@code axis}, or from the other end, without overflow. */
public record CumLogSumExp(int axis, boolean reverse) implements Cumulative {
    @Override public Cumulative along(int axis) { return new CumLogSumExp(axis, reverse); }

    @Override public boolean accepts(DType type) { return type.isFloat(); }

    /** {@code max + log1p(exp(min - max))}; where the difference is NaN, as of equal infinities, the sum. */
    @Override public Scalar combine(Scalar before, Scalar next) {
        Scalar max = Scalar.apply(Fn.MAX, before, next), difference = Scalar.apply(Fn.MIN, before, next).minus(max);
        Scalar tail = Scalar.apply(Fn.LOG1P, Scalar.apply(Fn.EXP, difference));
        return Scalar.select(Scalar.apply(Fn.EQ, difference, difference), max.plus(tail), before.plus(next));
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return tangent(x.getFirst(), dx, (a, b) -> {
            Tensor sum = combined(a.primal(), b.primal());
            return Dual.of(sum, a.tangentOrZero().mul(share(a.primal(), sum))
                    .add(b.tangentOrZero().mul(share(b.primal(), sum))));
        });
    }

    /** Of tensors, and smooth where they are equal: the chosen larger one is a branch and not a maximum. */
    private static Tensor combined(Tensor a, Tensor b) {
        Tensor larger = a.ge(b).where(a, b), smaller = a.ge(b).where(b, a), difference = smaller.sub(larger);
        Tensor known = difference.eq(difference), zero = Tensor.zeros(a.type());
        return known.where(larger.add(known.where(difference, zero).exp().log1p()), a.add(b));
    }

    /** {@code exp(x - sum)} with infinite numbers taken for 0, as JAX does. */
    private static Tensor share(Tensor x, Tensor sum) { return finite(x).sub(finite(sum)).exp(); }

    private static Tensor finite(Tensor x) { return x.eq(Double.POSITIVE_INFINITY).where(Tensor.zeros(x.type()), x); }

    @Override public String toString() { return named("cumlogsumexp"); }
}
