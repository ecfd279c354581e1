package javelin.core.ops;

import java.util.List;
import java.util.stream.IntStream;
import javelin.core.Batched;
import javelin.core.Dual;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Routine;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * The discrete Fourier transform along the last axis, {@code y[k] = sum over j of x[j] exp(-+2 pi i j k / n)} with the
 * plus sign if {@code inverse}, not divided by anything. Inputs and outputs are real and imaginary parts.
 */
public record Fft(boolean inverse) implements LinearOp {
    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        TensorType re = in.getFirst();
        if (!re.equals(in.get(1)))
            throw new ShapeException(this, in,
                    "real and imaginary parts differ in type; broadcast or convert one of them");
        if (re.rank() == 0)
            throw new ShapeException(this, in, "a scalar has no axis to transform along; give it one with expandDims");
        if (re.dtype() != DType.F32 && re.dtype() != DType.F64)
            throw new ShapeException(this, in, "is for f32 and f64; convert with astype");
        return in;
    }

    @Override public List<Dual> jvp(List<Dual> in) {
        List<Tensor> out = Op.apply(this, Lists.map(in, Dual::primal));
        List<Tensor> tangents = Op.apply(this, Lists.map(in, Dual::tangentOrZero));
        return Lists.each(2, i -> Dual.of(out.get(i), tangents.get(i)));
    }

    /** The matrix of {@code cos + i sin} is symmetric, so as one of real blocks it has its conjugate for transpose. */
    @Override public List<Tensor> transpose(List<Operand> in, List<Tensor> cotangents) {
        return Lists.where(Op.apply(new Fft(!inverse), cotangents), Lists.map(in, Operand::isLinear), true);
    }

    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        return Lists.map(Op.apply(this, Lists.map(in, b -> b.spread(size))), Batched::mapped);
    }

    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.getFirst();
        return new Lowering.Library(new OfLines(x.dtype(), Lines.of(x.shape(), x.rank() - 1), inverse));
    }

    @Override public String toString() { return inverse ? "fft[inverse]" : "fft"; }

    /**
     * Line by line, in f64, by decimation in time for every prime factor of the length (Cooley and Tukey, 1965): as
     * many steps for an element as the sum of these factors.
     */
    public record OfLines(DType type, Lines lines, boolean inverse) implements Routine {
        @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
            int n = lines.length();
            double[] cos = IntStream.range(0, n).mapToDouble(i -> cos(i, n)).toArray();
            double[] sin = IntStream.range(0, n).mapToDouble(i -> sin(i, n)).toArray();
            for (int line = 0, at = 0; line < lines.outer(); line++, at += n) {
                double[][] x = new double[2][n];
                // the inverse is the transform with real and imaginary parts exchanged, before and after
                for (int part = 0; part < 2; part++) for (int i = 0; i < n; i++)
                    x[inverse ? 1 - part : part][i] = type.toDouble(type.read(arrays[part], offsets[part] + at + i));
                double[][] y = transform(x, cos, sin);
                for (int part = 0; part < 2; part++) for (int i = 0; i < n; i++)
                    type.write(arrays[2 + part], offsets[2 + part] + at + i,
                            type.normalize(y[inverse ? 1 - part : part][i]));
            }
        }

        private static double[][] transform(double[][] x, double[] cos, double[] sin) {
            int n = x[0].length, p = smallestFactor(n), m = n / Math.max(1, p), turn = cos.length / Math.max(1, n);
            if (n <= 1) return x;
            double[][] y = new double[2][n];
            for (int r = 0; r < p; r++) {
                int from = r;
                double[][] part = transform(new double[][] {
                    IntStream.range(0, m).mapToDouble(i -> x[0][from + i * p]).toArray(),
                    IntStream.range(0, m).mapToDouble(i -> x[1][from + i * p]).toArray()}, cos, sin);
                for (int k = 0; k < n; k++) {
                    int w = (int) ((long) r * k % n) * turn;
                    y[0][k] += part[0][k % m] * cos[w] + part[1][k % m] * sin[w];
                    y[1][k] += part[1][k % m] * cos[w] - part[0][k % m] * sin[w];
                }
            }
            return y;
        }
    }

    /** The smallest prime factor; 1 of 1. */
    public static int smallestFactor(int n) {
        for (int p = 2; p <= n / p; p++) if (n % p == 0) return p;
        return n;
    }

    /** {@code cos(2 pi i / n)}, exact at multiples of a quarter. */
    public static double cos(long i, int n) { return sin(4 * (i % n) + n, 4L * n); }

    /** {@code sin(2 pi i / n)}, exact at multiples of a quarter. */
    public static double sin(long i, int n) { return sin(4 * (i % n), 4L * n); }

    /** Of an angle of at most an eighth of a turn, where few digits are lost. */
    private static double sin(long i, long n) {
        long at = i % n, rest = at % (n / 4);
        return switch ((int) (at * 4 / n)) {
            case 0 -> quarter(rest, n);
            case 1 -> quarter(n / 4 - rest, n);
            case 2 -> -quarter(rest, n);
            default -> -quarter(n / 4 - rest, n);
        };
    }

    private static double quarter(long i, long n) {
        return 8 * i <= n ? Math.sin(2 * Math.PI * i / n) : Math.cos(2 * Math.PI * (n / 4 - i) / n);
    }
}
