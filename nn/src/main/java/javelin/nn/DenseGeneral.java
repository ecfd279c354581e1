package javelin.nn;

import java.util.List;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.DotGeneral;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * {@link Dense} over several axes: sums over {@code axes} of the input and puts {@code features} in their place at the
 * end, {@code [batch..., rest..., axes...] -> [batch..., rest..., features...]}. Parameters {@code kernel} [batch...,
 * axes..., features...] and {@code bias} [batch..., features...], initialised as the matrix and the vector they are
 * when flattened. (flax.linen.DenseGeneral)
 *
 * @param axes  summed over; negative ones count from the end; used in ascending order
 * @param batch leading axes with a kernel for every index
 */
public record DenseGeneral(List<Integer> features, List<Integer> axes, List<Integer> batch, boolean useBias,
        Initializer kernelInit, Initializer biasInit) implements Layer {
    public DenseGeneral {
        features = List.copyOf(features);
        axes = List.copyOf(axes);
        batch = List.copyOf(batch);
        if (!batch.stream().sorted().toList().equals(Lists.range(0, batch.size())))
            throw new JavelinException("DenseGeneral: the batch axes " + batch
                    + " must be the leading ones, 0, 1, ..., without gaps");
    }

    /** Over the last axis, as {@link Dense}. */
    public static DenseGeneral of(int... features) {
        return new DenseGeneral(Lists.each(features.length, i -> features[i]), List.of(-1), List.of(), true,
                Initializers.lecunNormal(), Initializers.zeros());
    }

    public DenseGeneral withAxes(int... axes) {
        return new DenseGeneral(features, Lists.each(axes.length, i -> axes[i]), batch, useBias, kernelInit, biasInit);
    }

    public DenseGeneral withBatch(int... axes) {
        return new DenseGeneral(features, this.axes, Lists.each(axes.length, i -> axes[i]), useBias, kernelInit,
                biasInit);
    }

    public DenseGeneral withUseBias(boolean use) {
        return new DenseGeneral(features, axes, batch, use, kernelInit, biasInit);
    }

    public DenseGeneral withKernelInit(Initializer init) {
        return new DenseGeneral(features, axes, batch, useBias, init, biasInit);
    }

    public DenseGeneral withBiasInit(Initializer init) {
        return new DenseGeneral(features, axes, batch, useBias, kernelInit, init);
    }

    @Override public Tensor call(Scope s, Tensor x) {
        List<Integer> summed = Norm.axes(x, axes), each = batch.stream().sorted().toList();
        for (int a : Lists.concat(summed, each))
            if (a < 0 || a >= x.rank() || summed.contains(a) && each.contains(a) || !x.dtype().isFloat())
                throw new ShapeException("DenseGeneral", List.of(x.type()),
                        "takes floating-point numbers with different axes "
                        + axes + " to sum over and " + batch + " of batches");
        int b = each.size();
        Shape sizes = x.shape().select(Lists.concat(each, summed));
        int groups = x.shape().select(each).elements(), outputs = new Shape(features).elements();
        TensorType matrix = TensorType.of(x.dtype(), sizes.elements(), outputs);
        Shape kernelShape = new Shape(Lists.concat(sizes.sizes(), features));
        Tensor kernel = s.param("kernel", (key, type) ->
                kernelInit.apply(key, matrix.withDType(type.dtype())).reshape(type.shape()),
                x.type().withShape(kernelShape));
        Tensor y = DotGeneral.of(each, summed, Lists.range(0, b), Lists.range(b, summed.size())).apply(x, kernel);
        if (!useBias) return y;
        TensorType vector = TensorType.of(x.dtype(), groups * outputs);
        Shape biasShape = new Shape(Lists.concat(x.shape().select(each).sizes(), features));
        Tensor bias = s.param("bias", (key, type) ->
                biasInit.apply(key, vector.withDType(type.dtype())).reshape(type.shape()),
                x.type().withShape(biasShape));
        List<Integer> rest = Norm.others(x, 0, summed);
        Shape along = new Shape(Lists.concat(Lists.map(rest, a -> each.contains(a) ? x.size(a) : 1), features));
        return y.add(bias.reshape(along));
    }
}
