package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.ShapeException;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * The threefry2x32 block function, elementwise: inputs (key0, key1, counter0, counter1), outputs two words, all u32 of
 * one shape. Salmon, Moraes, Dror and Shaw, SC 2011; 20 rounds, as jax.random.
 */
public record Threefry() implements Op {
    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        if (in.size() != 4 || in.stream().distinct().count() != 1 || in.getFirst().dtype() != DType.U32)
            throw new ShapeException(this, in,
                    "the words do not fit; give two of a key and two of counters, all u32 of one shape");
        return in.subList(0, 2);
    }

    @Override public List<Dual> jvp(List<Dual> in) {
        return Lists.map(Op.apply(this, Lists.map(in, Dual::primal)), Dual::constant);
    }

    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        return Lists.map(Op.apply(this, Lists.map(in, b -> b.spread(size))), Batched::mapped);
    }

    @Override public Lowering lower(List<TensorType> in) {
        List<Scalar> here = Lists.each(in.getFirst().rank(), Scalar.Loop::new);
        Scalar[] x = Lists.each(4, i -> new Scalar.Read(i, here, DType.U32)).toArray(Scalar[]::new);
        return new Lowering.Pointwise(List.of(Scalar.apply(Fn.THREEFRY_0, x), Scalar.apply(Fn.THREEFRY_1, x)));
    }

    @Override public String toString() { return "threefry2x32"; }
}
