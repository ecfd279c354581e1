package javelin.core.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.ShapeException;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * A window sliding along one axis, as XLA describes it: element k of window o is at {@code o stride + k dilation -
 * low} of the axis after its elements have been moved {@code baseDilation} apart. What lies between and beyond them is
 * padding.
 *
 * @param size         elements of the window
 * @param stride       from one window to the next
 * @param low          padding before the first element; negative: elements cut off
 * @param high         padding after the last
 * @param baseDilation distance of neighbours on the axis
 * @param dilation     distance of neighbours in the window
 */
public record Window(int size, int stride, int low, int high, int baseDilation, int dilation) {
    /** Every element alone. */
    public static final Window SINGLE = new Window(1, 1, 0, 0, 1, 1);

    /** Positions a window covers, gaps included. */
    public int span() { return Math.max(0, (size - 1) * dilation + 1); }

    /** Positions that {@code n} elements take, gaps included. */
    public int dilated(int n) { return Math.max(0, (n - 1) * baseDilation + 1); }

    /** Windows that fit on an axis of {@code n} elements. */
    public int outputs(int n) {
        int room = low + dilated(n) + high - span();
        return room < 0 ? 0 : room / stride + 1;
    }

    /** The window by which every one of {@code n} elements meets the windows that cover it, last element first. */
    Window transposed(int n) {
        int before = span() - 1 - low, spread = spread(n);
        return new Window(size, baseDilation, before, dilated(n) + span() - 1 - spread - before, stride, dilation);
    }

    /** The window whose elements are this one's places, and whose places are this one's elements. */
    Window exchanged(int n) {
        return new Window(outputs(n), dilation, low, spread(n) - dilated(n) + span() - low - 1, baseDilation, stride);
    }

    private int spread(int n) { return Math.max(0, (outputs(n) - 1) * stride + 1); }

    static List<Window> batched(List<Window> windows) { return Lists.concat(List.of(SINGLE), windows); }

    static List<Window> transposed(List<Window> windows, Shape x) {
        return Lists.each(windows.size(), a -> windows.get(a).transposed(x.size(a)));
    }

    /** Elements of a window of all these axes. */
    static int elements(List<Window> windows) {
        return windows.stream().mapToInt(Window::size).reduce(1, (a, b) -> a * b);
    }

    /** The shape of the windows of an input with one window for each axis. */
    static Shape outputs(Op op, List<TensorType> in, List<Window> windows) {
        Shape x = in.getFirst().shape();
        if (windows.size() != x.rank())
            throw new ShapeException(op, in, "there are " + windows.size() + " windows for " + x.rank()
                    + " axes; every axis needs one, of size 1 if it is left alone");
        windows.forEach(w -> w.check(op, in));
        return new Shape(Lists.each(x.rank(), a -> windows.get(a).outputs(x.size(a))));
    }

    void check(Op op, List<TensorType> in) {
        if (size < 1 || stride < 1 || baseDilation < 1 || dilation < 1)
            throw new ShapeException(op, in, this + " is no window; size, stride and dilations must be at least 1");
    }

    /**
     * Where an element of a window is, moved into the axes, and when it need not have been: always, if that is empty.
     */
    record Place(List<Scalar> at, Optional<Scalar> inside) {
        private static final Scalar NEVER = Scalar.of(0, DType.BOOL);

        /** {@code value}, which may read at this place, or {@code padding}. */
        Scalar select(Scalar value, Number padding) {
            Scalar otherwise = Scalar.of(padding, value.type());
            return inside.map(i -> i == NEVER ? otherwise : Scalar.select(i, value, otherwise)).orElse(value);
        }
    }

    /** Element {@code element(a)} of window {@code output(a)} along every axis a of size {@code sizes}. */
    static Place place(List<Window> windows, List<Integer> sizes, IntFunction<Scalar> output,
            IntFunction<Scalar> element) {
        List<Scalar> tests = new ArrayList<>();
        List<Scalar> at = Lists.each(windows.size(), a -> windows.get(a)
                .place(sizes.get(a), output.apply(a), element.apply(a), tests));
        return new Place(at, sizes.contains(0) ? Optional.of(Place.NEVER) : all(tests));
    }

    static Optional<Scalar> all(List<Scalar> tests) {
        return tests.stream().reduce((p, q) -> Scalar.apply(Fn.AND, p, q));
    }

    private Scalar place(int n, Scalar output, Scalar element, List<Scalar> tests) {
        if (equals(SINGLE)) return output;
        Scalar at = output.times(stride).plus(element.times(dilation)).plus(-low), safe = at;
        if (low > 0) {
            tests.add(Scalar.apply(Fn.GE, at, Scalar.index(0)));
            safe = Scalar.apply(Fn.MAX, safe, Scalar.index(0));
        }
        if ((outputs(n) - 1) * stride + span() - low > dilated(n)) {
            tests.add(Scalar.apply(Fn.LT, at, Scalar.index(dilated(n))));
            safe = Scalar.apply(Fn.MIN, safe, Scalar.index(dilated(n) - 1));
        }
        if (baseDilation == 1) return safe;
        tests.add(isMultiple(at, baseDilation));
        return Scalar.apply(Fn.DIV, safe, Scalar.index(baseDilation));
    }

    static Scalar isMultiple(Scalar x, int of) {
        return Scalar.apply(Fn.EQ, Scalar.apply(Fn.REM, x, Scalar.index(of)), Scalar.index(0));
    }

    /** The element along {@code axis} of the element of that number, row-major, of all axes' windows. */
    static Scalar element(List<Window> windows, int axis, Scalar number) {
        int inner = elements(windows.subList(axis + 1, windows.size())), size = windows.get(axis).size();
        if (size == 1) return Scalar.index(0);
        Scalar rest = inner == 1 ? number : Scalar.apply(Fn.DIV, number, Scalar.index(inner));
        return size * inner == elements(windows) ? rest : Scalar.apply(Fn.REM, rest, Scalar.index(size));
    }

    @Override public String toString() {
        return size + "/" + stride + (low == 0 && high == 0 ? "" : " pad " + low + "_" + high)
                + (baseDilation == 1 ? "" : " base " + baseDilation) + (dilation == 1 ? "" : " dilation " + dilation);
    }
}
