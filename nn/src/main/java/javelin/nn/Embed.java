package javelin.nn;

import java.util.List;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * A row of a table for each integer: {@code [...] -> [..., features]}. Parameter {@code embedding} [count, features],
 * by default normal with variance 1 / features. Negative integers count from the end; outside the table the row is NaN.
 * (flax.linen.Embed)
 */
public record Embed(int count, int features, DType dtype, Initializer embeddingInit) {
    public Embed {
        if (count < 1 || features < 1)
            throw new JavelinException("Embed needs one row and one feature or more, not " + count + " and "
                    + features);
    }

    public static Embed of(int count, int features) {
        var init = new Initializers.VarianceScaling(1, Initializers.Fan.IN, Initializers.Distribution.NORMAL,
                List.of(-2),
                List.of(0), List.of());
        return new Embed(count, features, DType.F32, init);
    }

    public Embed withDType(DType dtype) { return new Embed(count, features, dtype, embeddingInit); }

    public Embed withEmbeddingInit(Initializer init) { return new Embed(count, features, dtype, init); }

    public Tensor call(Scope s, Tensor integers) {
        if (!integers.dtype().isInteger())
            throw new ShapeException("Embed", List.of(integers.type()),
                    "takes integers; convert with astype(DType.I32)");
        Tensor table = table(s);
        Shape shape = new Shape(Lists.concat(integers.shape().sizes(), List.of(features)));
        if (count == 1) return table.reshape(features).broadcastTo(shape);
        return table.take(integers, 0);                                  // out of range: NaN
    }

    /** {@code query embedding^T}, {@code [..., features] -> [..., count]}: logits of the table's rows. */
    public Tensor attend(Scope s, Tensor query) { return query.matmul(table(s).transpose()); }

    private Tensor table(Scope s) { return s.param("embedding", embeddingInit, TensorType.of(dtype, count, features)); }
}
