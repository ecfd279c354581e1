package javelin.core;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javelin.core.Index.Positions;
import javelin.core.Index.Single;
import javelin.core.ops.Concatenate;
import javelin.core.ops.Gather;
import javelin.core.ops.GatherAxes;
import javelin.core.ops.Iota;
import javelin.core.ops.Reverse;
import javelin.core.ops.ScatterSet;
import javelin.core.ops.Slice;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * NumPy's rules of indexing: {@code x[indices]} as a slice if no index is a tensor, else as one gather or scatter,
 * whose windows run along slices of step 1 and whose coordinates are all other indices.
 */
final class Indexing {
    /** What an axis of the result runs over: nothing, a slice of neighbours, one with steps, the positions given. */
    private enum Along { NEW, WINDOW, STRIDE, POSITIONS }

    /** An axis of the result, and the axis of x it comes from if that is one. */
    private record Axis(Along along, int size, int source) {}

    /** What is taken of an axis of x that has no positions: {@code low, low + stride, ...}. */
    private record Span(int low, int count, int stride) {
        int end() { return count == 0 ? low : low + (count - 1) * stride + 1; }
    }

    /** Where windows begin along an axis of x. */
    private record Coordinate(int axis, Tensor start, Along along) {}

    private final Tensor x;
    private final boolean hasPositions;
    private final List<Axis> result = new ArrayList<>();
    private final List<Span> spans = new ArrayList<>();                  // for every axis of x
    private final List<Coordinate> coordinates = new ArrayList<>();
    private final List<Integer> backward = new ArrayList<>();            // axes of x whose slices have negative steps

    Indexing(Tensor x, List<Index> given, OutOfRange rule) {
        this.x = x;
        List<Index> indices = expanded(x, given);
        hasPositions = indices.stream().anyMatch(Positions.class::isInstance);
        List<TensorType> types = new ArrayList<>();
        int place = -1;                                                  // of the axes all positions share
        boolean apart = false, joined = false;
        for (Index index : indices) {
            boolean joins = hasPositions && (index instanceof Positions || index instanceof Single);
            if (joins && place < 0) place = result.size();
            else apart |= joins && !joined;
            joined = joins;
            int axis = spans.size();
            switch (index) {
                case Index.NewAxis() -> result.add(new Axis(Along.NEW, 1, -1));
                case Index.Slice s -> slice(axis, s);
                case Single(int p) -> {
                    spans.add(new Span(normal(x, axis, p), 1, 1));
                    coordinates.add(new Coordinate(axis, Array.scalar(spans.getLast().low(), DType.I32), Along.NEW));
                }
                case Positions(Tensor p) -> {
                    spans.add(new Span(0, 1, 1));
                    coordinates.add(new Coordinate(axis, rule.fromStart(p, x.size(axis)), Along.POSITIONS));
                    types.add(p.type());
                }
                case Index.Rest() -> throw new IllegalStateException("expanded above");
            }
        }
        List<Integer> joint = Axes.broadcast("index", types).sizes();
        result.addAll(apart ? 0 : Math.max(place, 0), Lists.map(joint, n -> new Axis(Along.POSITIONS, n, -1)));
    }

    /** An index for every axis and every new one: masks become positions, {@link Index.Rest} whole axes. */
    private static List<Index> expanded(Tensor x, List<Index> given) {
        List<Index> all = new ArrayList<>();
        int rest = -1, spoken = given.stream().mapToInt(Indexing::axes).sum();
        if (spoken > x.rank())
            throw new ShapeException("index", List.of(x.type()), "indices for " + spoken
                    + " axes are too many for rank " + x.rank() + "; give one for each axis at most");
        for (Index i : given) {
            boolean repeated = i instanceof Index.Rest && rest >= 0;
            if (repeated)
                throw new ShapeException("index", List.of(x.type()),
                    "Index.rest() may be given once; it stands for all axes left");
            if (i instanceof Index.Rest) {
                rest = all.size();
                all.addAll(whole(x.rank() - spoken));
            } else if (i instanceof Positions(Tensor p) && i.isMask()) {
                all.addAll(whereTrue(x, p, all.stream().mapToInt(Indexing::axes).sum()));
            } else if (i instanceof Positions(Tensor p) && !p.dtype().isInteger()) {
                throw new ShapeException("index", List.of(x.type(), p.type()), "the indices are " + p.dtype()
                        + "; they must be integers, convert with astype(DType.I32), or a bool mask");
            } else {
                all.add(i);
            }
        }
        return rest < 0 ? Lists.concat(all, whole(x.rank() - spoken)) : all;
    }

    private static List<Index> whole(int axes) { return Lists.each(axes, _ -> Index.all()); }

    /** How many axes an index speaks of. */
    private static int axes(Index i) {
        return switch (i) {
            case Single _, Index.Slice _ -> 1;
            case Index.NewAxis(), Index.Rest() -> 0;
            case Positions(Tensor p) -> i.isMask() ? p.rank() : 1;
        };
    }

    /** Positions along each axis of a mask that is no tracer: how many there are is part of the result's type. */
    private static List<Index> whereTrue(Tensor x, Tensor mask, int axis) {
        if (!(mask instanceof Array values))
            throw new ShapeException("index", List.of(x.type(), mask.type()),
                    "how many elements a traced mask selects is not known; "
                    + "choose with where(mask, a, b), or write one value to all of them with at(mask)");
        if (mask.rank() == 0 || !x.shape().sizes().subList(axis, axis + mask.rank()).equals(mask.shape().sizes()))
            throw new ShapeException("index", List.of(x.type(), mask.type()),
                    "the mask does not fit; it must have the sizes of the axes it stands for");
        int[] strides = mask.shape().strides();
        int[] where = IntStream.range(0, mask.type().elements()).filter(i -> values.get(i).longValue() != 0).toArray();
        return Lists.each(mask.rank(), a -> new Positions(
                Array.i32(IntStream.of(where).map(i -> i / strides[a] % mask.size(a)).toArray())));
    }

    private static int normal(Tensor x, int axis, int i) {
        int size = x.size(axis), at = i < 0 ? i + size : i;
        if (at < 0 || at >= size) throw new ShapeException("index[axis=" + axis + "]", List.of(x.type()),
                "there is no element " + i + " in an axis of size " + size + "; give one from " + -size + " to "
                        + (size - 1));
        return at;
    }

    private void slice(int axis, Index.Slice s) {
        int n = x.size(axis), count = s.count(n), last = (count - 1) * s.step();
        int low = count == 0 ? 0 : s.first(n) + Math.min(0, last), stride = count <= 1 ? 1 : Math.abs(s.step());
        Along along = stride == 1 ? Along.WINDOW : Along.STRIDE;
        if (s.step() < 0) backward.add(axis);
        spans.add(new Span(low, count, stride));
        result.add(new Axis(along, count, axis));
        if (along == Along.STRIDE) coordinates.add(new Coordinate(axis, iota(count).mul(stride).add(low), along));
        else if (count < n) coordinates.add(new Coordinate(axis, Array.scalar(low, DType.I32), along));
    }

    private static Tensor iota(int n) { return Op.apply(new Iota(TensorType.i32(n), 0), List.of()).getFirst(); }

    // what x[indices] is

    Shape shape() { return new Shape(Lists.map(result, Axis::size)); }

    /** Whether the elements are a box of neighbours at a place known now. */
    boolean isBox() { return !hasPositions && spans.stream().allMatch(s -> s.stride() == 1); }

    /** Whether no element is meant twice. */
    boolean isUnique() { return !hasPositions; }

    Tensor read(OutOfRange rule, Number fill) {
        if (hasPositions && x.type().elements() == 0) return ofNothing("index", x, shape(), rule, fill);
        Tensor found = hasPositions ? new Gather(gatherAxes(), windowSizes(), rule.mode(), fill).apply(x, positions())
                : new Slice(Lists.map(spans, Span::low), Lists.map(spans, Span::end), Lists.map(spans, Span::stride))
                        .apply(x);
        return turned(found.reshape(shape()));
    }

    /** {@code value}, of the shape of x[indices], as the updates of a scatter. */
    Tensor updates(Tensor value) { return turned(value).reshape(shape().select(oldAxes())); }

    /** x with {@code value} in the place of x[indices], which is a box. */
    Tensor withBox(Tensor value) {
        Tensor box = turned(value).reshape(new Shape(Lists.map(spans, Span::count)));
        return x.dynamicUpdateSlice(box, Lists.map(spans, s -> Array.scalar(s.low(), DType.I32)));
    }

    /** With the axes reversed whose slices go backwards. */
    private Tensor turned(Tensor value) {
        List<Integer> axes = Lists.range(0, result.size()).stream()
                .filter(a -> backward.contains(result.get(a).source())).toList();
        return axes.isEmpty() ? value : new Reverse(axes).apply(value);
    }

    /** Axes of the result that run along any of these. */
    private List<Integer> axes(Along... kinds) {
        return Lists.range(0, result.size()).stream().filter(a -> List.of(kinds).contains(result.get(a).along()))
                .toList();
    }

    private List<Integer> oldAxes() { return axes(Along.WINDOW, Along.STRIDE, Along.POSITIONS); }

    private List<Integer> windowAxes() { return Lists.map(axes(Along.WINDOW), a -> result.get(a).source()); }

    private List<Integer> windowSizes() {
        return Lists.each(x.rank(), a -> windowAxes().contains(a) ? spans.get(a).count() : 1);
    }

    GatherAxes gatherAxes() {
        List<Integer> windows = windowAxes();
        return new GatherAxes(Lists.map(axes(Along.WINDOW), oldAxes()::indexOf),
                Lists.range(0, x.rank()).stream().filter(a -> !windows.contains(a)).toList(),
                Lists.map(coordinates, Coordinate::axis), List.of(), List.of());
    }

    /** The coordinates on a last axis; of the type they were given in if there is one only, else i32. */
    Tensor positions() {
        List<Integer> batch = axes(Along.STRIDE, Along.POSITIONS), joint = axes(Along.POSITIONS);
        Shape shape = shape().select(batch);
        List<Tensor> starts = Lists.map(coordinates, c -> {
            List<Integer> own = c.along() == Along.POSITIONS ? joint
                    : batch.stream().filter(a -> result.get(a).source() == c.axis()).toList();
            return c.start().broadcastTo(c.along() == Along.NEW ? Shape.of() : shape().select(own))
                    .broadcast(shape, Lists.map(own, batch::indexOf));
        });
        if (starts.isEmpty()) return Tensor.zeros(new TensorType(DType.I32, shape.insert(shape.rank(), 0)));
        if (starts.size() == 1) return starts.getFirst().expandDims(-1);
        return new Concatenate(shape.rank()).apply(starts.stream().map(s -> narrow(s).expandDims(-1))
                .toArray(Tensor[]::new));
    }

    /** As i32; what is out of its range stays out of any axis'. */
    private static Tensor narrow(Tensor index) {
        boolean wide = index.dtype() != DType.I32 && index.dtype().bytes() >= 4;
        if (!wide) return index.astype(DType.I32);
        Tensor i = index.minimum(Integer.MAX_VALUE);
        return (index.dtype().kind() == DType.Kind.UNSIGNED ? i : i.maximum(-1)).astype(DType.I32);
    }

    /** What is read from no elements at all: none, or what is filled in for positions out of range, which all are. */
    private static Tensor ofNothing(String method, Tensor x, Shape shape, OutOfRange rule, Number fill) {
        if (shape.elements() > 0 && rule != OutOfRange.FILL_OR_DROP)
            throw new ShapeException(method, List.of(x.type()),
                    "there is no nearest element to read in an empty axis; use OutOfRange.FILL_OR_DROP");
        return Tensor.full(x.type().withShape(shape), fill);
    }

    // along one axis

    /** jnp.take: negative indices count from the end but for CLIP, as in NumPy. */
    static Tensor take(Tensor x, Tensor indices, int axis, OutOfRange rule) {
        Tensor at = rule == OutOfRange.CLIP ? integers("take", x, indices)
                : rule.fromStart(integers("take", x, indices), x.size(axis));
        Number fill = Gather.defaultFill(x.dtype());
        List<Integer> all = x.shape().sizes(), i = indices.shape().sizes();
        Shape taken = new Shape(Lists.concat(all.subList(0, axis), i, all.subList(axis + 1, x.rank())));
        if (x.type().elements() == 0) return ofNothing("take", x, taken, rule, fill);
        int n = indices.rank();
        List<Integer> offset = Lists.range(0, x.rank() - 1).stream().map(a -> a < axis ? a : a + n).toList();
        var axes = new GatherAxes(offset, List.of(axis), List.of(axis), List.of(), List.of());
        return new Gather(axes, Lists.each(x.rank(), a -> a == axis ? 1 : x.size(a)), rule.mode(), fill)
                .apply(x, at.expandDims(-1));
    }

    static Tensor takeAlong(Tensor x, Tensor indices, int axis, OutOfRange rule) {
        Shape others = others("takeAlongAxis", x, indices, axis);
        Tensor wide = x.broadcastTo(others.insert(axis, x.size(axis))),
                at = coordinates("takeAlongAxis", x, indices, axis, others, rule);
        Number fill = Gather.defaultFill(x.dtype());
        Shape taken = others.insert(axis, indices.size(axis));
        if (wide.type().elements() == 0) return ofNothing("takeAlongAxis", x, taken, rule, fill);
        return new Gather(along(x.rank(), axis), Lists.each(x.rank(), _ -> 1), rule.mode(), fill).apply(wide, at);
    }

    static Tensor putAlong(Tensor x, Tensor indices, Tensor values, int axis, OutOfRange rule) {
        Shape others = others("putAlongAxis", x, indices, axis);
        if (!others.equals(x.shape().without(List.of(axis))))
            throw new ShapeException("putAlongAxis", List.of(x.type(), indices.type()),
                    "the sizes differ; the indices must have those of the input, or 1, but along axis " + axis);
        Tensor at = coordinates("putAlongAxis", x, indices, axis, others, rule);
        Tensor updates = values.broadcastTo(new Shape(at.shape().sizes().subList(0, x.rank())));
        return x.type().elements() == 0 ? x : new ScatterSet(along(x.rank(), axis), rule.mode(), false)
                .apply(x, at, updates);
    }

    private static GatherAxes along(int rank, int axis) {
        List<Integer> others = Lists.range(0, rank).stream().filter(a -> a != axis).toList();
        return new GatherAxes(List.of(), List.of(axis), List.of(axis), others, others);
    }

    /** The sizes both have, broadcast, but along {@code axis}. */
    private static Shape others(String method, Tensor x, Tensor indices, int axis) {
        if (indices.rank() != x.rank())
            throw new ShapeException(method, List.of(x.type(), indices.type()),
                    "the ranks differ; the indices must have the rank of the input");
        List<TensorType> types = List.of(x.type().withShape(x.shape().without(List.of(axis))),
                indices.type().withShape(indices.shape().without(List.of(axis))));
        return Axes.broadcast(method, types);
    }

    private static Tensor coordinates(String method, Tensor x, Tensor indices, int axis, Shape others,
            OutOfRange rule) {
        return rule.fromStart(integers(method, x, indices), x.size(axis))
                .broadcastTo(others.insert(axis, indices.size(axis))).expandDims(-1);
    }

    private static Tensor integers(String method, Tensor x, Tensor indices) {
        if (!indices.dtype().isInteger())
            throw new ShapeException(method, List.of(x.type(), indices.type()), "the indices are " + indices.dtype()
                    + "; they must be integers, convert with astype(DType.I32)");
        return indices;
    }
}
