package javelin.core.ops;

import java.util.List;
import javelin.core.NoRuleException;
import javelin.core.Tensor;

/**
 * Hurwitz's zeta: the sum over k = 0, 1, ... of {@code (q + k)^-s}; inputs are (s, q), s above 1, and whole where q is
 * negative. Terms up to q + k = 9, the others by the Euler-Maclaurin formula (DLMF 25.11.5).
 */
public record Zeta() implements Iterated {
    private static final double FROM = 9;
    /** (2k)! / B(2k) for k = 1, 2, ... */
    private static final double[] EULER_MACLAURIN = {12, -720, 30240, -1209600, 47900160, -1.8924375803183791606e9,
        7.47242496e10, -2.950130727918164224e12, 1.1646782814350067249e14, -4.5979787224074726105e15,
        1.8152105401943546773e17, -7.1661652561756670113e18};

    @Override public Tensor compute(List<Tensor> x) {
        Tensor s = x.getFirst(), q = x.getLast(), minus = s.neg(), zero = Tensor.zeros(s.type());
        var first = Iterated.iterate(List.of(q.lt(FROM).and(q.gt(FROM - MOST_STEPS)), zero, q), (_, state) -> {
            Tensor next = state.get(1).add(1);
            return List.of(next.lt(FROM), state.get(0).add(state.get(1).pow(minus)), next);
        });
        Tensor from = first.get(1), power = from.pow(minus), square = from.square();
        Tensor sum = first.get(0).add(power.mul(from).div(s.sub(1))).add(power.mul(0.5)), term = power.mul(s).div(from);
        for (int k = 0; k < EULER_MACLAURIN.length; k++) {
            sum = sum.add(term.mul(1 / EULER_MACLAURIN[k]));
            Tensor rising = s.add(2 * k + 1).mul(s.add(2 * k + 2));
            term = term.eq(0).where(term, term.mul(rising)).div(square);
        }
        Tensor nan = s.like(Double.NaN), infinity = s.like(Double.POSITIVE_INFINITY), half = s.mul(0.5);
        Tensor defined = s.gt(1).and(q.gt(0).or(s.eq(s.floor()))).and(q.gt(FROM - MOST_STEPS));
        Tensor atPole = half.eq(half.floor()).where(infinity, nan);
        Tensor value = q.le(0).and(q.eq(q.floor())).where(atPole, defined.where(sum, nan));
        return s.eq(1).where(infinity, value);
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> in, Tensor y) {
        if (i == 0) throw new NoRuleException(this, "derivative with respect to s", "only q may be differentiated");
        Tensor s = in.getFirst();
        return dx.mul(apply(s.add(1), in.getLast()).mul(s).neg());
    }

    @Override public String toString() { return "zeta"; }
}
