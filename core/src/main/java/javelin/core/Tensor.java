package javelin.core;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javelin.core.ops.*;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * A multi-dimensional array: an {@link Array} holds numbers, a {@link Tracer} stands for some. Methods have NumPy's
 * names and broadcast as NumPy does: shapes are aligned at their last axes and axes of size 1 are repeated. Two tensors
 * of different element types never mix silently; a Java number takes the tensor's type. Negative axes count from the
 * end. Every method throws {@link ShapeException} for shapes and types that do not fit.
 */
public sealed interface Tensor permits Array, Tracer {
    TensorType type();

    default Shape shape() { return type().shape(); }

    default DType dtype() { return type().dtype(); }

    default int rank() { return type().rank(); }

    /** {@code axis} counted from the front: a negative one counts from the end. */
    default int axis(int axis) { return Axes.normal(this, axis); }

    /** The size of {@code axis}. */
    default int size(int axis) { return shape().size(Axes.normal(this, axis)); }

    /** The one number of a tensor with one element. Throws {@link TracedValueException} while a function is traced. */
    default double item() { return ((Tensor) array("item()")).only().doubleValue(); }

    /** The one number of an integer or boolean tensor with one element, exactly. */
    default long itemAsLong() { return ((Tensor) array("itemAsLong()")).only().longValue(); }

    /** This tensor's numbers. Throws {@link TracedValueException} while a function is traced. */
    default Array array() { return array("array()"); }

    private Array array(String method) {
        return switch (this) {
            case Array a -> a;
            case Tracer t -> throw new TracedValueException(t, method);
        };
    }

    private Number only() {
        if (type().elements() != 1)
            throw new ShapeException("item", List.of(type()),
                    "only a tensor with one element is a number; take one with index, or all with array().toDoubles()");
        return ((Array) this).get(0);
    }

    /** An op and not an array, so that inside a trace it is recorded and not captured. */
    static Tensor full(TensorType type, Number value) {
        Tensor one = Array.scalar(value, type.dtype());
        return type.rank() == 0 ? one : one.broadcast(type.shape(), List.of());
    }

    static Tensor zeros(TensorType type) { return full(type, 0L); }

    /** {@code number} as a rank-0 tensor of this tensor's element type; an integer type takes whole numbers only. */
    default Tensor like(double number) {
        if (!dtype().isFloat() && number != Math.rint(number))
            throw new ShapeException("constant " + number, List.of(type()),
                    "is not a " + dtype() + "; convert the tensor with astype(DType.F32) first");
        return Array.scalar(number, dtype());
    }

    // arithmetic

    default Tensor add(Tensor that) { return Axes.binary(new Add(), this, that); }
    default Tensor sub(Tensor that) { return Axes.binary(new Sub(), this, that); }
    default Tensor mul(Tensor that) { return Axes.binary(new Mul(), this, that); }
    /** Integers truncate towards zero. */
    default Tensor div(Tensor that) { return Axes.binary(new Div(), this, that); }
    /** The remainder with the sign of this tensor, as Java's {@code %}. */
    default Tensor rem(Tensor that) { return Axes.binary(new Rem(), this, that); }
    /** {@code this^that} for floating-point types; the derivative is that of JAX at 0. */
    default Tensor pow(Tensor that) { return Axes.binary(new Pow(), this, that); }
    /** NaN if either is NaN; equal values share the gradient. */
    default Tensor maximum(Tensor that) { return Axes.binary(new Max(), this, that); }
    /** NaN if either is NaN; equal values share the gradient. */
    default Tensor minimum(Tensor that) { return Axes.binary(new Min(), this, that); }

    /** {@code op} of {@code inputs} repeated to one shape. */
    static Tensor broadcasting(SimpleOp op, Tensor... inputs) {
        return op.apply(broadcastArrays(op.toString(), inputs).toArray(Tensor[]::new));
    }

    /**
     * {@code inputs} repeated to one shape by NumPy's rules; {@code what} asked for it, for the error if they do not
     * fit.
     */
    static List<Tensor> broadcastArrays(String what, Tensor... inputs) {
        Shape shape = Axes.broadcast(what, Lists.map(List.of(inputs), Tensor::type));
        return Lists.map(List.of(inputs), x -> x.broadcastTo(shape));
    }

    default Tensor add(double that) { return add(like(that)); }
    default Tensor sub(double that) { return sub(like(that)); }
    default Tensor mul(double that) { return mul(like(that)); }
    default Tensor div(double that) { return div(like(that)); }
    default Tensor rem(double that) { return rem(like(that)); }
    /** Whole exponents become products (JAX's integer_pow), others {@link #pow(Tensor)}. */
    default Tensor pow(double exponent) {
        return exponent == Math.rint(exponent) && Math.abs(exponent) <= 64
                ? new IntegerPow((int) exponent).apply(this) : pow(like(exponent));
    }
    default Tensor maximum(double that) { return maximum(like(that)); }
    default Tensor minimum(double that) { return minimum(like(that)); }

    default Tensor neg() { return new Neg().apply(this); }
    /** The slope at 0 is +1, as in JAX. */
    default Tensor abs() { return new Abs().apply(this); }
    default Tensor sign() { return new Sign().apply(this); }
    default Tensor square() { return mul(this); }
    default Tensor reciprocal() { return like(1).div(this); }
    default Tensor exp() { return new Exp().apply(this); }
    default Tensor expm1() { return new Expm1().apply(this); }
    default Tensor log() { return new Log().apply(this); }
    default Tensor log1p() { return new Log1p().apply(this); }
    default Tensor sqrt() { return new Sqrt().apply(this); }
    default Tensor rsqrt() { return new Rsqrt().apply(this); }
    default Tensor sin() { return new Sin().apply(this); }
    default Tensor cos() { return new Cos().apply(this); }
    default Tensor tan() { return new Tan().apply(this); }
    default Tensor asin() { return new Asin().apply(this); }
    default Tensor acos() { return new Acos().apply(this); }
    default Tensor atan() { return new Atan().apply(this); }
    /** The angle in [-pi, pi] of the point (x, this). */
    default Tensor atan2(Tensor x) { return Axes.binary(new Atan2(), this, x); }
    default Tensor sinh() { return new Sinh().apply(this); }
    default Tensor cosh() { return new Cosh().apply(this); }
    default Tensor tanh() { return new Tanh().apply(this); }
    default Tensor asinh() { return new Asinh().apply(this); }
    default Tensor acosh() { return new Acosh().apply(this); }
    default Tensor atanh() { return new Atanh().apply(this); }
    default Tensor cbrt() { return new Cbrt().apply(this); }
    default Tensor exp2() { return new Exp2().apply(this); }
    /** {@code 1 / (1 + exp(-x))} */
    default Tensor logistic() { return new Logistic().apply(this); }
    default Tensor erf() { return new Erf().apply(this); }
    default Tensor erfc() { return new Erfc().apply(this); }
    default Tensor erfInv() { return new ErfInv().apply(this); }
    /** {@code log |gamma(x)|} */
    default Tensor lgamma() { return new Lgamma().apply(this); }
    default Tensor digamma() { return new Digamma().apply(this); }
    default Tensor floor() { return new Floor().apply(this); }
    default Tensor ceil() { return new Ceil().apply(this); }
    /** To the nearest whole number, halves to the even one. */
    default Tensor round() { return new Round().apply(this); }

    // comparison, logic, choice

    default Tensor eq(Tensor that) { return compare(Compare.Kind.EQ, that); }
    default Tensor ne(Tensor that) { return compare(Compare.Kind.NE, that); }
    default Tensor lt(Tensor that) { return compare(Compare.Kind.LT, that); }
    default Tensor le(Tensor that) { return compare(Compare.Kind.LE, that); }
    default Tensor gt(Tensor that) { return compare(Compare.Kind.GT, that); }
    default Tensor ge(Tensor that) { return compare(Compare.Kind.GE, that); }
    default Tensor eq(double that) { return eq(like(that)); }
    default Tensor ne(double that) { return ne(like(that)); }
    default Tensor lt(double that) { return lt(like(that)); }
    default Tensor le(double that) { return le(like(that)); }
    default Tensor gt(double that) { return gt(like(that)); }
    default Tensor ge(double that) { return ge(like(that)); }

    private Tensor compare(Compare.Kind kind, Tensor that) { return Axes.binary(new Compare(kind), this, that); }

    /** Bitwise; logical for bool. */
    default Tensor and(Tensor that) { return Axes.binary(new And(), this, that); }
    default Tensor or(Tensor that) { return Axes.binary(new Or(), this, that); }
    default Tensor xor(Tensor that) { return Axes.binary(new Xor(), this, that); }
    default Tensor not() { return new Not().apply(this); }
    /** A shift by the width of the type or more gives 0. */
    default Tensor shiftLeft(Tensor by) { return Axes.binary(new ShiftLeft(), this, by); }
    default Tensor shiftRightLogical(Tensor by) { return Axes.binary(new ShiftRightLogical(), this, by); }
    default Tensor shiftRightArithmetic(Tensor by) { return Axes.binary(new ShiftRightArithmetic(), this, by); }

    /** How many bits are set. */
    default Tensor populationCount() { return new PopulationCount().apply(this); }
    default Tensor leadingZeros() { return new LeadingZeros().apply(this); }
    /** The next number of the type on the way to {@code that}. */
    default Tensor nextAfter(Tensor that) { return Axes.binary(new NextAfter(), this, that); }

    /** {@code this ? ifTrue : ifFalse}, this being bool; all three broadcast. */
    default Tensor where(Tensor ifTrue, Tensor ifFalse) {
        Shape shape = Axes.broadcast("where", List.of(type(), ifTrue.type(), ifFalse.type()));
        return new Select().apply(broadcastTo(shape), ifTrue.broadcastTo(shape), ifFalse.broadcastTo(shape));
    }

    /** Within [low, high]; no gradient outside. */
    default Tensor clip(double low, double high) { return clip(like(low), like(high)); }

    default Tensor clip(Tensor low, Tensor high) {
        Shape shape = Axes.broadcast("clip", List.of(type(), low.type(), high.type()));
        return new Clamp().apply(low.broadcastTo(shape), broadcastTo(shape), high.broadcastTo(shape));
    }

    default Tensor isNaN() { return ne(this); }

    default Tensor isFinite() { return abs().lt(Double.POSITIVE_INFINITY); }

    /** The same values in another element type, converted as JAX does. */
    default Tensor astype(DType dtype) { return dtype == dtype() ? this : new Convert(dtype).apply(this); }

    /** The same bits as another element type of the same width; a constant to differentiation. */
    default Tensor bitcast(DType dtype) { return dtype == dtype() ? stopGradient() : new Bitcast(dtype).apply(this); }

    // shape

    /** The same elements in row-major order; one size may be -1 and is computed. */
    default Tensor reshape(int... sizes) { return reshape(Axes.reshaped(this, sizes)); }

    default Tensor reshape(Shape shape) { return shape.equals(shape()) ? this : new Reshape(shape).apply(this); }

    /** Output axis i is input axis {@code axes[i]}; without arguments the order is reversed. */
    default Tensor transpose(int... axes) {
        List<Integer> order = axes.length == 0 ? Lists.each(rank(), i -> rank() - 1 - i) : Axes.normal(this, axes);
        return transpose(order);
    }

    default Tensor transpose(List<Integer> order) {
        return order.equals(Lists.range(0, rank())) ? this : new Transpose(order).apply(this);
    }

    default Tensor swapAxes(int a, int b) {
        int x = Axes.normal(this, a), y = Axes.normal(this, b);
        return transpose(Lists.each(rank(), i -> i == x ? y : i == y ? x : i));
    }

    default Tensor moveAxis(int from, int to) {
        int f = Axes.normal(this, from), t = Axes.normal(this, to);
        List<Integer> order = new ArrayList<>(Lists.range(0, rank()));
        order.remove((Integer) f);
        order.add(t, f);
        return transpose(order);
    }

    /** A new axis of size 1 at {@code axis} of the result. */
    default Tensor expandDims(int axis) {
        int at = axis < 0 ? axis + rank() + 1 : axis;
        if (at < 0 || at > rank())
            throw new ShapeException("expandDims[" + axis + "]", List.of(type()), "the result has no axis " + axis
                    + ShapeException.axes(rank() + 1));
        return reshape(shape().insert(at, 1));
    }

    /** Without the given axes, each of size 1; without arguments, without all axes of size 1. */
    default Tensor squeeze(int... axes) {
        List<Integer> gone = axes.length == 0
                ? Lists.range(0, rank()).stream().filter(a -> shape().size(a) == 1).toList() : Axes.normal(this, axes);
        for (int a : gone)
            if (shape().size(a) != 1)
                throw new ShapeException("squeeze" + gone, List.of(type()), "axis " + a + " has size "
                        + shape().size(a) + ", not 1; only axes of size 1 can be taken away");
        return reshape(shape().without(gone));
    }

    /** Repeated to {@code shape} by NumPy's rules. */
    default Tensor broadcastTo(Shape shape) { return Axes.broadcastTo(this, shape); }

    default Tensor broadcastTo(int... sizes) { return broadcastTo(Shape.of(sizes)); }

    /**
     * Puts this tensor's axes at {@code axes} of {@code shape} and repeats it along the others
     * (lax.broadcast_in_dim).
     */
    default Tensor broadcast(Shape shape, List<Integer> axes) {
        return shape.equals(shape()) ? this : new Broadcast(shape, axes).apply(this);
    }

    /** A new axis 0 of {@code size} copies. */
    default Tensor broadcastLeading(int size) { return broadcast(shape().prepend(size), Lists.range(1, rank())); }

    /** Elements from..to-1 along {@code axis}; negative positions count from the end. */
    default Tensor slice(int axis, int from, int to) { return slice(axis, from, to, 1); }

    /** Every {@code step}-th element of from..to-1 along {@code axis}, as {@code x[from:to:step]}; step is positive. */
    default Tensor slice(int axis, int from, int to, int step) {
        int a = Axes.normal(this, axis), n = shape().size(a);
        int start = Math.clamp(from < 0 ? from + n : from, 0, n), end = Math.clamp(to < 0 ? to + n : to, start, n);
        return new Slice(Lists.each(rank(), i -> i == a ? start : 0),
                Lists.each(rank(), i -> i == a ? end : shape().size(i)),
                Lists.each(rank(), i -> i == a ? step : 1)).apply(this);
    }

    /** {@code x[i]} along {@code axis}, which disappears. */
    default Tensor index(int axis, int i) {
        int a = Axes.normal(this, axis), at = i < 0 ? i + shape().size(a) : i;
        if (at < 0 || at >= shape().size(a))
            throw new ShapeException("index[axis=" + axis + "]", List.of(type()), "there is no element " + i
                    + "; the axis has " + shape().size(a));
        return slice(a, at, at + 1).squeeze(a);
    }

    /** Element i along axis 0. */
    default Tensor index(int i) { return index(0, i); }

    /** Reversed along the given axes; without arguments along all of them. */
    default Tensor flip(int... axes) { return new Reverse(Axes.reduced(this, axes)).apply(this); }

    /**
     * {@code low} and {@code high} more elements of {@code value} at the ends of {@code axis}; negative numbers crop.
     */
    default Tensor pad(int axis, int low, int high, double value) {
        int a = Axes.normal(this, axis);
        List<Integer> none = Lists.each(rank(), _ -> 0);
        return new Pad(Lists.each(rank(), i -> i == a ? low : 0), Lists.each(rank(), i -> i == a ? high : 0), none)
                .apply(this, like(value));
    }

    /** Cut into {@code parts} equal pieces along {@code axis}. */
    default List<Tensor> split(int parts, int axis) {
        int a = Axes.normal(this, axis), n = shape().size(a);
        if (parts < 1 || n % parts != 0)
            throw new ShapeException("split", List.of(type()), "axis " + a + " of size " + n + " has no " + parts
                    + " equal parts; use Arrange.arraySplit, or a divisor");
        return Lists.each(parts, p -> slice(a, p * n / parts, (p + 1) * n / parts));
    }

    /**
     * {@code this[start0 : start0 + sizes0, ...]}, a window at scalar integer positions, moved to fit if it would
     * stick out.
     */
    default Tensor dynamicSlice(List<Tensor> starts, int... sizes) {
        return Op.apply(new DynamicSlice(IntStream.of(sizes).boxed().toList()), Lists.concat(List.of(this), starts))
                .getFirst();
    }

    /** This tensor with {@code update} written at scalar integer positions, moved to fit if it would stick out. */
    default Tensor dynamicUpdateSlice(Tensor update, List<Tensor> starts) {
        return Op.apply(new DynamicUpdateSlice(), Lists.concat(List.of(this, update), starts)).getFirst();
    }

    /** {@code this[indices]} by NumPy's rules; positions out of range read the nearest element. */
    default Tensor index(Index... indices) { return at(indices).get(); }

    /** {@code this[indices]}, to be read or written: {@code x.at(Index.of(i)).add(1)}. */
    default At at(Index... indices) { return At.of(this, List.of(indices)); }

    /** As below, with NaN (for integers, the extreme) for what is out of range, as jnp.take. */
    default Tensor take(Tensor indices, int axis) { return take(indices, axis, OutOfRange.FILL_OR_DROP); }

    /**
     * Rows of axis {@code axis} at integer {@code indices} of any shape, whose axes take its place. Negative indices
     * count from the end, but for CLIP they are the first, as in NumPy.
     */
    default Tensor take(Tensor indices, int axis, OutOfRange rule) {
        return Indexing.take(this, indices, Axes.normal(this, axis), rule);
    }

    /** As below, with NaN (for integers, the extreme) for what is out of range. */
    default Tensor takeAlongAxis(Tensor indices, int axis) {
        return takeAlongAxis(indices, axis, OutOfRange.FILL_OR_DROP);
    }

    /** {@code out[i][j] = this[i][indices[i][j]]} along {@code axis}; the other axes broadcast. */
    default Tensor takeAlongAxis(Tensor indices, int axis, OutOfRange rule) {
        return Indexing.takeAlong(this, indices, Axes.normal(this, axis), rule);
    }

    /** This tensor after {@code out[i][indices[i][j]] = values[i][j]} along {@code axis}, the last writing winning. */
    default Tensor putAlongAxis(Tensor indices, Tensor values, int axis) {
        return Indexing.putAlong(this, indices, values, Axes.normal(this, axis), OutOfRange.FILL_OR_DROP);
    }

    // reductions: without axes over all of them

    default Tensor sum(int... axes) { return sum(Axes.reduced(this, axes)); }
    default Tensor sum(List<Integer> axes) { return axes.isEmpty() ? this : new ReduceSum(axes).apply(this); }
    default Tensor prod(int... axes) { return new ReduceProd(Axes.reduced(this, axes)).apply(this); }
    /** NaN if any is NaN; equal maxima share the gradient. */
    default Tensor max(int... axes) { return new ReduceMax(Axes.reduced(this, axes)).apply(this); }
    default Tensor min(int... axes) { return new ReduceMin(Axes.reduced(this, axes)).apply(this); }
    default Tensor any(int... axes) { return new ReduceMax(Axes.reduced(this, axes)).apply(ne(0)); }
    default Tensor all(int... axes) { return new ReduceMin(Axes.reduced(this, axes)).apply(ne(0)); }

    default Tensor mean(int... axes) {
        List<Integer> gone = Axes.reduced(this, axes);
        return sum(gone).div(shape().select(gone).elements());
    }

    /** The mean squared distance from the mean (ddof = 0). */
    default Tensor var(int... axes) { return sub(keep(mean(axes), axes)).square().mean(axes); }

    default Tensor std(int... axes) { return var(axes).sqrt(); }

    /**
     * {@code reduced}, a reduction of this tensor over {@code axes}, with those axes back as size 1 (keepdims=True).
     */
    default Tensor keep(Tensor reduced, int... axes) {
        List<Integer> gone = Axes.reduced(this, axes);
        return reduced.reshape(new Shape(Lists.each(rank(), a -> gone.contains(a) ? 1 : shape().size(a))));
    }

    /** The position of the first largest element along {@code axis}, i32; NaN counts as largest. */
    default Tensor argMax(int axis) { return new ArgExtreme(Axes.normal(this, axis), true, DType.I32).apply(this); }

    default Tensor argMin(int axis) { return new ArgExtreme(Axes.normal(this, axis), false, DType.I32).apply(this); }

    // along an axis, in order

    /** Ascending along {@code axis}; stable, -0 equal to 0, NaN last. */
    default Tensor sort(int axis) { return Op.apply(new Sort(Axes.normal(this, axis), 1), List.of(this)).getFirst(); }

    /** The positions of the elements along {@code axis} in ascending order, i32. */
    default Tensor argsort(int axis) {
        int a = Axes.normal(this, axis);
        List<Tensor> places = Op.apply(new Iota(type().withDType(DType.I32), a), List.of());
        return Op.apply(new Sort(a, 1), Lists.concat(List.of(this), places)).getLast();
    }

    /** {@code out[i] = x[0] + ... + x[i]} along {@code axis}. */
    default Tensor cumsum(int axis) { return new CumSum(Axes.normal(this, axis), false).apply(this); }
    default Tensor cumprod(int axis) { return new CumProd(Axes.normal(this, axis), false).apply(this); }
    /** The largest so far; NaN from the first NaN on. */
    default Tensor cummax(int axis) { return new CumMax(Axes.normal(this, axis), false).apply(this); }
    default Tensor cummin(int axis) { return new CumMin(Axes.normal(this, axis), false).apply(this); }
    /** {@code log(exp(x[0]) + ... + exp(x[i]))} */
    default Tensor cumLogSumExp(int axis) { return new CumLogSumExp(Axes.normal(this, axis), false).apply(this); }

    // products

    /**
     * NumPy's matmul: {@code [..., m, k] x [..., k, n] -> [..., m, n]}, leading axes broadcast; rank-1 operands lose
     * their axis.
     */
    default Tensor matmul(Tensor that) { return Axes.matmul(this, that); }

    /** The sum of products of two vectors. */
    default Tensor dot(Tensor that) { return matmul(that); }

    /** {@code out[i, j] = this[i] that[j]} */
    default Tensor outer(Tensor that) { return expandDims(1).mul(that.expandDims(0)); }

    /** This value as a constant: its derivative is taken to be zero. */
    default Tensor stopGradient() { return new StopGradient().apply(this); }
}
