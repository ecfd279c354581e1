package javelin.nn;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javelin.Convolution;
import javelin.Padding;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * A convolution of the input with its elements spread {@code strides} apart: it enlarges, as the gradient of {@link
 * Conv} does. Parameters {@code kernel} [sizes..., in, features] (with {@code transposeKernel}: [sizes..., features,
 * in], and reversed) and {@code bias} [features]. Padding SAME gives {@code stride n} outputs, CIRCULAR as many, with
 * what sticks out put on again at the other end; explicit padding is that of the spread input.
 * (flax.linen.ConvTranspose)
 *
 * @param kernel its sizes
 * @param how    strides, padding and kernel dilation
 * @param mask   multiplies the kernel, whose shape it has
 */
public record ConvTranspose(int features, List<Integer> kernel, Convolution how, boolean useBias,
        boolean transposeKernel,
        Optional<Array> mask, Initializer kernelInit, Initializer biasInit) implements Layer {
    public ConvTranspose {
        kernel = List.copyOf(kernel);
        if (features < 1 || kernel.stream().anyMatch(n -> n < 1))
            throw new JavelinException("ConvTranspose needs one feature and one element of a kernel or more, not "
                    + features + " and " + kernel);
        if (how.groups() != 1 || how.inputDilation().stream().anyMatch(d -> d != 1))
            throw new JavelinException("ConvTranspose has neither groups nor an input dilation beside its strides: "
                    + how);
    }

    public static ConvTranspose of(int features, int... kernel) {
        return new ConvTranspose(features, IntStream.of(kernel).boxed().toList(), Convolution.SAME, true, false,
                Optional.empty(),
                Initializers.lecunNormal(), Initializers.zeros());
    }

    public ConvTranspose with(Convolution how) {
        return new ConvTranspose(features, kernel, how, useBias, transposeKernel, mask, kernelInit, biasInit);
    }

    public ConvTranspose withStrides(int... strides) { return with(how.strides(strides)); }

    public ConvTranspose withPadding(Padding padding) { return with(how.padding(padding)); }

    public ConvTranspose withKernelDilation(int... dilation) { return with(how.kernelDilation(dilation)); }

    public ConvTranspose withUseBias(boolean use) {
        return new ConvTranspose(features, kernel, how, use, transposeKernel, mask, kernelInit, biasInit);
    }

    public ConvTranspose withTransposeKernel(boolean transpose) {
        return new ConvTranspose(features, kernel, how, useBias, transpose, mask, kernelInit, biasInit);
    }

    public ConvTranspose withMask(Array mask) {
        return new ConvTranspose(features, kernel, how, useBias, transposeKernel, Optional.of(mask), kernelInit,
                biasInit);
    }

    public ConvTranspose withKernelInit(Initializer init) {
        return new ConvTranspose(features, kernel, how, useBias, transposeKernel, mask, init, biasInit);
    }

    public ConvTranspose withBiasInit(Initializer init) {
        return new ConvTranspose(features, kernel, how, useBias, transposeKernel, mask, kernelInit, init);
    }

    @Override public Tensor call(Scope s, Tensor x) {
        Conv.requireSpace("ConvTranspose" + kernel, x, kernel.size());
        int in = x.size(-1);
        Tensor weights = Conv.weights(s, kernelInit, mask,
                Lists.concat(kernel, transposeKernel ? List.of(features, in) : List.of(in, features)), x);
        Tensor y = Conv.overBatch(x, kernel.size(), images -> enlarged(images, weights));
        return useBias ? y.add(s.param("bias", biasInit, TensorType.of(x.dtype(), features))) : y;
    }

    private Tensor enlarged(Tensor x, Tensor weights) {
        if (how.padding() != Padding.CIRCULAR) return how.applyTransposed(x, weights, transposeKernel);
        Tensor y = how.padding(Padding.VALID).applyTransposed(x, weights, transposeKernel);
        for (int a = 1; a < x.rank() - 1; a++) {
            int stride = how.strides().get(how.strides().size() == 1 ? 0 : a - 1);
            y = wrapped(y, a, x.size(a) * stride);
        }
        return y;
    }

    /**
     * Sums what lies a period apart. The result begins in the middle of what sticks out on both sides; if that is odd,
     * one more is cut off at the end for an ordinary kernel, at the beginning for a transposed one, as in flax.
     */
    private Tensor wrapped(Tensor y, int axis, int period) {
        int over = Math.floorMod(period - y.size(axis), 2 * period), low = transposeKernel ? over / 2 : (over + 1) / 2;
        Tensor padded = y.pad(axis, low, over - low, 0);
        List<Integer> sizes = y.shape().sizes();
        Shape turns = new Shape(Lists.concat(sizes.subList(0, axis), List.of(padded.size(axis) / period, period),
                sizes.subList(axis + 1, sizes.size())));
        return padded.reshape(turns).sum(axis);
    }
}
