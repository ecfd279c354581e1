package javelin;

import java.util.List;
import javelin.core.OutOfRange;
import javelin.core.ShapeException;
import javelin.core.Tensor;

/** NumPy's differences, sums and lines between samples of a function. */
public final class Calculus {
    private Calculus() {}

    /** Each element along {@code axis} less the one before, {@code n} times over: the axis is shorter by n. */
    public static Tensor diff(Tensor x, int n, int axis) {
        Tensor d = x;
        for (int i = 0; i < n; i++) {
            int size = d.size(axis);
            d = d.slice(axis, Math.min(1, size), size).sub(d.slice(axis, 0, Math.max(0, size - 1)));
        }
        return d;
    }

    /**
     * Central differences along {@code axis} over {@code 2 step}, one-sided at the ends; axes of two elements or
     * more.
     */
    public static Tensor gradient(Tensor y, double step, int axis) {
        int n = y.size(axis);
        if (n < 2)
            throw new ShapeException("gradient", List.of(y.type()), "axis " + axis + " has fewer than two elements");
        Tensor d = diff(y, 1, axis), inner = d.slice(axis, 0, n - 2).add(d.slice(axis, 1, n - 1)).mul(0.5);
        return Tensors.concatenate(List.of(d.slice(axis, 0, 1), inner, d.slice(axis, n - 2, n - 1)), axis).div(step);
    }

    /** The integral along {@code axis} of lines between samples that are {@code step} apart. */
    public static Tensor trapezoid(Tensor y, double step, int axis) { return middles(y, axis).mul(step).sum(axis); }

    /** The integral of lines between samples at {@code x}, which has y's shape. */
    public static Tensor trapezoid(Tensor y, Tensor x, int axis) {
        return middles(y, axis).mul(diff(x, 1, axis)).sum(axis);
    }

    private static Tensor middles(Tensor y, int axis) {
        int n = y.size(axis);
        return y.slice(axis, Math.min(1, n), n).add(y.slice(axis, 0, Math.max(0, n - 1))).mul(0.5);
    }

    /**
     * The lines through the points {@code (xs, ys)}, xs ascending, at {@code x}; beyond them the values at the ends.
     */
    public static Tensor interp(Tensor x, Tensor xs, Tensor ys) {
        int n = xs.size(0);
        Tensor right = Sorting.searchSorted(xs, x, Sorting.Side.RIGHT).clip(1, Math.max(1, n - 1)), left = right.sub(1);
        Tensor x0 = at(xs, left), y0 = at(ys, left), width = at(xs, right).sub(x0), flat = width.eq(0);
        Tensor share = flat.where(x.like(0), x.sub(x0).div(flat.where(x.like(1), width)));
        Tensor between = y0.add(share.mul(at(ys, right).sub(y0)));
        return x.lt(xs.index(0)).where(ys.index(0), x.gt(xs.index(n - 1)).where(ys.index(n - 1), between));
    }

    private static Tensor at(Tensor vector, Tensor positions) { return vector.take(positions, 0, OutOfRange.CLIP); }
}
