package javelin;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Discrete Fourier transforms with the meaning of jnp.fft: {@code n} crops the axis or fills it with zeros, {@code
 * norm} says which direction divides. Real input is {@link Complex#of(Tensor)}, or half of the work by {@link #rfft}.
 * Any length takes O(n log n). Throws {@link ShapeException} for lengths below 1 and axes that are not there.
 */
public final class Fft {
    private Fft() {}

    /** Which direction divides by the number of elements; ORTHO divides both by its root. */
    public enum Norm {
        BACKWARD, ORTHO, FORWARD;

        private double scale(boolean inverse, int n) {
            return this == ORTHO ? 1 / Math.sqrt(n) : this == BACKWARD == inverse ? 1.0 / n : 1;
        }
    }

    // along one axis

    public static Complex fft(Complex x) { return fft(x, -1); }

    public static Complex fft(Complex x, int axis) { return fft(x, x.size(axis), axis, Norm.BACKWARD); }

    public static Complex fft(Complex x, int n, int axis, Norm norm) { return along(false, x, n, axis, norm); }

    public static Complex ifft(Complex x) { return ifft(x, -1); }

    public static Complex ifft(Complex x, int axis) { return ifft(x, x.size(axis), axis, Norm.BACKWARD); }

    public static Complex ifft(Complex x, int n, int axis, Norm norm) { return along(true, x, n, axis, norm); }

    /** The first n / 2 + 1 coefficients of real numbers: the others are conjugates of these. */
    public static Complex rfft(Tensor x) { return rfft(x, x.size(-1), -1, Norm.BACKWARD); }

    public static Complex rfft(Tensor x, int n, int axis, Norm norm) {
        Complex last = halfOf(fitted(x, n, axis).moveAxis(axis, -1)).moveAxis(-1, axis);
        return scaled(last, norm.scale(false, n));
    }

    /** The 2 (m - 1) real numbers that have the m coefficients {@code x} and their conjugates. */
    public static Tensor irfft(Complex x) { return irfft(x, 2 * (x.size(-1) - 1), -1, Norm.BACKWARD); }

    /** As above, {@code n} real numbers, from n / 2 + 1 coefficients; imaginary parts that cannot be count as 0. */
    public static Tensor irfft(Complex x, int n, int axis, Norm norm) {
        Complex half = x.each(t -> fitted(t, n < 1 ? n : n / 2 + 1, axis).moveAxis(axis, -1));
        return wholeOf(half, n).moveAxis(-1, axis).mul(norm.scale(true, n));
    }

    /** {@code n} real coefficients of numbers with {@code x[-j] = conj x[j]}, of which half is given. */
    public static Tensor hfft(Complex x, int n, int axis, Norm norm) {
        return irfft(x.conj(), n, axis, norm).mul(norm.scale(false, n) / norm.scale(true, n));
    }

    /** The inverse of {@link #hfft}. */
    public static Complex ihfft(Tensor x, int n, int axis, Norm norm) {
        return rfft(x, n, axis, norm).conj().mul(norm.scale(true, n) / norm.scale(false, n));
    }

    // along several

    public static Complex fft2(Complex x) { return fftn(x, List.of(-2, -1)); }

    public static Complex ifft2(Complex x) { return ifftn(x, List.of(-2, -1)); }

    public static Complex rfft2(Tensor x) { return rfftn(x, List.of(-2, -1)); }

    public static Tensor irfft2(Complex x) { return irfftn(x, List.of(-2, -1)); }

    public static Complex fftn(Complex x) { return fftn(x, Lists.range(0, x.rank())); }

    public static Complex fftn(Complex x, List<Integer> axes) {
        return fftn(x, Lists.map(axes, x::size), axes, Norm.BACKWARD);
    }

    /** @param sizes of the transformed axes */
    public static Complex fftn(Complex x, List<Integer> sizes, List<Integer> axes, Norm norm) {
        return all(false, x, sizes, axes, norm);
    }

    public static Complex ifftn(Complex x) { return ifftn(x, Lists.range(0, x.rank())); }

    public static Complex ifftn(Complex x, List<Integer> axes) {
        return ifftn(x, Lists.map(axes, x::size), axes, Norm.BACKWARD);
    }

    public static Complex ifftn(Complex x, List<Integer> sizes, List<Integer> axes, Norm norm) {
        return all(true, x, sizes, axes, norm);
    }

    public static Complex rfftn(Tensor x) { return rfftn(x, Lists.range(0, x.rank())); }

    /** The last of the axes keeps half. */
    public static Complex rfftn(Tensor x, List<Integer> axes) {
        return rfftn(x, Lists.map(axes, x::size), axes, Norm.BACKWARD);
    }

    public static Complex rfftn(Tensor x, List<Integer> sizes, List<Integer> axes, Norm norm) {
        int last = axes.size() - 1;
        paired("rfftn", x, sizes, axes, 1);
        Complex half = rfft(x, sizes.get(last), axes.get(last), norm);
        return all(false, half, sizes.subList(0, last), axes.subList(0, last), norm);
    }

    public static Tensor irfftn(Complex x) { return irfftn(x, Lists.range(0, x.rank())); }

    /** The last of the axes is the one of which there is half. */
    public static Tensor irfftn(Complex x, List<Integer> axes) {
        List<Integer> sizes = Lists.each(axes.size(), i ->
                i < axes.size() - 1 ? x.size(axes.get(i)) : 2 * (x.size(axes.get(i)) - 1));
        return irfftn(x, sizes, axes, Norm.BACKWARD);
    }

    public static Tensor irfftn(Complex x, List<Integer> sizes, List<Integer> axes, Norm norm) {
        int last = axes.size() - 1;
        paired("irfftn", x.re(), sizes, axes, 1);
        Complex others = all(true, x, sizes.subList(0, last), axes.subList(0, last), norm);
        return irfft(others, sizes.get(last), axes.get(last), norm);
    }

    // frequencies, and what transforms are for

    /** The frequency of every coefficient of {@link #fft}, {@code spacing} being that of the samples. */
    public static Tensor fftfreq(int n, double spacing, DType dtype) {
        return filled(dtype, n, k -> (k < (n + 1) / 2 ? k : k - n) / (n * spacing));
    }

    public static Tensor rfftfreq(int n, double spacing, DType dtype) {
        return filled(dtype, n / 2 + 1, k -> k / (n * spacing));
    }

    /** Frequency 0 moved to the middle of the axes, or of all of them. */
    public static Tensor fftshift(Tensor x, int... axes) { return shifted(x, axes, false); }

    public static Complex fftshift(Complex x, int... axes) { return x.each(t -> fftshift(t, axes)); }

    /** The inverse of {@link #fftshift}. */
    public static Tensor ifftshift(Tensor x, int... axes) { return shifted(x, axes, true); }

    public static Complex ifftshift(Complex x, int... axes) { return x.each(t -> ifftshift(t, axes)); }

    /** All sums of products {@code x[j] y[k - j]} along the last axis (jax.scipy.signal.fftconvolve, mode full). */
    public static Tensor fftconvolve(Tensor x, Tensor y) {
        int n = x.size(-1) + y.size(-1) - 1, whole = Integer.highestOneBit(Math.max(1, 2 * n - 1));
        Complex product = rfft(x, whole, -1, Norm.BACKWARD).mul(rfft(y, whole, -1, Norm.BACKWARD));
        return irfft(product, whole, -1, Norm.BACKWARD).slice(-1, 0, n);
    }

    // how

    private static Complex along(boolean inverse, Complex x, int n, int axis, Norm norm) {
        Complex last = x.each(t -> fitted(t, n, axis).moveAxis(axis, -1));
        return scaled(transformed(inverse, last).moveAxis(-1, axis), norm.scale(inverse, n));
    }

    private static Complex all(boolean inverse, Complex x, List<Integer> sizes, List<Integer> axes, Norm norm) {
        paired(inverse ? "ifftn" : "fftn", x.re(), sizes, axes, 0);
        for (int i = axes.size() - 1; i >= 0; i--) x = along(inverse, x, sizes.get(i), axes.get(i), norm);
        return x;
    }

    /** Throws unless there is a size for each axis, and so many axes at least. */
    private static void paired(String what, Tensor x, List<Integer> sizes, List<Integer> axes, int least) {
        if (sizes.size() != axes.size() || axes.size() < least) throw new ShapeException(what, List.of(x.type()),
                "needs axes and a size for each, but the sizes are " + sizes + " and the axes " + axes);
    }

    private static Complex transformed(boolean inverse, Complex x) {
        List<Tensor> out = Op.apply(new javelin.core.ops.Fft(inverse), List.of(x.re(), x.im()));
        return new Complex(out.get(0), out.get(1));
    }

    private static Complex scaled(Complex x, double by) { return by == 1 ? x : x.mul(by); }

    /** {@code n} elements along the axis: the first ones, or all and zeros. */
    private static Tensor fitted(Tensor x, int n, int axis) {
        int size = x.size(axis);
        if (n < 1) throw new ShapeException("fft", List.of(x.type()), "axis " + axis + " is to have " + n
                + " elements; a transform needs one at least");
        return n == size ? x : n < size ? x.slice(axis, 0, n) : x.pad(axis, 0, n - size, 0);
    }

    private static Tensor shifted(Tensor x, int[] axes, boolean back) {
        for (int axis : axes.length == 0 ? IntStream.range(0, x.rank()).toArray() : axes) {
            int half = x.size(axis) / 2;
            x = Arrange.roll(x, back ? -half : half, axis);
        }
        return x;
    }

    private static Array filled(DType dtype, int n, DoubleUnaryOperator f) {
        return Array.of(TensorType.of(dtype, n), IntStream.range(0, n).mapToDouble(f::applyAsDouble).toArray());
    }

    // real numbers: two neighbours are one complex number, so half the length does (Numerical Recipes, section 12.3)

    /** {@code exp(-2 pi i k / n)} for k up to {@code count - 1}. */
    private static Complex roots(DType dtype, int n, int count) {
        return new Complex(filled(dtype, count, k -> javelin.core.ops.Fft.cos((long) k, n)),
                filled(dtype, count, k -> -javelin.core.ops.Fft.sin((long) k, n)));
    }

    private static Complex halfOf(Tensor x) {
        int n = x.size(-1), h = n / 2;
        if (n % 2 != 0) return transformed(false, Complex.of(x)).slice(-1, 0, h + 1);
        Complex z = transformed(false, new Complex(x.slice(-1, 0, n, 2), x.slice(-1, 1, n, 2)));
        Complex on = Complex.concatenate(List.of(z, z.slice(-1, 0, 1)), -1), back = on.flip(-1).conj();
        Complex even = on.add(back).mul(0.5), odd = on.sub(back).mul(-0.5).timesI();
        return even.add(odd.mul(roots(x.dtype(), n, h + 1)));
    }

    /** {@link #halfOf} backwards, not divided. */
    private static Tensor wholeOf(Complex x, int n) {
        int h = n / 2;
        Tensor place = Tensors.arange(h + 1, DType.I32), real = place.eq(0).or(place.mul(2).eq(n));
        Complex half = new Complex(x.re(), real.where(x.im().like(0), x.im())), back = half.flip(-1).conj();
        if (n % 2 != 0) {
            Complex all = Complex.concatenate(List.of(half, back.slice(-1, 0, h)), -1);
            return transformed(true, all).re();
        }
        Complex even = half.add(back).slice(-1, 0, h), odd = half.sub(back).slice(-1, 0, h);
        Complex z = transformed(true, even.add(odd.mul(roots(x.dtype(), n, h).conj()).timesI()));
        Shape shape = new Shape(Lists.concat(x.shape().sizes().subList(0, x.rank() - 1), List.of(n)));
        return Tensors.stack(List.of(z.re(), z.im()), -1).reshape(shape);
    }
}
