package javelin.nn;

import java.util.List;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.type.Shape;

/**
 * In training, each element is 0 with probability {@code rate} and {@code x / (1 - rate)} otherwise; the identity in
 * evaluation. Draws from the stream {@code dropout}. Axes in {@code broadcast} share one decision. (flax.linen.Dropout,
 * whose {@code deterministic} is the mode of the scope here)
 */
public record Dropout(double rate, List<Integer> broadcast, String stream) implements Layer {
    public Dropout {
        broadcast = List.copyOf(broadcast);
        if (!(rate >= 0 && rate <= 1)) throw new JavelinException("Dropout: the rate is a probability, not " + rate);
    }

    public static Dropout of(double rate) { return new Dropout(rate, List.of(), "dropout"); }

    /** The same decision all along the given axes; negative ones count from the end. */
    public Dropout withBroadcast(int... axes) {
        return new Dropout(rate, Lists.each(axes.length, i -> axes[i]), stream);
    }

    @Override public Tensor call(Scope s, Tensor x) {
        if (rate == 0 || !s.isTraining()) return x;
        if (rate == 1) return Tensor.zeros(x.type());
        List<Integer> shared = Lists.map(broadcast, x::axis);
        Shape shape = new Shape(Lists.each(x.rank(), a -> shared.contains(a) ? 1 : x.size(a)));
        Tensor keep = s.rng(stream).bernoulli(1 - rate, shape);
        return keep.where(x.div(1 - rate), x.like(0));
    }
}
