package javelin.optim;

import java.util.List;
import java.util.stream.IntStream;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * {@link ScaleByRss} with the memory of rows and columns only: an entry's sum of squares is taken to be g^2 plus the
 * least of the maxima of its row, column, ...; then a decaying mean of the updates. Anil, Gupta, Koren and Singer,
 * "Memory-efficient adaptive optimization", arXiv:1901.11150. (optax.scale_by_sm3)
 *
 * @param b1 decay of the mean of updates
 * @param b2 1, or the decay of the sums of squares
 */
public record ScaleBySm3<P>(double b1, double b2,
        double eps) implements GradientTransformation<P, ScaleBySm3.State<P>> {

    /**
     * @param mu for each floating-point tensor, in order, a vector for each of its axes
     * @param nu the mean of updates
     */
    public record State<P>(List<List<Tensor>> mu, P nu) {}

    @Override public State<P> init(P params) {
        return new State<>(Lists.map(TreeMath.leaves(params), p -> Lists.each(p.rank(), axis ->
                Tensor.zeros(TensorType.of(p.dtype(), p.shape().size(axis))))), TreeMath.zeros(params));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        List<Tensor> g = TreeMath.leaves(gradients);
        List<Tensor> sums = Lists.each(g.size(), i -> sum(g.get(i), state.mu().get(i)));
        var next = Lists.map(sums, ScaleBySm3::maxima);
        int[] at = {0};
        P updates = TreeMath.map(gradients, x -> {
            Tensor s = sums.get(at[0]++);
            return x.mul(s.gt(0).where(s.add(eps).rsqrt(), s.like(0)));
        });
        P nu = Moments.mean("sm3", updates, state.nu(), b1);
        return new Step<>(nu, new State<>(next, nu));
    }

    private Tensor sum(Tensor g, List<Tensor> maxima) {
        Tensor square = g.square().mul(b2 == 1 ? 1 : 1 - b2);
        return IntStream.range(0, g.rank())
                .mapToObj(axis -> maxima.get(axis).broadcast(g.shape(), List.of(axis)))
                .reduce(Tensor::minimum).map(least -> square.add(least.mul(b2))).orElse(square);
    }

    private static List<Tensor> maxima(Tensor sum) {
        return Lists.each(sum.rank(), axis ->
                sum.rank() == 1 ? sum : sum.max(IntStream.range(0, sum.rank()).filter(a -> a != axis).toArray()));
    }
}
