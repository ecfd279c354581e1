package javelin.core.ops;

import java.util.List;
import javelin.core.NoRuleException;
import javelin.core.Tensor;

/** The regularised incomplete beta function I_x(a, b); inputs are (a, b, x). */
public record IncompleteBeta() implements Iterated {
    private static final double EPSILON = 0x1p-50, LEAST = 1e-300;

    @Override public Tensor compute(List<Tensor> in) {
        Tensor a = in.get(0), b = in.get(1), x = in.get(2), zero = x.like(0), one = x.like(1);
        Tensor infinite = x.like(Double.POSITIVE_INFINITY);
        Tensor usual = a.gt(0).and(b.gt(0)).and(x.gt(0)).and(x.lt(1)).and(a.isFinite()).and(b.isFinite());
        // the fraction converges fast below the mean
        Tensor swapped = x.gt(a.add(1).div(a.add(b).add(2))), complement = x.neg().add(1);
        Tensor fraction = fraction(usual, swapped.where(b, a), swapped.where(a, b), swapped.where(complement, x));
        Tensor side = logDensity(a, b, x).exp().mul(x).mul(complement).mul(fraction).div(swapped.where(b, a));
        Tensor value = swapped.where(one.sub(side), side);
        value = b.eq(0).or(a.eq(infinite)).where(zero, a.eq(0).or(b.eq(infinite)).where(one, value));
        value = x.eq(0).where(zero, x.eq(1).where(one, value));
        Tensor defined = a.ge(0).and(b.ge(0)).and(x.ge(0)).and(x.le(1)).and(a.add(b).gt(0));
        return defined.and(a.isFinite().or(b.isFinite())).where(value, x.like(Double.NaN));
    }

    /** {@code log(x^(a-1) (1-x)^(b-1) / B(a, b))} */
    private static Tensor logDensity(Tensor a, Tensor b, Tensor x) {
        Tensor logBeta = a.lgamma().add(b.lgamma()).sub(a.add(b).lgamma());
        return a.sub(1).mul(x.log()).add(b.sub(1).mul(x.neg().log1p())).sub(logBeta);
    }

    /** DLMF 8.17.22 by Lentz's method, two of its levels a step. */
    private static Tensor fraction(Tensor active, Tensor a, Tensor b, Tensor x) {
        Tensor sum = a.add(b), one = Tensor.full(x.type(), 1L);
        Tensor d = notZero(one.sub(sum.mul(x).div(a.add(1)))).reciprocal();
        return Iterated.iterate(List.of(active, one, d, d), (n, s) -> {
            Tensor twice = a.add(n.mul(2));
            Tensor even = n.mul(b.sub(n)).mul(x).div(twice.sub(1).mul(twice));
            Tensor odd = a.add(n).mul(sum.add(n)).mul(x).div(twice.mul(twice.add(1))).neg();
            Tensor d1 = notZero(even.mul(s.get(1)).add(1)).reciprocal(), c1 = notZero(even.div(s.get(0)).add(1));
            Tensor d2 = notZero(odd.mul(d1).add(1)).reciprocal(), c2 = notZero(odd.div(c1).add(1));
            Tensor last = c2.mul(d2);
            return List.of(last.sub(1).abs().gt(EPSILON), c2, d2, s.get(2).mul(c1.mul(d1)).mul(last));
        }).get(2);
    }

    private static Tensor notZero(Tensor x) { return x.abs().lt(LEAST).where(x.like(LEAST), x); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> in, Tensor y) {
        if (i < 2)
            throw new NoRuleException(this, "derivative with respect to a and b", "only x may be differentiated");
        return dx.mul(logDensity(in.get(0), in.get(1), in.get(2)).exp());
    }

    @Override public String toString() { return "regularized_incomplete_beta"; }
}
