package javelin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import javelin.check.Vectors;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.Draws;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FftTest {
    private static Array random(int seed, DType dtype, int... sizes) {
        return Draws.range(-1, 1).array(TensorType.of(dtype, sizes), Vectors.random(seed));
    }

    private static Complex complex(int seed, DType dtype, int... sizes) {
        return new Complex(random(seed, dtype, sizes), random(seed + 1, dtype, sizes));
    }

    /** The sum as it is defined, in f64. */
    private static double[][] direct(double[] re, double[] im, boolean inverse) {
        int n = re.length;
        double[][] y = new double[2][n];
        double[] cos = IntStream.range(0, n).mapToDouble(i -> Math.cos(2 * Math.PI * i / n)).toArray();
        double[] sin = IntStream.range(0, n).mapToDouble(i -> Math.sin((inverse ? 2 : -2) * Math.PI * i / n)).toArray();
        for (int k = 0; k < n; k++) for (int j = 0; j < n; j++) {
            int at = (int) ((long) j * k % n);
            y[0][k] += re[j] * cos[at] - im[j] * sin[at];
            y[1][k] += re[j] * sin[at] + im[j] * cos[at];
        }
        return y;
    }

    private static double norm(double[]... parts) {
        double sum = 0;
        for (double[] p : parts) for (double x : p) sum += x * x;
        return Math.sqrt(sum);
    }

    private static double[] minus(double[] a, double[] b) {
        double[] c = a.clone();
        for (int i = 0; i < c.length; i++) c[i] -= b[i];
        return c;
    }

    private static void near(Tensor expected, Tensor found) { near(expected, found, 1e-12); }

    private static void near(Tensor expected, Tensor found, double tolerance) {
        assertEquals(expected.type(), found.type());
        double[] e = expected.array().toDoubles(), f = found.array().toDoubles();
        double scale = 1;
        for (double x : e) scale = Math.max(scale, Math.abs(x));
        for (int i = 0; i < e.length; i++) assertEquals(e[i], f[i], tolerance * scale, "element " + i);
    }

    private static void near(Complex expected, Complex found) {
        near(expected.re(), found.re());
        near(expected.im(), found.im());
    }

    /** The error of the whole, relative, grows with log n (Higham, Accuracy and Stability, theorem 24.2). */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 8, 12, 13, 16, 30, 31, 97, 100, 128, 1000, 1009, 1024, 1331, 2018, 4096})
    void valuesAreThoseOfTheSum(int n) {
        for (DType t : List.of(DType.F64, DType.F32)) for (boolean inverse : new boolean[] {false, true}) {
            Complex x = complex(n, t, n);
            double[][] expected = direct(x.re().array().toDoubles(), x.im().array().toDoubles(), inverse);
            Complex y = inverse ? Fft.ifft(x, n, -1, Fft.Norm.FORWARD) : Fft.fft(x);
            double error = norm(minus(expected[0], y.re().array().toDoubles()),
                    minus(expected[1], y.im().array().toDoubles()));
            double eps = Math.scalb(1.0, -t.fractionBits());
            // the sum itself, in f64, is off by a few eps of its own for every factor of log n and its angles
            assertTrue(error <= 4 * eps * (1 + Math.log(n)) * norm(expected), "off by " + error + " for " + t);
        }
    }

    @Property(tries = 60, seed = "20261123", generation = GenerationMode.RANDOMIZED)
    void thereAndBackIsWhatItWas(@ForAll @IntRange(min = 1, max = 60) int n,
            @ForAll @IntRange(min = 1, max = 4) int rows, @ForAll Fft.Norm norm) {
        Complex x = complex(n, DType.F64, rows, n, 2);
        near(x, Fft.ifft(Fft.fft(x, n, 1, norm), n, 1, norm));
        near(x, Fft.ifftn(Fft.fftn(x)));
        Tensor real = random(7 * n, DType.F64, rows, n, 2);
        near(real, Fft.irfft(Fft.rfft(real, n, 1, norm), n, 1, norm));
        List<Integer> sizes = List.of(rows, n), axes = List.of(0, 1);
        near(real, Fft.irfftn(Fft.rfftn(real, sizes, axes, norm), sizes, axes, norm));
        near(real, Fft.hfft(Fft.ihfft(real, n, 1, norm), n, 1, norm));
    }

    @ParameterizedTest @ValueSource(ints = {1, 2, 3, 4, 5, 6, 8, 9, 12, 30})
    void halfIsTheFirstHalfOfTheWhole(int n) {
        Tensor x = random(n, DType.F64, 3, n);
        near(Fft.fft(Complex.of(x)).slice(-1, 0, n / 2 + 1), Fft.rfft(x));
        Complex half = complex(n, DType.F64, 3, n / 2 + 1), back = half.conj().flip(-1);
        Complex all = Complex.concatenate(List.of(half, back.slice(-1, n % 2 == 0 ? 1 : 0, n / 2)), -1);
        double[] keep = new double[n / 2 + 1];                           // the parts that count
        for (int k = 0; k < keep.length; k++) keep[k] = k == 0 || 2 * k == n ? 0 : 1;
        Tensor im = Tensors.concatenate(List.of(half.im().mul(Array.f64(keep)), all.im().slice(-1, n / 2 + 1, n)), -1);
        near(Fft.ifft(new Complex(all.re(), im)).re(), Fft.irfft(half, n, -1, Fft.Norm.BACKWARD));
    }

    @ParameterizedTest @EnumSource
    void lengthsCropAndFill(Fft.Norm norm) {
        Complex x = complex(3, DType.F64, 5, 4);
        near(Fft.fft(x.slice(0, 0, 3), 3, 0, norm), Fft.fft(x, 3, 0, norm));
        Complex filled = x.each(t -> t.pad(0, 0, 3, 0));
        near(Fft.ifft(filled, 8, 0, norm), Fft.ifft(x, 8, 0, norm));
        near(Fft.fft(Fft.fft(x, 6, 1, norm), 3, 0, norm), Fft.fftn(x, List.of(3, 6), List.of(0, 1), norm));
        near(Fft.fft2(x), Fft.fftn(x));
        near(Fft.ifft2(x), Fft.ifftn(x));
        near(Fft.rfft2(x.re()), Fft.fft2(Complex.of(x.re())).slice(1, 0, 3));
        near(x.re(), Fft.irfft2(Fft.rfft2(x.re())));
    }

    /** {@code sum of |y|^2 = n sum of |x|^2}, so the gradient of the left is 2 n x. */
    @ParameterizedTest @ValueSource(ints = {1, 4, 7, 12})
    void gradientsArePlancherels(int n) {
        Complex x = complex(n, DType.F64, 2, n);
        Function<Complex, Tensor> power = z -> Fft.fft(z).squaredAbs().sum();
        near(x.mul(2 * n), Transforms.grad(power).apply(x));
        near(x.mul(2 * n), Transforms.jit(Transforms.grad(power)).apply(x));
        near(x.mul(4.0 * n), Transforms.grad((Complex z) -> {
            Complex g = Transforms.grad(power).apply(z);
            return g.re().mul(z.re()).add(g.im().mul(z.im())).sum();
        }).apply(x));
        Tensor real = x.re();
        near(real.mul(2 * n), Transforms.grad((Tensor r) -> Fft.fft(Complex.of(r)).squaredAbs().sum()).apply(real));
    }

    @Test void gradientsOfHalvesAreThoseOfWholes() {
        for (int n : new int[] {1, 2, 5, 6}) {
            Tensor x = random(n, DType.F64, n), w = random(n + 9, DType.F64, n / 2 + 1);
            Function<Tensor, Complex> first = r -> Fft.fft(Complex.of(r)).slice(-1, 0, n / 2 + 1);
            near(Transforms.grad((Tensor r) -> first.apply(r).squaredAbs().mul(w).sum()).apply(x),
                    Transforms.grad((Tensor r) -> Fft.rfft(r).squaredAbs().mul(w).sum()).apply(x));
            Complex half = complex(n, DType.F64, n / 2 + 1);
            Debug.checkGrads((Complex z) -> Fft.irfft(z, n, -1, Fft.Norm.ORTHO).pow(3).sum(), half, 2);
        }
    }

    @Test void mappedIsALoop() {
        Complex x = complex(1, DType.F64, 3, 6);
        Function<Complex, Complex> f = z -> Fft.fft(z, 5, -1, Fft.Norm.ORTHO);
        near(f.apply(x), Transforms.vmap(f).apply(x));
        near(f.apply(x), Transforms.jit(Transforms.vmap(f)).apply(x));
    }

    /** Values of numpy.fft. */
    @Test void frequencies() {
        near(Array.f64(0, 0.5, 1, -1, -0.5), Fft.fftfreq(5, 0.4, DType.F64));
        near(Array.f64(0, 0.25, -0.5, -0.25), Fft.fftfreq(4, 1, DType.F64));
        near(Array.f64(0, 0.25, 0.5), Fft.rfftfreq(4, 1, DType.F64));
        near(Array.f64(0, 0.2, 0.4), Fft.rfftfreq(5, 1, DType.F64));
        near(Array.f64(-2, -1, 0, 1, 2), Fft.fftshift(Array.f64(0, 1, 2, -2, -1)));
        near(Array.f64(0, 1, 2, -2, -1), Fft.ifftshift(Array.f64(-2, -1, 0, 1, 2)));
        Complex x = complex(2, DType.F64, 3, 4);
        near(x, Fft.ifftshift(Fft.fftshift(x)));
        near(Fft.fftshift(x.re(), 1), Tensors.stack(Lists.map(Tensors.unstack(x.re(), 0), Fft::fftshift), 0));
    }

    @Test void convolutionsAreSumsOfProducts() {
        near(Array.f64(4, 13, 28, 27, 18), Fft.fftconvolve(Array.f64(1, 2, 3), Array.f64(4, 5, 6)));
        near(Array.f64(3, 6), Fft.fftconvolve(Array.f64(1, 2), Array.f64(3)));
    }

    @Test void whatCannotBeTransformedIsRefused() {
        Complex x = complex(1, DType.F64, 2, 3);
        assertTrue(assertThrows(ShapeException.class, () -> Fft.fft(x, 0, -1, Fft.Norm.BACKWARD)).getMessage()
                .contains("a transform needs one at least"));
        assertThrows(ShapeException.class, () -> Fft.fft(x, 2));
        assertThrows(ShapeException.class, () -> Fft.fft(Complex.scalar(1, 0, DType.F32)));
        assertThrows(ShapeException.class, () -> Fft.fftn(x, List.of(1), List.of(0, 1), Fft.Norm.ORTHO));
        assertThrows(ShapeException.class, () -> Fft.irfft(x, 0, -1, Fft.Norm.BACKWARD));
        assertThrows(ShapeException.class, () -> Fft.rfftn(x.re(), List.of()));
    }
}
