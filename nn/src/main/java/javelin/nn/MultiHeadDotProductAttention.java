package javelin.nn;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Attention of several heads, {@code [..., q, in]} and {@code [..., k, in']} to {@code [..., q, out]}: {@link
 * Attention} of projections {@code query}, {@code key} and {@code value} to {@code qkvFeatures / heads} features a
 * head, projected by {@code out}. (flax.linen.MultiHeadDotProductAttention, whose deterministic is the mode of the
 * scope)
 *
 * <p>With {@code decode}, init is given a whole sequence and makes the collection {@code cache} for its length; later a
 * call takes one position, adds it to the cache and attends to all so far:
 * {@code Nn.run(variables, Run.evaluation().withMutable("cache"), s -> ...)}.
 *
 * @param qkvFeatures      of all heads together; if absent, as many as the queries have
 * @param outFeatures      if absent, as many as the queries have
 * @param dropout          of the weights, of stream {@code dropout}
 * @param broadcastDropout whether all examples and heads drop the same weights
 * @param projections      how the projections start and whether they have a bias; the first is of queries, keys and
 *                         values, the second of the result
 * @param normalizeQk      whether queries and keys are normalised by {@link LayerNorm} without bias
 * @param sowWeights       whether the weights are kept as {@code attention_weights} in {@code intermediates}
 */
public record MultiHeadDotProductAttention(int heads, OptionalInt qkvFeatures, OptionalInt outFeatures, double dropout,
        boolean broadcastDropout, List<Projection> projections, boolean decode, boolean normalizeQk, boolean sowWeights)
        implements Layer {
    /** How a projection starts. */
    public record Projection(boolean useBias, Initializer kernelInit, Initializer biasInit) {
        /** A bias from zeros, a kernel by LeCun normal. */
        public static Projection usual() {
            return new Projection(true, Initializers.lecunNormal(), Initializers.zeros());
        }

        private DenseGeneral to(int... features) {
            return DenseGeneral.of(features).withUseBias(useBias).withKernelInit(kernelInit).withBiasInit(biasInit);
        }
    }

    public MultiHeadDotProductAttention {
        projections = List.copyOf(projections);
        if (heads < 1) throw new JavelinException("attention needs a head or more, not " + heads);
    }

    public static MultiHeadDotProductAttention of(int heads) {
        return new MultiHeadDotProductAttention(heads, OptionalInt.empty(), OptionalInt.empty(), 0, true,
                List.of(Projection.usual(), Projection.usual()), false, false, false);
    }

    public MultiHeadDotProductAttention withQkvFeatures(int features) {
        return new MultiHeadDotProductAttention(heads, OptionalInt.of(features), outFeatures, dropout, broadcastDropout,
                projections, decode, normalizeQk, sowWeights);
    }

    public MultiHeadDotProductAttention withOutFeatures(int features) {
        return new MultiHeadDotProductAttention(heads, qkvFeatures, OptionalInt.of(features), dropout, broadcastDropout,
                projections, decode, normalizeQk, sowWeights);
    }

    /** Drops weights in training; {@code broadcast} for the same ones in all examples and heads. */
    public MultiHeadDotProductAttention withDropout(double rate, boolean broadcast) {
        return new MultiHeadDotProductAttention(heads, qkvFeatures, outFeatures, rate, broadcast, projections, decode,
                normalizeQk, sowWeights);
    }

    public MultiHeadDotProductAttention withProjections(Projection qkv, Projection out) {
        return new MultiHeadDotProductAttention(heads, qkvFeatures, outFeatures, dropout, broadcastDropout,
                List.of(qkv, out), decode, normalizeQk, sowWeights);
    }

    public MultiHeadDotProductAttention withUseBias(boolean use) {
        Projection in = projections.getFirst(), out = projections.getLast();
        return withProjections(new Projection(use, in.kernelInit, in.biasInit),
                new Projection(use, out.kernelInit, out.biasInit));
    }

    public MultiHeadDotProductAttention withDecode(boolean decode) {
        return new MultiHeadDotProductAttention(heads, qkvFeatures, outFeatures, dropout, broadcastDropout, projections,
                decode, normalizeQk, sowWeights);
    }

    public MultiHeadDotProductAttention withNormalizeQk(boolean normalize) {
        return new MultiHeadDotProductAttention(heads, qkvFeatures, outFeatures, dropout, broadcastDropout, projections,
                decode, normalize, sowWeights);
    }

    public MultiHeadDotProductAttention withSowWeights(boolean sow) {
        return new MultiHeadDotProductAttention(heads, qkvFeatures, outFeatures, dropout, broadcastDropout, projections,
                decode, normalizeQk, sow);
    }

    /** Attention of a sequence to itself. */
    @Override public Tensor call(Scope s, Tensor x) { return call(s, x, x, x, Optional.empty()); }

    /** As above, to what {@code mask} [..., heads or 1, q, k] lets through. */
    public Tensor call(Scope s, Tensor x, Tensor mask) { return call(s, x, x, x, Optional.of(mask)); }

    public Tensor call(Scope s, Tensor queries, Tensor keys, Tensor values, Optional<Tensor> mask) {
        int in = queries.size(-1), features = qkvFeatures.orElse(in), head = features / heads;
        if (features % heads != 0)
            throw new ShapeException("MultiHeadDotProductAttention", List.of(queries.type()), features
                    + " features cannot be shared out among " + heads + " heads; use a multiple");
        DenseGeneral projection = projections.getFirst().to(heads, head);
        Tensor q = s.call("query", projection, queries), k = s.call("key", projection, keys);
        Tensor v = s.call("value", projection, values);
        if (normalizeQk) {
            LayerNorm norm = LayerNorm.of().withUseBias(false);
            q = s.call("query_ln", norm, q);
            k = s.call("key_ln", norm, k);
        }
        if (decode) {
            boolean filled = s.has("cache", "cached_key");
            Variable keysSoFar = s.variable("cache", "cached_key", zeros(k));
            Variable valuesSoFar = s.variable("cache", "cached_value", zeros(v));
            Variable count = s.variable("cache", "cache_index", () -> Array.scalar(0));
            if (filled) {
                Tensor at = count.value();
                k = append(keysSoFar, k, at);
                v = append(valuesSoFar, v, at);
                count.set(at.add(1));
                int length = k.size(-3);
                Tensor soFar = Attention.upTo(at, length).reshape(ones(k.rank(), length));
                mask = Optional.of(mask.map(m -> Attention.combine(m, soFar)).orElse(soFar));
            }
        }
        Tensor weights = Attention.weights(q, k, Optional.empty(), mask);
        if (sowWeights) s.sow(Run.INTERMEDIATES, "attention_weights", weights);
        if (dropout > 0 && s.isTraining()) weights = weights.mul(multiplier(s, weights));
        DenseGeneral out = projections.getLast().to(outFeatures.orElse(in)).withAxes(-2, -1);
        return s.call("out", out, Attention.apply(weights, v));
    }

    /** 0 with the probability of dropping, else what keeps the mean. */
    private Tensor multiplier(Scope s, Tensor weights) {
        int n = weights.rank();
        Shape shape = broadcastDropout ? ones(n, weights.size(-1)) : weights.shape();
        if (broadcastDropout) shape = shape.without(List.of(n - 2)).insert(n - 2, weights.size(-2));
        return s.rng("dropout").bernoulli(1 - dropout, shape).astype(weights.dtype()).div(1 - dropout);
    }

    private static Supplier<Tensor> zeros(Tensor like) {
        TensorType type = like.type();
        return () -> Tensor.zeros(type);
    }

    private static Shape ones(int rank, int last) {
        return new Shape(Lists.each(rank, a -> a == rank - 1 ? last : 1));
    }

    private static Tensor append(Variable soFar, Tensor next, Tensor at) {
        Tensor all = soFar.value();
        int n = all.rank();
        if (!all.shape().without(List.of(n - 3)).equals(next.shape().without(List.of(n - 3))) || next.size(n - 3) != 1)
            throw new ShapeException("MultiHeadDotProductAttention", List.of(all.type(), next.type()),
                    "decoding takes one position at a time of the batch that init was given, [..., 1, in]");
        Tensor zero = Array.scalar(0);
        Tensor now = all.dynamicUpdateSlice(next, Lists.each(n, a -> a == n - 3 ? at : zero));
        soFar.set(now);
        return now;
    }
}
