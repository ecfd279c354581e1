package javelin.core.ops;

import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/**
 * {@code min(max(x, low), high)}; inputs are (low, x, high). x has a derivative strictly inside only, as in
 * lax.clamp.
 */
public record Clamp() implements Elementwise {
    @Override public boolean accepts(DType type) { return true; }

    @Override public Scalar element(List<Scalar> x) {
        return Scalar.apply(Fn.MIN, Scalar.apply(Fn.MAX, x.get(1), x.get(0)), x.get(2));
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> in, Tensor y) {
        Tensor low = in.get(0), x = in.get(1), high = in.get(2);
        Tensor through = switch (i) {
            case 0 -> low.gt(x).and(low.lt(high));
            case 1 -> low.lt(x).and(x.lt(high));
            default -> high.lt(x);
        };
        return through.where(dx, Tensor.zeros(dx.type()));
    }

    @Override public String toString() { return "clamp"; }
}
