package javelin.nn;

import java.util.List;
import javelin.Key;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Where parameters start, with the numbers of {@code jax.nn.initializers} for the same key. Kernels are
 * {@code [..., in, out]}: the fan-in is the size of the last axis but one times that of the axes before it.
 */
public final class Initializers {
    private Initializers() {}

    public static Initializer zeros() { return new Constant(0); }

    public static Initializer ones() { return new Constant(1); }

    public static Initializer constant(double value) { return new Constant(value); }

    /** Normal with mean 0; Flax's default deviation is 0.01. */
    public static Initializer normal(double stddev) { return new Normal(stddev); }

    /** Uniform on [0, scale); Flax's default scale is 0.01. */
    public static Initializer uniform(double scale) { return new Uniform(scale); }

    /** A standard normal cut off at -2 and 2, times {@code stddev}, which is therefore not its deviation. */
    public static Initializer truncatedNormal(double stddev) { return new TruncatedNormal(stddev, -2, 2); }

    public static Initializer truncatedNormal(double stddev, double low, double high) {
        return new TruncatedNormal(stddev, low, high);
    }

    /** A matrix with orthonormal rows or columns, whichever are fewer: {@link Orthogonal}. */
    public static Initializer orthogonal() { return new Orthogonal(1, -1); }

    /** As {@link #orthogonal} at the centre of a convolution's kernel, zeros around it: {@link DeltaOrthogonal}. */
    public static Initializer deltaOrthogonal() { return new DeltaOrthogonal(1, -1); }

    /** Variance {@code scale / fan}, for kernels {@code [..., in, out]}. */
    public static Initializer varianceScaling(double scale, Fan fan, Distribution distribution) {
        return new VarianceScaling(scale, fan, distribution, List.of(-2), List.of(-1), List.of());
    }

    /** LeCun: variance 1 / fan-in, truncated normal; what kernels start from if nothing else is said. */
    public static Initializer lecunNormal() { return varianceScaling(1, Fan.IN, Distribution.TRUNCATED_NORMAL); }

    public static Initializer lecunUniform() { return varianceScaling(1, Fan.IN, Distribution.UNIFORM); }

    /** Glorot and Bengio (2010), also called Xavier: variance 2 / (fan-in + fan-out), truncated normal. */
    public static Initializer glorotNormal() { return varianceScaling(1, Fan.AVERAGE, Distribution.TRUNCATED_NORMAL); }

    public static Initializer glorotUniform() { return varianceScaling(1, Fan.AVERAGE, Distribution.UNIFORM); }

    /** He et al. (2015), also called Kaiming: variance 2 / fan-in, truncated normal; for relu. */
    public static Initializer heNormal() { return varianceScaling(2, Fan.IN, Distribution.TRUNCATED_NORMAL); }

    public static Initializer heUniform() { return varianceScaling(2, Fan.IN, Distribution.UNIFORM); }

    /** The number of connections that the variance is divided by. */
    public enum Fan { IN, OUT, AVERAGE, GEOMETRIC_AVERAGE }

    public enum Distribution { TRUNCATED_NORMAL, NORMAL, UNIFORM }

    /** Every element {@code value}. */
    public record Constant(double value) implements Initializer {
        @Override public Tensor apply(Key key, TensorType type) { return Tensor.full(type, value); }
    }

    /** {@link Initializers#normal}. */
    public record Normal(double stddev) implements Initializer {
        @Override public Tensor apply(Key key, TensorType type) { return key.normal(type).mul(stddev); }
    }

    /** {@link Initializers#uniform}. */
    public record Uniform(double scale) implements Initializer {
        @Override public Tensor apply(Key key, TensorType type) { return key.uniform(type).mul(scale); }
    }

    /** {@link Initializers#truncatedNormal}. */
    public record TruncatedNormal(double stddev, double low, double high) implements Initializer {
        @Override public Tensor apply(Key key, TensorType type) {
            return key.truncatedNormal(type, low, high).mul(stddev);
        }
    }

    /**
     * {@link Initializers#varianceScaling} for kernels of any layout: the sizes of {@code in} axes are the fan-in and
     * of {@code out} axes the fan-out, both times those of axes not named; {@code batch} axes hold independent kernels.
     * Negative axes count from the end.
     */
    public record VarianceScaling(double scale, Fan fan, Distribution distribution, List<Integer> in, List<Integer> out,
            List<Integer> batch)
            implements Initializer {
        /** The standard deviation of a standard normal cut off at -2 and 2 (scipy.stats.truncnorm.std(-2, 2)). */
        private static final double DEVIATION_WITHIN_2 = 0.87962566103423978;

        public VarianceScaling {
            if (!(scale > 0))
                throw new JavelinException("varianceScaling: the scale must be positive, but is " + scale);
        }

        @Override public Tensor apply(Key key, TensorType type) {
            DType dtype = type.dtype();
            // every step rounded to the parameter's precision, as JAX computes them
            double variance = round(dtype, scale / denominator(type));
            return switch (distribution) {
                case TRUNCATED_NORMAL -> key.truncatedNormal(type, -2, 2)
                        .mul(round(dtype, root(dtype, variance) / round(dtype, DEVIATION_WITHIN_2)));
                case NORMAL -> key.normal(type).mul(root(dtype, variance));
                case UNIFORM -> key.uniform(type, -1, 1).mul(root(dtype, round(dtype, 3 * variance)));
            };
        }

        private double denominator(TensorType type) {
            double sizeIn = product(type, in), sizeOut = product(type, out);
            double field = type.elements() / sizeIn / sizeOut / product(type, batch);
            double fanIn = sizeIn * field, fanOut = sizeOut * field;
            return switch (fan) {
                case IN -> fanIn;
                case OUT -> fanOut;
                case AVERAGE -> (fanIn + fanOut) / 2;
                case GEOMETRIC_AVERAGE -> Math.sqrt(fanIn * fanOut);
            };
        }

        private double product(TensorType type, List<Integer> axes) {
            double size = 1;
            for (int axis : axes) {
                int a = axis < 0 ? axis + type.rank() : axis;
                if (a < 0 || a >= type.rank())
                    throw new ShapeException(toString(), List.of(type), "there is no axis " + axis
                            + " to count connections by; it is for kernels [..., in, out],"
                            + " so give vectors and scalars another initialiser, such as zeros or normal");
                size *= type.shape().size(a);
            }
            return size;
        }

        private static double root(DType dtype, double x) { return round(dtype, Math.sqrt(x)); }

        private static double round(DType dtype, double x) { return dtype.normalize(x).doubleValue(); }
    }

    /**
     * {@code scale} times a uniformly distributed matrix with orthonormal columns, or rows if there are fewer: the
     * sizes of {@code columnAxis} by all others. It is the Q of the QR decomposition of a normal matrix for which R has
     * a positive diagonal. Saxe, McClelland and Ganguli, arXiv:1312.6120.
     */
    public record Orthogonal(double scale, int columnAxis) implements Initializer {
        @Override public Tensor apply(Key key, TensorType type) {
            if (type.rank() < 2)
                throw new ShapeException("orthogonal", List.of(type),
                        "is for two axes or more; use another initialiser");
            int axis = columnAxis < 0 ? columnAxis + type.rank() : columnAxis;
            int columns = type.shape().size(axis), rows = columns == 0 ? 0 : type.elements() / columns;
            Tensor matrix = key.orthogonal(TensorType.of(type.dtype(), rows, columns)).mul(scale);
            Shape last = type.shape().without(List.of(axis)).insert(type.rank() - 1, columns);
            return matrix.reshape(last).moveAxis(-1, axis);
        }
    }

    /**
     * For kernels {@code [..., in, out]} of one to three axes of space, in no more than out: zeros but for the centre,
     * which is {@link Orthogonal}. Xiao et al., arXiv:1806.05393.
     */
    public record DeltaOrthogonal(double scale, int columnAxis) implements Initializer {
        @Override public Tensor apply(Key key, TensorType type) {
            int space = type.rank() - 2;
            if (space < 1 || space > 3 || type.shape().size(space) > type.shape().size(space + 1))
                throw new ShapeException("deltaOrthogonal", List.of(type),
                        "is for kernels [width, in, out] to [depth, height, width, in, out] with in <= out");
            TensorType last = type.withShape(type.shape().select(List.of(space, space + 1)));
            Tensor matrix = new Orthogonal(scale, columnAxis).apply(key, last);
            List<Tensor> centre = Lists.each(type.rank(), a ->
                    Array.scalar(a < space ? (type.shape().size(a) - 1) / 2 : 0));
            Shape one = new Shape(Lists.each(type.rank(), a -> a < space ? 1 : type.shape().size(a)));
            return Tensor.zeros(type).dynamicUpdateSlice(matrix.reshape(one), centre);
        }
    }
}
