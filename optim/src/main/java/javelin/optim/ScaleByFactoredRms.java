package javelin.optim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * {@code g / sqrt(v)} with v a mean of {@code g^2 + eps} that decays by {@code 1 - (t + 1)^-decayRate}. Of a large
 * matrix only the means of v's rows and columns are kept, and v taken to be their product. Shazeer and Stern,
 * "Adafactor", arXiv:1804.04235. (optax.scale_by_factored_rms)
 *
 * @param factored  whether anything is factored at all
 * @param minSize   the second largest axis a tensor must have to be factored along its two largest
 * @param offset    subtracted from the count of updates
 */
public record ScaleByFactoredRms<P>(boolean factored, double decayRate, int offset, int minSize, double eps)
        implements GradientTransformation<P, ScaleByFactoredRms.State<P>> {

    /** For each tensor either {@code vRow} and {@code vCol} or {@code v}; the others are one zero. */
    public record State<P>(Tensor count, P vRow, P vCol, P v) implements Counted {}

    /** The second largest axis and the largest. */
    private record Factors(int rows, int columns) {}

    private Optional<Factors> factors(Tensor x) {
        if (!factored || x.rank() < 2) return Optional.empty();
        List<Integer> bySize = new ArrayList<>(Lists.range(0, x.rank()));
        bySize.sort(Comparator.comparing(a -> x.shape().size(a)));
        int second = bySize.get(x.rank() - 2);
        return x.shape().size(second) < minSize ? Optional.empty()
                : Optional.of(new Factors(second, bySize.getLast()));
    }

    @Override public State<P> init(P params) {
        return new State<>(Counted.none(),
                TreeMath.map(params, p -> factors(p).map(f -> without(p, f.columns())).orElseGet(() -> none(p))),
                TreeMath.map(params, p -> factors(p).map(f -> without(p, f.rows())).orElseGet(() -> none(p))),
                TreeMath.map(params, p -> factors(p).isPresent() ? none(p) : Tensor.zeros(p.type())));
    }

    private static Tensor none(Tensor p) { return Tensor.zeros(TensorType.of(p.dtype(), 1)); }

    private static Tensor without(Tensor p, int axis) {
        return Tensor.zeros(p.type().withShape(p.shape().without(List.of(axis))));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Tensor t = state.count().sub(offset).add(1).astype(DType.F32);
        Tensor decay = t.pow(t.like(-decayRate)).neg().add(1);
        P row = TreeMath.zip("adafactor", gradients, state.vRow(), (g, v) -> factors(g)
                .map(f -> Moments.mean(g.square().add(eps).mean(f.columns()), v, decay)).orElse(v));
        P column = TreeMath.zip("adafactor", gradients, state.vCol(), (g, v) -> factors(g)
                .map(f -> Moments.mean(g.square().add(eps).mean(f.rows()), v, decay)).orElse(v));
        P whole = TreeMath.zip("adafactor", gradients, state.v(), (g, v) -> factors(g).isPresent() ? v
                : Moments.mean(g.square().add(eps), v, decay));
        P updates = TreeMath.zip("adafactor", gradients, row, column, whole, (g, r, c, v) -> factors(g)
                .map(f -> factoredUpdate(g, r, c, f)).orElseGet(() -> g.mul(v.pow(v.like(-0.5)))));
        return new Step<>(updates, new State<>(Counted.next(state.count()), row, column, whole));
    }

    private static Tensor factoredUpdate(Tensor g, Tensor row, Tensor column, Factors f) {
        int rows = f.rows() > f.columns() ? f.rows() - 1 : f.rows();     // where the rows' axis is in row
        Tensor share = row.div(row.keep(row.mean(rows), rows));
        return g.mul(share.pow(share.like(-0.5)).expandDims(f.columns()))
                .mul(column.pow(column.like(-0.5)).expandDims(f.rows()));
    }
}
