package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;

/** The regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x); inputs are (a, x). */
public record Igammac() implements Iterated {
    @Override public Tensor compute(List<Tensor> x) {
        return IncompleteGamma.of(x.getFirst(), x.getLast()).value(true);
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        Tensor a = x.getFirst(), at = x.getLast();
        if (i == 0) return dx.mul(new IgammaGradA().apply(a, at).neg());
        return dx.mul(at.log().mul(a.sub(1)).sub(at).sub(a.lgamma()).exp().neg());
    }

    @Override public String toString() { return "igammac"; }
}
