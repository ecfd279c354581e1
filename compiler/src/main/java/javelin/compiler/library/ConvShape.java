package javelin.compiler.library;

import java.util.List;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.ops.ConvGeneral;
import javelin.core.ops.Window;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * A convolution in three axes of space, in one of the forms of {@link javelin.compiler.simplify.ConvLayouts}.
 *
 * @param examples what lies outermost in the lhs: the batch of images, or what gradients of kernels are summed over
 * @param groups   of features (images) or of the batch (kernels)
 * @param channels what lies innermost in the lhs, in one group
 * @param outputs  what lies innermost in the output, in one group
 * @param in       space of the lhs
 * @param out      space of the output
 */
record ConvShape(DType dtype, int examples, int groups, int channels, int outputs, List<Window> windows,
        List<Integer> in, List<Integer> out) {
    private static final int SPACE = 3;

    static ConvShape of(ConvGeneral op, Equation e) {
        TensorType x = e.inputs().get(0).type(), y = e.output().type();
        int groups = op.featureGroups() * op.batchGroups(), missing = SPACE - op.windows().size();
        List<Window> windows = Lists.concat(Lists.each(missing, _ -> Window.SINGLE), op.windows());
        return new ConvShape(y.dtype(), x.shape().size(0), groups, x.shape().size(x.rank() - 1) / groups,
                y.shape().size(op.out().second()) / groups, windows, sizes(x.shape(), op.lhs().space(), missing),
                sizes(y.shape(), op.out().space(), missing));
    }

    private static List<Integer> sizes(Shape shape, List<Integer> axes, int missing) {
        return Lists.concat(Lists.each(missing, _ -> 1), shape.select(axes).sizes());
    }

    /** Multiply-adds for one example. */
    long stepsOfExample() {
        return (long) groups * channels * outputs * product(Lists.map(windows, Window::size)) * product(out);
    }

    /** Whether kernels should be compiled before the first call and not by the calls. */
    boolean isWorthWarmUp() { return stepsOfExample() * examples >= 1 << 15; }

    static int product(List<Integer> sizes) { return sizes.stream().reduce(1, (a, b) -> a * b); }
}
