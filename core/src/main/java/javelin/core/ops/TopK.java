package javelin.core.ops;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import javelin.core.Batched;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.OutOfRange;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Routine;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * The {@code k} largest elements along {@code axis}, largest first, and their positions, i32. Of equal ones the first
 * comes first; by IEEE 754's total order, so NaN is largest, and -0 is below 0.
 */
public record TopK(int k, int axis) implements Op {
    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        TensorType x = in.getFirst();
        if (axis < 0 || axis >= x.rank())
            throw new ShapeException(this, in, "the input has no axis " + axis + ShapeException.axes(x.rank()));
        if (k < 0 || k > x.shape().size(axis))
            throw new ShapeException(this, in, "axis " + axis + " has " + x.shape().size(axis)
                    + " elements, not " + k + "; ask for as many at most");
        if (!Order.has(x.dtype()))
            throw new ShapeException(this, in, "elements of " + x.dtype() + " have no order; convert with astype");
        TensorType values = x.withShape(x.shape().without(List.of(axis)).insert(axis, k));
        return List.of(values, values.withDType(DType.I32));
    }

    @Override public List<Dual> jvp(List<Dual> in) {
        List<Tensor> out = Op.apply(this, List.of(in.getFirst().primal()));
        Tensor tangent = in.getFirst().tangentOrZero().takeAlongAxis(out.get(1), axis, OutOfRange.CLIP);
        return List.of(Dual.of(out.get(0), tangent), Dual.constant(out.get(1)));
    }

    @Override public List<Batched> batch(List<Batched> in) {
        return Lists.map(Op.apply(new TopK(k, axis + 1), List.of(in.getFirst().value())), Batched::mapped);
    }

    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.getFirst();
        return new Lowering.Library(new Largest(x.dtype(), Lines.of(x.shape(), axis), k));
    }

    @Override public String toString() { return "top_k[" + k + " axis=" + axis + "]"; }

    /** Sorts every line; outputs are values and positions. */
    public record Largest(DType type, Lines lines, int k) implements Routine {
        @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
            Order order = Order.of(type);
            Lines kept = lines.ofLength(k);
            for (int n = 0; n < lines.count(); n++) {
                int start = offsets[0] + lines.start(n);
                Integer[] from = IntStream.range(0, lines.length()).boxed().toArray(Integer[]::new);
                Comparator<Integer> ascending = Comparator.comparingLong(i ->
                        order.total(Order.bits(arrays[0], start + i * lines.inner())));
                Arrays.sort(from, ascending.reversed());
                for (int i = 0; i < k; i++) {
                    int to = kept.start(n) + i * lines.inner();
                    System.arraycopy(arrays[0], start + from[i] * lines.inner(), arrays[1], offsets[1] + to, 1);
                    ((int[]) arrays[2])[offsets[2] + to] = from[i];
                }
            }
        }
    }
}
