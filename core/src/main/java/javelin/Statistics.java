package javelin;

import java.util.List;
import java.util.stream.IntStream;
import javelin.core.Lists;
import javelin.core.OutOfRange;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.GatherAxes;
import javelin.core.ops.ScatterAdd;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** Order statistics, moments and histograms, as in NumPy, of floating-point tensors; without axes over all elements. */
public final class Statistics {
    private Statistics() {}

    /**
     * How a quantile is found between elements: the first ones in line between the neighbours of {@code q (n - 1)}, the
     * others as numbered and named by Hyndman and Fan, "Sample quantiles in statistical packages", 1996.
     */
    public enum Method {
        LINEAR(1, 1), LOWER(1, 1), HIGHER(1, 1), MIDPOINT(1, 1), NEAREST(1, 1),
        /** Number 1: an element always, the first whose share of those up to it is q. */
        INVERTED_CDF(0, 1),
        INTERPOLATED_INVERTED_CDF(0, 1), HAZEN(0.5, 0.5), WEIBULL(0, 0), MEDIAN_UNBIASED(1 / 3.0, 1 / 3.0),
                NORMAL_UNBIASED(3 / 8.0, 3 / 8.0);

        private final double alpha, beta;

        Method(double alpha, double beta) {
            this.alpha = alpha;
            this.beta = beta;
        }

        /** Where quantile q of {@code n} sorted elements lies, which may be between them or beyond. */
        private Tensor place(Tensor q, Tensor n) {
            return alpha == 1 && beta == 1 ? q.mul(n.sub(1)) : q.mul(n).add(q.mul(1 - alpha - beta)).add(alpha - 1);
        }
    }

    /** The middle element, or the mean of the two; NaN if any is NaN. */
    public static Tensor median(Tensor x, int... axes) { return of(x, x.like(0.5), Method.MIDPOINT, false, axes); }

    /** The median of those that are not NaN. */
    public static Tensor nanMedian(Tensor x, int... axes) { return of(x, x.like(0.5), Method.MIDPOINT, true, axes); }

    /** Where a share {@code q}, in [0, 1], of the elements is below; NaN if any is NaN. */
    public static Tensor quantile(Tensor x, double q, int... axes) {
        return quantile(x, x.like(q), Method.LINEAR, axes);
    }

    /** For a scalar or vector {@code q} of x's element type; the vector's axis comes first. */
    public static Tensor quantile(Tensor x, Tensor q, Method method, int... axes) {
        return of(x, q, method, false, axes);
    }

    /** Of those that are not NaN. */
    public static Tensor nanQuantile(Tensor x, Tensor q, Method method, int... axes) {
        return of(x, q, method, true, axes);
    }

    /** A quantile of {@code percent / 100}. */
    public static Tensor percentile(Tensor x, double percent, int... axes) {
        return percentile(x, x.like(percent), Method.LINEAR, axes);
    }

    public static Tensor percentile(Tensor x, Tensor percent, Method method, int... axes) {
        return of(x, percent.div(100), method, false, axes);
    }

    public static Tensor nanPercentile(Tensor x, Tensor percent, Method method, int... axes) {
        return of(x, percent.div(100), method, true, axes);
    }

    private static Tensor of(Tensor x, Tensor q, Method method, boolean withoutNaN, int... axes) {
        requireFloat("quantile", x);
        if (q.dtype() != x.dtype() || q.rank() > 1)
            throw new ShapeException("quantile", List.of(x.type(), q.type()),
                    "q is a scalar or a vector of the input's element type");
        Tensor rows = lines(x, axes).sort(-1), qs = q.reshape(-1);
        int n = rows.size(-1), last = rows.rank() - 1;
        if (n == 0) throw new ShapeException("quantile", List.of(x.type()),
                "there are no elements to take a quantile of");
        Tensor numbers = numbers(rows, last).expandDims(-1),
                count = withoutNaN ? numbers : Tensors.full(numbers.type(), n);
        Tensor most = count.sub(1).maximum(0), place = method.place(qs, count);
        if (method == Method.INVERTED_CDF) place = place.ceil();
        Tensor down = place.floor().minimum(most).maximum(0), up = place.ceil().minimum(most).maximum(0),
                weight = place.sub(place.floor());
        Tensor low = rows.takeAlongAxis(down.astype(DType.I32), last, OutOfRange.CLIP);
        Tensor high = rows.takeAlongAxis(up.astype(DType.I32), last, OutOfRange.CLIP);
        Tensor value = switch (method) {
            case LOWER, INVERTED_CDF -> low;
            case HIGHER -> high;
            case MIDPOINT -> low.add(high).mul(0.5);
            case NEAREST -> weight.le(0.5).where(low, high);
            default -> low.mul(weight.neg().add(1)).add(high.mul(weight));      // all others lie in line
        };
        if (!withoutNaN) value = rows.slice(last, n - 1, n).isNaN().where(value.like(Double.NaN), value);
        return q.rank() == 0 ? value.squeeze(last) : value.moveAxis(-1, 0);
    }

    /** All of {@code axes} as one axis, the last. */
    private static Tensor lines(Tensor x, int... axes) {
        if (axes.length == 0) return x.reshape(-1);
        List<Integer> gone = IntStream.of(axes).mapToObj(x::axis).toList();
        List<Integer> kept = Lists.range(0, x.rank()).stream().filter(a -> !gone.contains(a)).toList();
        Shape rows = x.shape().select(kept).insert(kept.size(), x.shape().select(gone).elements());
        return x.transpose(Lists.concat(kept, gone)).reshape(rows);
    }

    // moments and extremes

    /** How many elements are not 0, i32. */
    public static Tensor countNonzero(Tensor x, int... axes) { return x.ne(0).astype(DType.I32).sum(axes); }

    /** The largest less the smallest element. */
    public static Tensor ptp(Tensor x, int... axes) { return x.max(axes).sub(x.min(axes)); }

    /** {@code sum(w x) / sum(w)} for weights that broadcast to x's shape. */
    public static Tensor average(Tensor x, Tensor weights, int... axes) {
        Tensor w = weights.broadcastTo(x.shape());
        return x.mul(w).sum(axes).div(w.sum(axes));
    }

    /** The sum of squared distances from the mean over the number of elements less {@code ddof}. */
    public static Tensor var(Tensor x, int ddof, int... axes) {
        Tensor mean = x.mean(axes);
        double n = mean.type().elements() == 0 ? 0 : (double) x.type().elements() / mean.type().elements();
        return x.sub(x.keep(mean, axes)).square().sum(axes).div(n - ddof);
    }

    /** The sum of those that are not NaN; without any, 0. */
    public static Tensor nanSum(Tensor x, int... axes) { return instead(x, 0).sum(axes); }

    public static Tensor nanProd(Tensor x, int... axes) { return instead(x, 1).prod(axes); }

    /** The mean of those that are not NaN; without any, NaN. */
    public static Tensor nanMean(Tensor x, int... axes) { return nanSum(x, axes).div(numbers(x, axes)); }

    /** The mean squared distance from {@link #nanMean} of those that are not NaN. */
    public static Tensor nanVar(Tensor x, int... axes) {
        return nanMean(x.sub(x.keep(nanMean(x, axes), axes)).square(), axes);
    }

    public static Tensor nanStd(Tensor x, int... axes) { return nanVar(x, axes).sqrt(); }

    /** The largest of those that are not NaN; without any, NaN. */
    public static Tensor nanMax(Tensor x, int... axes) {
        return numbers(x, axes).eq(0).where(x.like(Double.NaN), instead(x, Double.NEGATIVE_INFINITY).max(axes));
    }

    public static Tensor nanMin(Tensor x, int... axes) {
        return numbers(x, axes).eq(0).where(x.like(Double.NaN), instead(x, Double.POSITIVE_INFINITY).min(axes));
    }

    private static Tensor instead(Tensor x, double ofNaN) { return x.isNaN().where(x.like(ofNaN), x); }

    private static Tensor numbers(Tensor x, int... axes) { return x.isNaN().not().astype(x.dtype()).sum(axes); }

    /** {@code out[i, j]}: how rows i and j of a matrix vary together, a sum of products over n - 1. */
    public static Tensor cov(Tensor x) {
        requireFloat("cov", x);
        if (x.rank() != 2)
            throw new ShapeException("cov", List.of(x.type()), "takes a matrix with a variable in each row");
        Tensor centred = x.sub(x.keep(x.mean(1), 1));
        return centred.matmul(centred.transpose()).div(x.size(1) - 1);
    }

    /** {@link #cov} over both rows' standard deviations. */
    public static Tensor corrcoef(Tensor x) {
        Tensor cov = cov(x), deviations = Linalg.diagonal(cov).sqrt();
        return cov.div(deviations.expandDims(1)).div(deviations).clip(-1, 1);
    }

    // histograms

    /** How many elements, or what weight of them, lie between neighbouring edges; the last bin has both its edges. */
    public record Histogram(Tensor counts, Tensor edges) {}

    /** {@code bins} equal bins from the smallest to the largest element. */
    public static Histogram histogram(Tensor x, int bins) {
        Tensor low = x.min(), high = x.max(), flat = low.eq(high), half = low.like(0.5);
        return histogram(x, edges(flat.where(low.sub(half), low), flat.where(high.add(half), high), bins),
                Tensors.onesLike(x));
    }

    /** {@code bins} equal bins from {@code low} to {@code high}; elements beyond do not count. */
    public static Histogram histogram(Tensor x, int bins, double low, double high) {
        return histogram(x, edges(x.like(low), x.like(high), bins), Tensors.onesLike(x));
    }

    private static Tensor edges(Tensor low, Tensor high, int bins) {
        if (bins < 1) throw new ShapeException("histogram", List.of(low.type()),
                bins + " bins are too few: there must be one");
        Tensor t = Tensors.arange(bins + 1, low.dtype()).div(bins);
        return t.neg().add(1).mul(low).add(t.mul(high));
    }

    /** Bins between the elements of {@code edges}, an ascending vector; {@code weights} are of x's shape. */
    public static Histogram histogram(Tensor x, Tensor edges, Tensor weights) {
        requireFloat("histogram", x);
        if (edges.rank() != 1 || edges.size(0) < 2 || !weights.shape().equals(x.shape()))
            throw new ShapeException("histogram", List.of(x.type(), edges.type(), weights.type()),
                    "the edges are a vector of at least two, the weights have the input's shape");
        int last = edges.size(0) - 1;
        Tensor values = x.reshape(-1), bin = Sorting.searchSorted(edges, values, Sorting.Side.RIGHT);
        Tensor at = values.eq(edges.index(last)).where(bin.like(last), bin);
        var each = new GatherAxes(List.of(), List.of(0), List.of(0), List.of(), List.of());
        Tensor counts = new ScatterAdd(each, GatherAxes.Mode.FILL_OR_DROP)
                .apply(Tensors.zeros(TensorType.of(weights.dtype(), last + 2)), at.expandDims(-1), weights.reshape(-1));
        return new Histogram(counts.slice(0, 1, last + 1), edges);
    }

    private static void requireFloat(String what, Tensor x) {
        if (!x.dtype().isFloat()) throw new ShapeException(what, List.of(x.type()),
                "takes floating-point numbers; convert with astype(DType.F32)");
    }
}
