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
 * All operands, of one shape, in the ascending order of the first {@code keys} of them along {@code axis}: of the
 * first, where it is equal of the second, and so on. What is equal keeps its order. -0 equals 0, NaN is last.
 */
public record Sort(int axis, int keys) implements Op {
    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        if (keys < 1 || keys > in.size())
            throw new ShapeException(this, in, keys + " of " + in.size()
                    + " operands cannot be keys; at least one must be, and at most all");
        for (TensorType t : in) {
            if (axis < 0 || axis >= t.rank())
                throw new ShapeException(this, in, "the operands have no axis " + axis
                        + ShapeException.axes(in.getFirst().rank()));
            if (!t.shape().equals(in.getFirst().shape()))
                throw new ShapeException(this, in, "the operands differ in shape; broadcast them with broadcastTo");
        }
        for (TensorType t : in.subList(0, keys))
            if (!Order.has(t.dtype()))
                throw new ShapeException(this, in, "elements of " + t.dtype() + " have no order; sort by real numbers");
        return in;
    }

    /** Tangents go where their elements go. */
    @Override public List<Dual> jvp(List<Dual> in) {
        TensorType places = in.getFirst().primal().type().withDType(DType.I32);
        List<Tensor> counted = Op.apply(new Iota(places, axis), List.of());
        List<Tensor> sorted = Op.apply(this, Lists.concat(Lists.map(in, Dual::primal), counted));
        return Lists.each(in.size(), i ->
                new Dual(sorted.get(i), in.get(i).tangent().map(t -> moved(t, sorted.getLast()))));
    }

    private Tensor moved(Tensor t, Tensor from) { return t.takeAlongAxis(from, axis, OutOfRange.CLIP); }

    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        return Lists.map(Op.apply(new Sort(axis + 1, keys), Lists.map(in, b -> b.spread(size))), Batched::mapped);
    }

    @Override public Lowering lower(List<TensorType> in) {
        Lines lines = Lines.of(in.getFirst().shape(), axis);
        return new Lowering.Library(new Sorted(Lists.map(in, TensorType::dtype), lines, keys));
    }

    @Override public String toString() { return "sort[" + axis + (keys > 1 ? " keys=" + keys : "") + "]"; }

    /** Line by line: the positions in order, then every operand's elements at them. */
    public record Sorted(List<DType> types, Lines lines, int keys) implements Routine {
        @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
            for (int n = 0; n < lines.count(); n++) {
                int start = lines.start(n), operands = types.size();
                Integer[] from = IntStream.range(0, lines.length()).boxed().toArray(Integer[]::new);
                Arrays.sort(from, Lists.each(keys, k -> by(k, arrays[k], offsets[k] + start)).stream()
                        .reduce(Comparator::thenComparing).orElseThrow());
                for (int k = 0; k < operands; k++) for (int i = 0; i < from.length; i++)
                    System.arraycopy(arrays[k], offsets[k] + start + from[i] * lines.inner(), arrays[operands + k],
                            offsets[operands + k] + start + i * lines.inner(), 1);
            }
        }

        private Comparator<Integer> by(int key, Object array, int start) {
            Order order = Order.of(types.get(key));
            return Comparator.comparingLong(i -> order.sorting(Order.bits(array, start + i * lines.inner())));
        }
    }
}
