package javelin.core.linalg;

import java.util.List;
import java.util.stream.IntStream;
import javelin.core.lowering.Routine;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Runs an algorithm for every element of the leading axes, in f64 whatever the element type: results are rounded once.
 *
 * @param leading how many axes of every operand count problems and not rows and columns
 */
public record Batch(Algorithm algorithm, List<TensorType> in, List<TensorType> out, int leading) implements Routine {
    private record Work(List<Matrix> in, List<Matrix> out) {}

    @Override public Object newScratch() {
        return new Work(in.stream().map(this::matrix).toList(), out.stream().map(this::matrix).toList());
    }

    private Matrix matrix(TensorType t) {
        List<Integer> sizes = t.shape().sizes().subList(leading, t.rank());
        return Matrix.zeros(sizes.isEmpty() ? 1 : sizes.getFirst(), sizes.size() < 2 ? 1 : sizes.get(1));
    }

    @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
        var work = (Work) scratch;
        double epsilon = in.getFirst().dtype() == DType.F64 ? 0x1p-53 : 0x1p-24;
        Shape batch = out.getFirst().shape().select(IntStream.range(0, leading).boxed().toList());
        for (int b = 0, n = batch.elements(); b < n; b++) {
            for (int k = 0; k < in.size(); k++) load(in.get(k).dtype(), arrays[k], offsets[k], b, work.in.get(k).a());
            algorithm.solve(work.in, work.out, epsilon);
            for (int k = 0; k < out.size(); k++) store(out.get(k).dtype(), arrays[in.size() + k],
                    offsets[in.size() + k], b, work.out.get(k).a());
        }
    }

    private static void load(DType type, Object array, int offset, int b, double[] to) {
        int from = offset + b * to.length;
        switch (array) {
            case double[] a -> System.arraycopy(a, from, to, 0, to.length);
            case float[] a -> { for (int i = 0; i < to.length; i++) to[i] = a[from + i]; }
            case int[] a -> { for (int i = 0; i < to.length; i++) to[i] = a[from + i]; }
            default -> { for (int i = 0; i < to.length; i++) to[i] = type.toDouble(type.read(array, from + i)); }
        }
    }

    private static void store(DType type, Object array, int offset, int b, double[] from) {
        int to = offset + b * from.length;
        switch (array) {
            case double[] a -> System.arraycopy(from, 0, a, to, from.length);
            case float[] a -> { for (int i = 0; i < from.length; i++) a[to + i] = (float) from[i]; }
            case int[] a -> { for (int i = 0; i < from.length; i++) a[to + i] = (int) from[i]; }
            default -> { for (int i = 0; i < from.length; i++) type.write(array, to + i, type.normalize(from[i])); }
        }
    }
}
