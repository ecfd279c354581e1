package javelin.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javelin.core.ops.DotGeneral;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** NumPy's rules about axes and broadcasting, for {@link Tensor}'s methods; below them ops see equal shapes only. */
final class Axes {
    private Axes() {}

    static int normal(Tensor x, int axis) {
        int a = axis < 0 ? axis + x.rank() : axis;
        if (a < 0 || a >= x.rank())
            throw new ShapeException(SourceLine.called(), List.of(x.type()), "there is no axis " + axis
                    + ShapeException.axes(x.rank()));
        return a;
    }

    static List<Integer> normal(Tensor x, int... axes) {
        List<Integer> normal = IntStream.of(axes).mapToObj(a -> normal(x, a)).toList();
        if (normal.stream().distinct().count() < normal.size())
            throw new ShapeException(SourceLine.called(), List.of(x.type()), "axes " + Arrays.toString(axes)
                    + " name an axis twice; give each once");
        return normal;
    }

    /** The axes a reduction removes: all of them if none is named. */
    static List<Integer> reduced(Tensor x, int... axes) {
        return axes.length == 0 ? Lists.range(0, x.rank()) : normal(x, axes).stream().sorted().toList();
    }

    static Tensor binary(SimpleOp op, Tensor x, Tensor y) {
        if (x.dtype() != y.dtype())
            throw new ShapeException(op, List.of(x.type(), y.type()),
                    "the inputs differ in element type, " + x.dtype() + " and "
                    + y.dtype() + "; convert one of them with astype");
        if (x.shape().equals(y.shape())) return op.apply(x, y);
        Shape shape = broadcast(op.toString(), List.of(x.type(), y.type()));
        return op.apply(broadcastTo(x, shape), broadcastTo(y, shape));
    }

    static Shape broadcast(String what, List<TensorType> types) {
        int rank = types.stream().mapToInt(TensorType::rank).max().orElse(0);
        List<Integer> sizes = new ArrayList<>();
        for (int a = 0; a < rank; a++) {
            int size = 1;
            for (TensorType t : types) {
                int at = a - rank + t.rank(), n = at < 0 ? 1 : t.shape().size(at);
                if (size == 1) size = n;
                else if (n != 1 && n != size)
                    throw new ShapeException(what, types,
                            "the shapes do not broadcast: axis %d from the end has sizes %d and %d"
                            .formatted(rank - a, size, n) + "; sizes must be equal or 1");
            }
            sizes.add(size);
        }
        return new Shape(sizes);
    }

    static Tensor broadcastTo(Tensor x, Shape shape) {
        if (x.shape().equals(shape)) return x;
        int missing = shape.rank() - x.rank();
        boolean fits = missing >= 0 && IntStream.range(0, x.rank())
                .allMatch(a -> x.shape().size(a) == 1 || x.shape().size(a) == shape.size(a + missing));
        if (!fits)
            throw new ShapeException(SourceLine.called(), List.of(x.type()), x.shape() + " does not broadcast to "
                + shape + "; sizes, compared from the last axis on, must be equal or 1");
        List<Integer> kept = Lists.range(0, x.rank()).stream()
                .filter(a -> x.shape().size(a) == shape.size(a + missing)).toList();
        return x.reshape(x.shape().select(kept)).broadcast(shape, Lists.map(kept, a -> a + missing));
    }

    static Shape reshaped(Tensor x, int... sizes) {
        int known = 1, unknown = -1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] >= 0) known *= sizes[i];
            else if (unknown < 0 && sizes[i] == -1) unknown = i;
            else throw new ShapeException("reshape" + Arrays.toString(sizes), List.of(x.type()),
                    "sizes are negative; only one may be, -1 for what is left");
        }
        int[] all = sizes.clone();
        if (unknown >= 0) all[unknown] = known == 0 ? 0 : x.type().elements() / known;
        if (Shape.of(all).elements() != x.type().elements())
            throw new ShapeException("reshape" + Arrays.toString(sizes), List.of(x.type()), "the tensor has "
                    + x.type().elements() + " elements; give sizes with that product, or -1 for one of them");
        return Shape.of(all);
    }

    static Tensor matmul(Tensor x, Tensor y) {
        if (x.rank() == 0 || y.rank() == 0)
            throw new ShapeException("matmul", List.of(x.type(), y.type()), "neither may be a scalar; use mul");
        if (x.dtype() != y.dtype())
            throw new ShapeException("matmul", List.of(x.type(), y.type()),
                    "the inputs differ in element type; convert one of them with astype");
        int k = x.shape().size(x.rank() - 1), rows = y.shape().size(Math.max(0, y.rank() - 2));
        if (k != rows)
            throw new ShapeException("matmul", List.of(x.type(), y.type()),
                    "axis %d of input 0 has %d elements, axis %d of input 1 has %d; they must be equal"
                    .formatted(x.rank() - 1, k, Math.max(0, y.rank() - 2), rows));
        if (y.rank() <= 2)
            return DotGeneral.of(List.of(), List.of(x.rank() - 1), List.of(), List.of(Math.max(0, y.rank() - 2)))
                    .apply(x, y);
        if (x.rank() == 1) return matmul(x.expandDims(0), y).squeeze(y.rank() - 2);
        Shape lead = broadcast("matmul", List.of(leading(x), leading(y)));
        Tensor l = broadcastTo(x, withLast(lead, x)), r = broadcastTo(y, withLast(lead, y));
        List<Integer> batch = Lists.range(0, lead.rank());
        return DotGeneral.of(batch, List.of(lead.rank() + 1), batch, List.of(lead.rank())).apply(l, r);
    }

    private static TensorType leading(Tensor x) {
        return x.type().withShape(new Shape(x.shape().sizes().subList(0, x.rank() - 2)));
    }

    private static Shape withLast(Shape lead, Tensor x) {
        return new Shape(Lists.concat(lead.sizes(), x.shape().sizes().subList(x.rank() - 2, x.rank())));
    }
}
