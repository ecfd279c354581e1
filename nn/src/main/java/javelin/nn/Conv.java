package javelin.nn;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javelin.Convolution;
import javelin.Padding;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * A convolution over as many axes as the kernel has sizes, {@code [batch..., space..., in] -> [batch..., space...,
 * features]}; no batch or several are fine. Parameters {@code kernel} [sizes..., in / groups, features] and {@code
 * bias} [features], of the input's element type. Defaults: stride 1, SAME padding, one group, a bias, LeCun normal,
 * zeros. (flax.linen.Conv)
 *
 * @param kernel its sizes
 * @param how    strides, padding, dilations and groups
 * @param mask   multiplies the kernel, whose shape it has
 */
public record Conv(int features, List<Integer> kernel, Convolution how, boolean useBias, Optional<Array> mask,
        Initializer kernelInit, Initializer biasInit) implements Layer {
    public Conv {
        kernel = List.copyOf(kernel);
        if (features < 1 || kernel.stream().anyMatch(n -> n < 1))
            throw new JavelinException("Conv needs one feature and one element of a kernel or more, not " + features
                    + " and " + kernel);
    }

    public static Conv of(int features, int... kernel) {
        return new Conv(features, IntStream.of(kernel).boxed().toList(), Convolution.SAME, true, Optional.empty(),
                Initializers.lecunNormal(), Initializers.zeros());
    }

    public Conv with(Convolution how) { return new Conv(features, kernel, how, useBias, mask, kernelInit, biasInit); }

    public Conv withStrides(int... strides) { return with(how.strides(strides)); }

    public Conv withPadding(Padding padding) { return with(how.padding(padding)); }

    public Conv withInputDilation(int... dilation) { return with(how.inputDilation(dilation)); }

    public Conv withKernelDilation(int... dilation) { return with(how.kernelDilation(dilation)); }

    public Conv withGroups(int groups) { return with(how.groups(groups)); }

    public Conv withUseBias(boolean use) { return new Conv(features, kernel, how, use, mask, kernelInit, biasInit); }

    public Conv withMask(Array mask) {
        return new Conv(features, kernel, how, useBias, Optional.of(mask), kernelInit, biasInit);
    }

    public Conv withKernelInit(Initializer init) {
        return new Conv(features, kernel, how, useBias, mask, init, biasInit);
    }

    public Conv withBiasInit(Initializer init) {
        return new Conv(features, kernel, how, useBias, mask, kernelInit, init);
    }

    @Override public Tensor call(Scope s, Tensor x) {
        requireSpace("Conv" + kernel, x, kernel.size());
        if (x.size(-1) % how.groups() != 0)
            throw new ShapeException("Conv" + kernel, List.of(x.type()), x.size(-1) + " features cannot be split in "
                    + how.groups() + " groups");
        Tensor weights = weights(s, kernelInit, mask,
                Lists.concat(kernel, List.of(x.size(-1) / how.groups(), features)), x);
        Tensor y = overBatch(x, kernel.size(), images -> how.apply(images, weights));
        return useBias ? y.add(s.param("bias", biasInit, TensorType.of(x.dtype(), features))) : y;
    }

    static void requireSpace(String what, Tensor x, int space) {
        if (x.rank() < space + 1 || !x.dtype().isFloat())
            throw new ShapeException(what, List.of(x.type()), "takes floating-point numbers with " + space
                    + " axes of space and one of features, the last"
                            + (x.dtype().isFloat() ? "" : "; convert with astype"));
    }

    static Tensor weights(Scope s, Initializer init, Optional<Array> mask, List<Integer> sizes, Tensor x) {
        Tensor weights = s.param("kernel", init, x.type().withShape(new Shape(sizes)));
        if (mask.isEmpty()) return weights;
        if (!mask.get().shape().equals(weights.shape()))
            throw new ShapeException("the mask of a convolution", List.of(mask.get().type(), weights.type()),
                    "must have the kernel's shape");
        return weights.mul(mask.get().astype(x.dtype()));
    }

    /** {@code f} of x with one batch axis, which is all axes before space and features. */
    static Tensor overBatch(Tensor x, int space, UnaryOperator<Tensor> f) {
        int batch = x.rank() - space - 1;
        if (batch == 1) return f.apply(x);
        List<Integer> sizes = x.shape().sizes(), leading = sizes.subList(0, batch);
        int examples = new Shape(leading).elements();
        Tensor y = f.apply(x.reshape(new Shape(sizes.subList(batch, sizes.size())).prepend(examples)));
        return y.reshape(new Shape(Lists.concat(leading, y.shape().sizes().subList(1, y.rank()))));
    }
}
