package javelin.bench;

import javelin.core.Array;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** The inputs of one workload, drawn in turn from {@code RandomState(0)} as the peers draw theirs. */
final class Inputs {
    private final NumpyRandom random = new NumpyRandom(0);

    /** Standard normal f32. */
    Array f32(int... sizes) { return f32(1, sizes); }

    /** Standard normal f32 times {@code scale}, rounded after drawing and after scaling. */
    Array f32(double scale, int... sizes) {
        TensorType type = TensorType.f32(sizes);
        float[] numbers = new float[type.elements()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = (float) random.standardNormal() * (float) scale;
        return Array.wrap(type, numbers);
    }

    /** Standard normal f64. */
    Array f64(int... sizes) {
        TensorType type = TensorType.f64(sizes);
        double[] numbers = new double[type.elements()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = random.standardNormal();
        return Array.wrap(type, numbers);
    }

    /** Uniform on [low, high), of type f32 or f64. */
    Array uniform(double low, double high, TensorType type) {
        double[] numbers = new double[type.elements()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = random.uniform(low, high);
        return Array.of(type, numbers);
    }

    /** Uniform i64 in low..high-1. */
    Array integers(int low, int high, int... sizes) {
        TensorType type = TensorType.of(DType.I64, sizes);
        long[] numbers = new long[type.elements()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = random.integer(low, high);
        return Array.wrap(type, numbers);
    }
}
