package javelin.core.ops;

import java.util.List;
import javelin.core.NoRuleException;
import javelin.core.Tensor;

/**
 * How fast the x with P(a, x) fixed moves with a: the implicit derivative of a gamma random number x (Figurnov et al.,
 * arXiv:1805.08498); inputs are (a, x).
 */
public record RandomGammaGrad() implements Iterated {
    @Override public Tensor compute(List<Tensor> x) {
        IncompleteGamma p = IncompleteGamma.of(x.getFirst(), x.getLast());
        return p.derivative(x.getLast().mul(p.slopeOverFactor()).neg());
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        throw new NoRuleException(this, "derivative", "JAX has none either; use stopGradient on its inputs");
    }

    @Override public String toString() { return "random_gamma_grad"; }
}
