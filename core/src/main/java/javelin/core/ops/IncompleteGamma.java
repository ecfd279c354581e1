package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;

/**
 * What igamma, igammac and their derivatives have in common, in f64. Where the series is used,
 * {@code P(a, x) = x^a e^-x / gamma(a) f}, else {@code 1 - P} is that with the continued fraction's f.
 *
 * @param series where the series is used
 * @param f      the series, or the continued fraction
 * @param slope  its derivative with respect to a
 */
record IncompleteGamma(Tensor a, Tensor x, Tensor series, Tensor f, Tensor slope) {
    private static final double EPSILON = 0x1p-56;

    static IncompleteGamma of(Tensor a, Tensor x) {
        Tensor usual = a.gt(0).and(x.gt(0)).and(a.isFinite()).and(x.isFinite());
        Tensor series = x.le(1).or(x.le(a));
        List<Tensor> sum = sum(usual.and(series), a, x), fraction = fraction(usual.and(series.not()), a, x);
        return new IncompleteGamma(a, x, series, series.where(sum.get(0), fraction.get(0)),
                series.where(sum.get(1), fraction.get(1)));
    }

    /** The sum over n of {@code x^n / (a (a + 1) ... (a + n))} (DLMF 8.11.4), and its derivative. */
    private static List<Tensor> sum(Tensor active, Tensor a, Tensor x) {
        Tensor first = active.where(a.reciprocal(), a.like(1)), slope = first.square().neg();
        return Iterated.iterate(List.of(active, first, slope, first, slope), (n, s) -> {
            Tensor term = s.get(0), termSlope = s.get(1), bottom = a.add(n), ratio = x.div(bottom);
            Tensor next = term.mul(ratio), nextSlope = termSlope.mul(ratio).sub(next.div(bottom));
            Tensor sum = s.get(2).add(next);
            return List.of(next.gt(sum.mul(EPSILON)), next, nextSlope, sum, s.get(3).add(nextSlope));
        }).subList(2, 4);
    }

    /** {@code 1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- ...)))} (DLMF 8.9.2) by Lentz's method, and its derivative. */
    private static List<Tensor> fraction(Tensor active, Tensor a, Tensor x) {
        Tensor b = active.where(x.add(1).sub(a), x.like(1)), d = b.reciprocal(), dSlope = d.square();
        Tensor zero = Tensor.zeros(b.type());
        // c, d and the fraction with their derivatives; the first c is infinite
        return Iterated.iterate(List.of(active, zero.add(1e300), zero, d, dSlope, d, dSlope), (n, s) -> {
            Tensor c = s.get(0), cSlope = s.get(1), before = s.get(2), beforeSlope = s.get(3), f = s.get(4);
            Tensor numerator = n.mul(a.sub(n)), denominator = x.add(n.mul(2).add(1)).sub(a);
            Tensor nextD = numerator.mul(before).add(denominator).reciprocal();
            Tensor bottomSlope = n.mul(before).add(numerator.mul(beforeSlope)).sub(1);
            Tensor nextDSlope = nextD.square().mul(bottomSlope).neg();
            Tensor part = numerator.div(c);
            Tensor nextC = denominator.add(part), nextCSlope = n.sub(part.mul(cSlope)).div(c).sub(1);
            Tensor factor = nextC.mul(nextD), factorSlope = nextCSlope.mul(nextD).add(nextC.mul(nextDSlope));
            Tensor slope = s.get(5).mul(factor).add(f.mul(factorSlope));
            // with a whole the fraction ends but its derivative does not
            Tensor moves = factor.sub(1).abs().gt(EPSILON * 32)
                    .or(f.mul(factorSlope).abs().gt(slope.abs().mul(EPSILON * 64)));
            return List.of(moves, nextC, nextCSlope, nextD, nextDSlope, f.mul(factor), slope);
        }).subList(4, 6);
    }

    /** {@code x^a e^-x / gamma(a)} */
    Tensor factor() { return a.mul(x.log()).sub(x).sub(a.lgamma()).exp(); }

    /** The smaller side: P where the series is used, else 1 - P. */
    Tensor side() { return factor().mul(f); }

    /** The derivative of P with respect to a, divided by {@link #factor}. */
    Tensor slopeOverFactor() {
        Tensor slope = f.mul(x.log().sub(a.digamma())).add(this.slope);
        return series.where(slope, slope.neg());
    }

    /** P, or {@code 1 - P} if {@code complement}, at the ends of the domain too. */
    Tensor value(boolean complement) {
        Tensor one = a.like(1), zero = a.like(0), nan = a.like(Double.NaN), side = side();
        Tensor value = series.eq(Tensor.full(series.type(), complement ? 0L : 1L)).where(side, one.sub(side));
        Tensor atZero = complement ? one : zero, atInfinity = complement ? zero : one;
        value = a.eq(0).or(x.eq(Double.POSITIVE_INFINITY)).where(atInfinity, value);
        value = x.eq(0).or(a.eq(Double.POSITIVE_INFINITY).and(x.isFinite())).where(atZero, value);
        Tensor undefined = a.lt(0).or(x.lt(0)).or(a.eq(0).and(x.eq(0))).or(a.isNaN()).or(x.isNaN());
        return undefined.where(nan, value);
    }

    /** {@code d}, with the values of its ends: 0 at x = 0, NaN where P has none. */
    Tensor derivative(Tensor d) {
        Tensor defined = a.gt(0).and(x.ge(0)).and(a.isFinite()).and(x.isFinite());
        return defined.where(x.eq(0).where(x.like(0), d), x.like(Double.NaN));
    }
}
