package javelin.nn;

import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import javelin.Tensors;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.DotGeneral;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Scaled dot-product attention and its masks: queries {@code [..., q, heads, d]}, keys {@code [..., k, heads, d]},
 * values {@code [..., k, heads, e]}. Vaswani et al., arXiv:1706.03762. (flax.linen.attention)
 */
public final class Attention {
    private Attention() {}

    /** {@code softmax(query key^T / sqrt(d)) value}, of {@code [..., q, heads, e]}. (dot_product_attention) */
    public static Tensor apply(Tensor query, Tensor key, Tensor value) {
        return apply(weights(query, key, Optional.empty(), Optional.empty()), value);
    }

    /**
     * As above, with weights of 0 where {@code mask}, which broadcasts to {@code [..., heads, q, k]}, is false or 0.
     */
    public static Tensor apply(Tensor query, Tensor key, Tensor value, Tensor mask) {
        return apply(weights(query, key, Optional.empty(), Optional.of(mask)), value);
    }

    /**
     * What each query takes of each key, {@code [..., heads, q, k]}: {@code softmax(query key^T / sqrt(d) + bias)}
     * where the mask is true. (dot_product_attention_weights)
     */
    public static Tensor weights(Tensor query, Tensor key, Optional<Tensor> bias, Optional<Tensor> mask) {
        int n = query.rank();
        boolean fit = n >= 3 && key.rank() == n && query.size(-1) == key.size(-1) && query.size(-2) == key.size(-2)
                && query.shape().sizes().subList(0, n - 3).equals(key.shape().sizes().subList(0, n - 3));
        if (!fit)
            throw new ShapeException("attention", List.of(query.type(), key.type()),
                    "queries [..., q, heads, d] and keys [..., k, heads, d] must agree in all axes but q and k");
        List<Integer> batch = Lists.concat(Lists.range(0, n - 3), List.of(n - 2));
        Tensor scaled = query.div(Math.sqrt(query.size(-1)));
        Tensor scores = DotGeneral.of(batch, List.of(n - 1), batch, List.of(n - 1)).apply(scaled, key);
        if (bias.isPresent()) scores = scores.add(bias.get());
        if (mask.isPresent()) scores = Norm.truth(mask.get()).where(scores, scores.like(-largest(scores.dtype())));
        return Activations.softmax(scores);
    }

    /** The largest finite number: a query that sees nothing takes of all keys alike, and not NaN. */
    private static double largest(DType dtype) {
        return switch (dtype) {
            case F64 -> Double.MAX_VALUE;
            case BF16 -> 0x1.fep127;
            case F16 -> 65504;
            default -> Float.MAX_VALUE;
        };
    }

    /**
     * {@code weights value}: {@code [..., heads, q, k]} and {@code [..., k, heads, e]} to {@code [..., q, heads, e]}.
     */
    public static Tensor apply(Tensor weights, Tensor value) {
        int n = value.rank();
        if (weights.rank() != n || n < 3 || weights.size(-1) != value.size(-3) || weights.size(-3) != value.size(-2))
            throw new ShapeException("attention", List.of(weights.type(), value.type()),
                    "weights [..., heads, q, k] and values [..., k, heads, e] must agree in heads and k");
        Tensor y = DotGeneral.of(Lists.range(0, n - 2), List.of(n - 1),
                Lists.concat(Lists.range(0, n - 3), List.of(n - 2)),
                List.of(n - 3)).apply(weights, value);
        return y.swapAxes(-3, -2);
    }

    /**
     * {@code pairwise(query[..., q], key[..., k])} with an axis for the heads: {@code [..., 1, q, k]}. With {@code
     * and}, of two arrays that are true where a sequence is not padded, the mask of padding. (make_attention_mask)
     */
    public static Tensor mask(Tensor query, Tensor key, BinaryOperator<Tensor> pairwise) {
        return pairwise.apply(query.expandDims(-1), key.expandDims(-2)).expandDims(-3);
    }

    /** Bool {@code [..., 1, n, n]}: position q of {@code x} [..., n] sees positions up to q. (make_causal_mask) */
    public static Tensor causalMask(Tensor x) {
        int n = x.size(-1);
        Shape shape = x.shape().without(List.of(x.rank() - 1)).insert(x.rank() - 1, 1).insert(x.rank(), n)
                .insert(x.rank() + 1, n);
        return Tensors.tri(n).broadcastTo(shape);
    }

    /** True where all masks, of one rank, are true or not 0. (combine_masks) */
    public static Tensor combine(Tensor first, Tensor... more) {
        return Stream.of(more).map(Norm::truth).reduce(Norm.truth(first), (a, b) -> {
            if (a.rank() != b.rank())
                throw new ShapeException("combine", List.of(a.type(), b.type()), "the masks must have one rank");
            return a.and(b);
        });
    }

    /** Bool {@code [1, k]}, true up to position {@code last}, an i32 scalar. */
    static Tensor upTo(Tensor last, int k) { return Tensors.iota(TensorType.i32(1, k), 1).le(last); }
}
