package javelin.core.ops;

import java.util.ArrayList;
import java.util.List;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;

/** The product over {@code axes}, which disappear. */
public record ReduceProd(List<Integer> axes) implements Reduction {
    @Override public Reduction over(List<Integer> axes) { return new ReduceProd(axes); }

    @Override public Fn combine() { return Fn.MUL; }

    @Override public Number identity(DType type) { return 1L; }

    /** Multiplies in pairs by the product rule; never divides, so zeros do no harm (lax.reduce_prod). */
    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> in, Tensor y) {
        List<Integer> order = new ArrayList<>(axes);
        order.addAll(Reduction.kept(in.getFirst().type(), axes));
        int count = in.getFirst().shape().select(axes).elements();
        Tensor x = in.getFirst().transpose(order).reshape(y.shape().prepend(count)),
                t = dx.transpose(order).reshape(y.shape().prepend(count));
        while (x.size(0) > 1) {
            int half = x.size(0) / 2;
            Tensor a = x.slice(0, 0, half), b = x.slice(0, half, 2 * half), ta = t.slice(0, 0, half),
                    tb = t.slice(0, half, 2 * half);
            Tensor rest = x.slice(0, 2 * half, x.size(0)), restT = t.slice(0, 2 * half, x.size(0));
            boolean odd = rest.size(0) > 0;
            t = a.mul(tb).add(ta.mul(b));
            x = a.mul(b);
            if (odd) {
                x = new Concatenate(0).apply(x, rest);
                t = new Concatenate(0).apply(t, restT);
            }
        }
        return count == 0 ? Tensor.zeros(y.type()) : t.reshape(y.shape());
    }

    @Override public String toString() { return "reduce_prod" + axes; }
}
