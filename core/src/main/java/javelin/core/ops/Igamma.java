package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;

/** The regularised lower incomplete gamma function P(a, x); inputs are (a, x). */
public record Igamma() implements Iterated {
    @Override public Tensor compute(List<Tensor> x) {
        return IncompleteGamma.of(x.getFirst(), x.getLast()).value(false);
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        Tensor a = x.getFirst(), at = x.getLast();
        if (i == 0) return dx.mul(new IgammaGradA().apply(a, at));
        return dx.mul(at.log().mul(a.sub(1)).sub(at).sub(a.lgamma()).exp());
    }

    @Override public String toString() { return "igamma"; }
}
