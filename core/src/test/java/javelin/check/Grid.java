package javelin.check;

import java.util.List;
import java.util.function.ToDoubleFunction;
import javelin.core.Array;
import javelin.core.type.Shape;

/** Numbers on a box of indices, for references in plain Java. */
public record Grid(List<Integer> sizes, double[] numbers) {
    public static Grid of(Array a) { return new Grid(a.shape().sizes(), a.toDoubles()); }

    /** The number {@code f} gives at every index. */
    public static Grid of(List<Integer> sizes, ToDoubleFunction<int[]> f) {
        double[] numbers = new double[new Shape(sizes).elements()];
        int[] at = new int[sizes.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = f.applyAsDouble(at.clone());
            for (int d = at.length - 1; d >= 0 && ++at[d] == sizes.get(d); d--) at[d] = 0;
        }
        return new Grid(sizes, numbers);
    }

    public double at(int... index) {
        int flat = 0;
        for (int d = 0; d < index.length; d++) flat = flat * sizes.get(d) + index[d];
        return numbers[flat];
    }

    public int size(int axis) { return sizes.get(axis); }
}
