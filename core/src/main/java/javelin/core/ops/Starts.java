package javelin.core.ops;

import java.util.List;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** What {@code DynamicSlice} and {@code DynamicUpdateSlice} share: where a window begins. */
final class Starts {
    private Starts() {}

    static void check(Op op, List<TensorType> in, int first, int rank) {
        if (in.size() - first != rank)
            throw new ShapeException(op, in, (in.size() - first) + " starts are given; there must be one for each of "
                    + rank + " axes");
        for (TensorType t : in.subList(first, in.size()))
            if (t.rank() != 0 || !t.dtype().isInteger())
                throw new ShapeException(op, in, t + " is no start; starts must be integer scalars");
    }

    /**
     * Input {@code i} as the start of a window of {@code window} elements in an axis of {@code size}, moved to fit;
     * i32.
     */
    static Scalar clamped(int i, TensorType type, int size, int window) {
        return clamp(new Scalar.Read(i, List.of(), type.dtype()), size - window);
    }

    /** An integer of any type, held within 0..limit, as an i32. */
    static Scalar clamp(Scalar i, int limit) {
        DType type = i.type();
        Scalar high = Scalar.of(type.bits() < Integer.SIZE ? Math.min(limit, type.highest().longValue()) : limit, type);
        Scalar below = Scalar.apply(Fn.MIN, i, high);
        return Scalar.convert(type.kind() == DType.Kind.UNSIGNED ? below
                : Scalar.apply(Fn.MAX, below, Scalar.of(0, type)), DType.I32);
    }

    /** Whether an integer of any type is within 0..limit. */
    static Scalar within(Scalar i, int limit) {
        DType type = i.type();
        boolean small = type.bits() < Integer.SIZE && limit >= type.highest().longValue();
        Scalar notAbove = small ? Scalar.of(1, DType.BOOL) : Scalar.apply(Fn.LE, i, Scalar.of(limit, type));
        return type.kind() == DType.Kind.UNSIGNED ? notAbove
                : Scalar.apply(Fn.AND, notAbove, Scalar.apply(Fn.GE, i, Scalar.of(0, type)));
    }

    /**
     * The starts stacked on a last axis: what a gather or scatter wants. All are made i32, those out of its range
     * staying out of any axis'.
     */
    static Tensor stacked(List<Tensor> starts) {
        return new Concatenate(starts.getFirst().rank())
                .apply(Lists.map(starts, s -> s.clip(0, Integer.MAX_VALUE).astype(DType.I32).expandDims(s.rank()))
                .toArray(Tensor[]::new));
    }
}
