package javelin;

import java.util.List;
import java.util.stream.IntStream;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.ConvGeneral;
import javelin.core.ops.ConvGeneral.Order;
import javelin.core.ops.Reverse;
import javelin.core.ops.Window;

/**
 * Convolutions of {@code [batch, space..., features]} by {@code [window..., features / groups, outputs]} in any number
 * of axes of space (lax.conv_general_dilated; for other orders of axes see {@link ConvGeneral}). A list is for the
 * axes of space; a list of one number is for all of them.
 *
 * @param strides        from one window to the next
 * @param inputDilation  distance of neighbours in the input
 * @param kernelDilation distance of neighbours in the window
 * @param groups         groups of features, each convolved on its own
 */
public record Convolution(List<Integer> strides, Padding padding, List<Integer> inputDilation,
        List<Integer> kernelDilation, int groups) {
    /** With stride 1 and SAME padding. */
    public static final Convolution SAME = new Convolution(List.of(1), Padding.SAME, List.of(1), List.of(1), 1);

    public Convolution strides(int... strides) {
        return new Convolution(list(strides), padding, inputDilation, kernelDilation, groups);
    }

    public Convolution padding(Padding padding) {
        return new Convolution(strides, padding, inputDilation, kernelDilation, groups);
    }

    public Convolution inputDilation(int... dilation) {
        return new Convolution(strides, padding, list(dilation), kernelDilation, groups);
    }

    public Convolution kernelDilation(int... dilation) {
        return new Convolution(strides, padding, inputDilation, list(dilation), groups);
    }

    public Convolution groups(int groups) {
        return new Convolution(strides, padding, inputDilation, kernelDilation, groups);
    }

    private static List<Integer> list(int... numbers) { return IntStream.of(numbers).boxed().toList(); }

    public Tensor apply(Tensor x, Tensor kernel) {
        requireRanks("convolution", x, kernel);
        List<Integer> sizes = kernel.shape().sizes().subList(0, space(kernel));
        List<Window> windows = padding.pad(windows(sizes, strides, inputDilation), x.shape().sizes()
                .subList(1, x.rank() - 1));
        return convolve(padding.extend(x, 1, windows), kernel, windows, Order.kernel(sizes.size()));
    }

    /**
     * The transposed convolution, which upsamples by the strides (lax.conv_transpose): SAME gives {@code n stride}
     * outputs. Without groups and input dilation.
     *
     * @param transposed whether {@code kernel} is that of the convolution this undoes, {@code [window..., outputs,
     * features]}, and so is reversed
     */
    public Tensor applyTransposed(Tensor x, Tensor kernel, boolean transposed) {
        requireRanks("transposed convolution", x, kernel);
        int space = space(kernel);
        List<Window> plain = windows(kernel.shape().sizes().subList(0, space), List.of(1), strides);
        List<Window> windows = padding instanceof Padding.Explicit ? padding.pad(plain, List.of())
                : Lists.map(plain, this::transposedPadding);
        if (!transposed) return convolve(x, kernel, windows, Order.kernel(space));
        return convolve(x, space == 0 ? kernel : new Reverse(Lists.range(0, space)).apply(kernel), windows,
                new Order(space, space + 1, Lists.range(0, space)));
    }

    /** As {@code jax.lax._conv_transpose_padding} has it. */
    private Window transposedPadding(Window w) {
        int k = w.span(), stride = w.baseDilation();
        boolean same = padding == Padding.SAME;
        if (!same && padding != Padding.VALID)
            throw new IllegalArgumentException("a transposed convolution has padding SAME, VALID or explicit, not "
                    + padding);
        int both = k + stride - 2 + (same ? 0 : Math.max(k - stride, 0));
        int low = !same ? k - 1 : stride > k - 1 ? k - 1 : Math.ceilDiv(both, 2);
        return new Window(w.size(), 1, low, both - low, stride, w.dilation());
    }

    private List<Window> windows(List<Integer> sizes, List<Integer> strides, List<Integer> dilation) {
        return Lists.each(sizes.size(), a -> new Window(sizes.get(a), at(strides, a), 0, 0, at(dilation, a),
                at(kernelDilation, a)));
    }

    private static int at(List<Integer> list, int axis) { return list.get(list.size() == 1 ? 0 : axis); }

    private static int space(Tensor kernel) { return kernel.rank() - 2; }

    private static void requireRanks(String what, Tensor x, Tensor kernel) {
        if (x.rank() != kernel.rank() || x.rank() < 2)
            throw new ShapeException(what, List.of(x.type(), kernel.type()),
                    "the ranks do not fit; the input must be [batch, space..., features],"
                    + " the kernel [window..., features, outputs],"
                    + " of equal rank");
    }

    private Tensor convolve(Tensor x, Tensor kernel, List<Window> windows, Order order) {
        Order image = Order.channelsLast(windows.size());
        return new ConvGeneral(image, order, image, windows, groups, 1).apply(x, kernel);
    }
}
