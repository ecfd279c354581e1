package javelin.core.ops;

import java.util.List;
import javelin.core.NoRuleException;
import javelin.core.Tensor;

/**
 * The m-th derivative of digamma, {@code (-1)^(m+1) m! zeta(m + 1, x)}; inputs are (m, x) of one type, m whole and not
 * negative, else NaN.
 */
public record Polygamma() implements Iterated {
    @Override public Tensor compute(List<Tensor> in) {
        Tensor m = in.getFirst(), x = in.getLast(), next = m.add(1), half = m.mul(0.5);
        Tensor value = next.lgamma().exp().mul(new Zeta().compute(List.of(next, x)));
        Tensor signed = half.eq(half.floor()).where(value.neg(), value);
        Tensor derivative = m.eq(m.floor()).and(m.gt(0)).where(signed, m.like(Double.NaN));
        return m.eq(0).where(x.digamma(), derivative);
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> in, Tensor y) {
        if (i == 0) throw new NoRuleException(this, "derivative with respect to m", "only x may be differentiated");
        return dx.mul(apply(in.getFirst().add(1), in.getLast()));
    }

    @Override public String toString() { return "polygamma"; }
}
