package javelin.core.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import javelin.core.Batched;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Every convolution: {@code out[n, o, i] = sum over c and k of lhs[n, c, i stride + k dilation - low] rhs[o, c, k]},
 * in any order of axes. Inputs are (lhs, rhs). Semantics of StableHLO's convolution, lax.conv_general_dilated.
 *
 * @param lhs           where the lhs has its batch, its features and its space
 * @param rhs           where the rhs has the output's features, the input's features and the window's elements
 * @param out           where the output has batch, features and space
 * @param windows       one for every axis of space; their sizes are the rhs's
 * @param featureGroups groups of the lhs's features, each for one group of the output's
 * @param batchGroups   groups of the lhs's batch, each for one group of the output's features
 */
public record ConvGeneral(Order lhs, Order rhs, Order out, List<Window> windows, int featureGroups,
        int batchGroups) implements LinearOp.Simple {

    /**
     * The axes of one tensor: {@code first} is the batch, or the output's features; {@code second} the features summed
     * over, or those of the output.
     */
    public record Order(int first, int second, List<Integer> space) {
        /** From jaxpr's list: first, second, space. */
        public static Order of(List<Integer> axes) {
            return new Order(axes.get(0), axes.get(1), axes.subList(2, axes.size()));
        }

        /** {@code [first, space..., second]}: channels last. */
        public static Order channelsLast(int space) { return new Order(0, space + 1, Lists.range(1, space)); }

        /** {@code [space..., second, first]}: how kernels lie. */
        public static Order kernel(int space) { return new Order(space + 1, space, Lists.range(0, space)); }

        private Order exchanged() { return new Order(second, first, space); }

        public List<Integer> axes() { return Lists.concat(List.of(first, second), space); }

        Shape space(TensorType t) { return t.shape().select(space); }

        private Shape shape(int first, int second, List<Integer> space) {
            List<Integer> axes = axes(), sizes = Lists.concat(List.of(first, second), space);
            return new Shape(Lists.each(axes.size(), a -> sizes.get(axes.indexOf(a))));
        }
    }

    @Override public TensorType outputType(List<TensorType> in) {
        TensorType x = in.get(0), k = in.get(1);
        int space = windows.size();
        if (x.dtype() != k.dtype())
            throw new ShapeException(this, in, "the inputs differ in element type; convert with astype");
        for (Order order : List.of(lhs, rhs, out))
            if (!order.axes().stream().sorted().toList().equals(Lists.range(0, space + 2)))
                throw new ShapeException(this, in, order.axes() + " does not name each of " + (space + 2)
                        + " axes once; name 0 to " + (space + 1));
        if (x.rank() != space + 2 || k.rank() != space + 2)
            throw new ShapeException(this, in, "there are windows for " + space
                    + " axes of space; then both inputs must have rank " + (space + 2));
        if (!rhs.space(k).sizes().equals(Lists.map(windows, Window::size)))
            throw new ShapeException(this, in, "the windows have other sizes than the kernel; they must be "
                    + rhs.space(k));
        windows.forEach(w -> w.check(this, in));
        int batch = x.shape().size(lhs.first), features = x.shape().size(lhs.second);
        int outputs = k.shape().size(rhs.first);
        if (featureGroups < 1 || batchGroups < 1 || featureGroups > 1 && batchGroups > 1)
            throw new ShapeException(this, in,
                    "groups are of features and of the batch; only one of both numbers may be above 1");
        if (features != k.shape().size(rhs.second) * featureGroups)
            throw new ShapeException(this, in,
                    "axis %d of input 0 has %d features, but axis %d of input 1 takes %d in each of %d groups"
                    .formatted(lhs.second, features, rhs.second, k.shape().size(rhs.second), featureGroups)
                    + "; the product must be equal");
        if (outputs % featureGroups != 0 || outputs % batchGroups != 0 || batch % batchGroups != 0)
            throw new ShapeException(this, in,
                    "%d output features and a batch of %d cannot be split in %d groups; take a divisor"
                    .formatted(outputs, batch, featureGroups * batchGroups));
        List<Integer> sizes = Lists.each(space, a -> windows.get(a).outputs(x.shape().size(lhs.space.get(a))));
        return x.withShape(out.shape(batch / batchGroups, outputs, sizes));
    }

    /** Linear in each input. */
    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return i == 0 ? apply(dx, x.get(1)) : apply(x.get(0), dx);
    }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        TensorType mine = in.get(i).type();
        if (ct.type().elements() == 0 || mine.elements() == 0) return Tensor.zeros(mine);
        return i == 0 ? lhsCotangent(ct, in.get(1).known(), mine)
                : rhsCotangent(ct, in.get(0).known(), in.get(1).type());
    }

    /** The cotangent, spread out, under the reversed windows. */
    private Tensor lhsCotangent(Tensor ct, Tensor kernel, TensorType x) {
        int groups = featureGroups * batchGroups;
        Tensor reversed = windows.isEmpty() ? kernel : new Reverse(rhs.space).apply(kernel);
        // each group of outputs now takes part in its own group of inputs
        Tensor regrouped = groups == 1 ? reversed : fold(unfold(reversed, rhs.first, groups, 1), rhs.second, 1);
        Shape space = lhs.space(x);
        Tensor back = new ConvGeneral(out, rhs.exchanged(), lhs, Window.transposed(windows, space), groups, 1)
                .apply(ct, regrouped);
        return batchGroups == 1 ? back : fold(unfold(back, lhs.second, batchGroups, 1), lhs.first, 1);
    }

    /** The input under windows as large as the output: batches are summed, features of the input are a batch. */
    private Tensor rhsCotangent(Tensor ct, Tensor x, TensorType kernel) {
        Shape space = lhs.space(x.type());
        List<Window> places = Lists.each(windows.size(), a -> windows.get(a).exchanged(space.size(a)));
        return new ConvGeneral(lhs.exchanged(), out.exchanged(), rhs.exchanged(), places, batchGroups, featureGroups)
                .apply(x, ct);
    }

    /** A mapped lhs is a larger batch, a mapped rhs has more features; if both are, each example is a group. */
    @Override public Tensor batchedOutput(List<Batched> in) {
        int size = Batched.size(in), groups = featureGroups * batchGroups;
        Tensor x = in.get(0).value(), k = in.get(1).value();
        if (size == 0) {
            TensorType one = outputType(Lists.map(in, b -> {
                TensorType t = b.value().type();
                return b.mapped() ? t.withShape(t.shape().dropFirst()) : t;
            }));
            return Tensor.zeros(one.withShape(one.shape().prepend(0)));
        }
        if (!in.get(1).mapped()) return unfold(apply(fold(x, lhs.first, batchGroups), k), out.first, size, 1);
        if (!in.get(0).mapped()) return unfold(apply(x, fold(k, rhs.first, groups)), out.second, size, groups);
        boolean batches = batchGroups > 1;
        var each = new ConvGeneral(lhs, rhs, out, windows, batches ? 1 : featureGroups * size,
                batches ? batchGroups * size : 1);
        Tensor y = each.apply(fold(x, batches ? lhs.first : lhs.second, 1), fold(k, rhs.first, 1));
        return unfold(y, out.second, size, 1);
    }

    /** Axis 0 put into {@code axis} of the others, within each of its {@code groups}. */
    private static Tensor fold(Tensor x, int axis, int groups) {
        List<Integer> sizes = new ArrayList<>(x.shape().sizes().subList(1, x.rank()));
        int n = sizes.get(axis), size = x.shape().size(0);
        sizes.set(axis, n * size);
        return x.reshape(split(x.shape(), axis + 1, groups, n / groups)).moveAxis(0, axis + 1)
                .reshape(new Shape(sizes));
    }

    /**
     * The inverse of {@link #fold}: {@code size} parts of {@code axis}, within each of its {@code groups}, put on a
     * new axis 0.
     */
    private static Tensor unfold(Tensor x, int axis, int size, int groups) {
        int n = x.shape().size(axis);
        List<Integer> sizes = new ArrayList<>(x.shape().sizes());
        sizes.set(axis, n / size);
        Tensor parts = x.reshape(split(x.shape(), axis, groups, size, n / size / groups));
        return parts.moveAxis(axis + 1, 0).reshape(new Shape(sizes).prepend(size));
    }

    private static Shape split(Shape x, int axis, Integer... parts) {
        List<Integer> sizes = x.sizes();
        return new Shape(Lists.concat(sizes.subList(0, axis), List.of(parts), sizes.subList(axis + 1, sizes.size())));
    }

    /**
     * {@code sum over window elements and features of lhs rhs}, nothing where the window is over padding; halves are
     * multiplied in f32 too.
     */
    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.get(0), k = in.get(1), y = outputType(in);
        int rank = windows.size() + 2, batch = y.shape().size(out.first), features = k.shape().size(rhs.second);
        List<Integer> sizes = Lists.concat(Lists.map(windows, Window::size), List.of(features));
        List<Integer> wide = Lists.range(0, sizes.size()).stream().filter(a -> sizes.get(a) != 1).toList();
        IntFunction<Scalar> element = a -> sizes.get(a) == 1 ? Scalar.index(0)
                : new Scalar.Loop(rank + wide.indexOf(a));
        Scalar o = new Scalar.Loop(out.second), c = element.apply(windows.size());
        var place = Window.place(windows, lhs.space(x).sizes(), a -> new Scalar.Loop(out.space.get(a)), element);
        Scalar feature = inGroup(o, y, featureGroups, features).plus(c);
        Scalar example = inGroup(o, y, batchGroups, batch).plus(new Scalar.Loop(out.first));
        Scalar left = new Scalar.Read(0, Lists.each(rank, a -> a == lhs.first ? example : a == lhs.second ? feature
                : place.at().get(lhs.space.indexOf(a))), x.dtype());
        Scalar right = new Scalar.Read(1, Lists.each(rank, a -> a == rhs.first ? o : a == rhs.second ? c
                : element.apply(rhs.space.indexOf(a))), x.dtype());
        Scalar product = Scalar.convert(left, x.dtype().computation())
                .times(Scalar.convert(right, x.dtype().computation()));
        return new Lowering.Reduce(Lists.map(wide, sizes::get), place.select(product, 0L), Fn.ADD, 0L);
    }

    /** Where the group of output feature {@code o} begins among {@code groups} of {@code size}. */
    private Scalar inGroup(Scalar o, TensorType y, int groups, int size) {
        if (groups == 1) return Scalar.index(0);
        int each = y.shape().size(out.second) / groups;
        return (each == 1 ? o : Scalar.apply(Fn.DIV, o, Scalar.index(each))).times(size);
    }

    @Override public String toString() {
        return "conv_general[" + lhs.axes() + " " + rhs.axes() + " -> " + out.axes() + " " + windows
                + (featureGroups == 1 ? "" : " featureGroups=" + featureGroups)
                        + (batchGroups == 1 ? "" : " batchGroups=" + batchGroups) + "]";
    }
}
