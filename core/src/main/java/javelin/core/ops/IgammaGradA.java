package javelin.core.ops;

import java.util.List;
import javelin.core.NoRuleException;
import javelin.core.Tensor;

/** The derivative of P(a, x) with respect to a; inputs are (a, x). */
public record IgammaGradA() implements Iterated {
    @Override public Tensor compute(List<Tensor> x) {
        IncompleteGamma p = IncompleteGamma.of(x.getFirst(), x.getLast());
        return p.derivative(p.factor().mul(p.slopeOverFactor()));
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        throw new NoRuleException(this, "derivative", "JAX has none either; use stopGradient on its inputs");
    }

    @Override public String toString() { return "igamma_grad_a"; }
}
