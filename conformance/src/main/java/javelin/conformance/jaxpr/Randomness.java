package javelin.conformance.jaxpr;

import static javelin.conformance.jaxpr.Primitives.single;

import java.util.List;
import java.util.Map;
import javelin.Key;
import javelin.RandomGamma;
import javelin.Tensors;
import javelin.conformance.jaxpr.Primitives.Meaning;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Tensor;
import javelin.core.ops.Threefry;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** The primitives of jax.random: keys are two u32 on a last axis; counters are partitionable (element i hashes i). */
final class Randomness {
    private Randomness() {}

    static void add(Map<String, Meaning> table) {
        table.put("threefry2x32", e -> threefry(Lists.map(e.in(), x -> x.broadcastTo(e.out(0).shape()))));
        table.put("iota_2x32_shape", e -> counters(new Shape(e.ints("shape"))));
        for (String name : List.of("random_wrap", "random_unwrap", "random_clone")) table.put(name, Eqn::in);
        table.put("random_seed", single(e -> seeded(e.in(0))));
        table.put("random_split", single(e -> {
            List<Tensor> words = perKey(e.in(0), new Shape(e.ints("shape")));
            return Primitives.pair(words.get(0), words.get(1));
        }));
        table.put("random_fold_in", single(e -> {
            Tensor keys = e.in(0), data = seeded(e.in(1));
            Shape shape = new Shape(e.outTypes().getFirst().shape().sizes());
            List<Tensor> words = threefry(Lists.map(List.of(word(keys, 0), word(keys, 1), word(data, 0), word(data, 1)),
                    w -> w.broadcastTo(shape)));
            return Primitives.pair(words.get(0), words.get(1));
        }));
        table.put("random_bits", single(Randomness::bits));
        table.put("random_gamma", single(Randomness::gamma));
    }

    private static List<Tensor> threefry(List<Tensor> words) { return Op.apply(new Threefry(), words); }

    private static Tensor word(Tensor keys, int w) { return keys.index(-1, w); }

    /** A number as a key: its high and its low 32 bits. */
    private static Tensor seeded(Tensor seed) {
        Tensor high = seed.dtype().bytes() == 8 ? seed.shiftRightLogical(seed.like(32)).astype(DType.U32)
                : Tensor.zeros(seed.type().withDType(DType.U32));
        Tensor low = seed.dtype().bytes() == 8 ? seed.and(seed.like(0xFFFFFFFFL)).astype(DType.U32)
                : seed.astype(DType.U32);
        return Primitives.pair(high, low);
    }

    /** The high and low words of every element's row-major position. */
    private static List<Tensor> counters(Shape shape) {
        TensorType type = new TensorType(DType.U32, shape);
        Tensor low = shape.rank() == 0 ? Array.scalar(0, DType.U32) : Tensors.arange(shape.elements(), DType.U32)
                .reshape(shape);
        return List.of(Tensor.zeros(type), low);
    }

    /** Two words for every key and every element of {@code shape}: {@code [keys..., shape...]}. */
    private static List<Tensor> perKey(Tensor keys, Shape shape) {
        Shape outer = new Shape(keys.shape().sizes().subList(0, keys.rank() - 1)),
                whole = new Shape(Lists.concat(outer.sizes(), shape.sizes()));
        List<Integer> keyAxes = Lists.range(0, outer.rank()), elementAxes = Lists.range(outer.rank(), shape.rank());
        List<Tensor> counters = counters(shape);
        return threefry(Lists.each(4, i -> i < 2 ? word(keys, i).broadcast(whole, keyAxes)
                : counters.get(i - 2).broadcast(whole, elementAxes)));
    }

    /** The axes of the keys are the first of a's; each is split for the others. */
    private static Tensor gamma(Eqn e) {
        Tensor keys = e.in(0), a = e.in(1);
        int each = new Shape(a.shape().sizes().subList(keys.rank() - 1, a.rank())).elements();
        List<Tensor> words = Lists.map(perKey(keys, Shape.of(each)), w -> w.reshape(a.shape()));
        return new RandomGamma(e.flag("log_space", false), Key.Mode.PARTITIONABLE).apply(words.get(0), words.get(1), a);
    }

    private static Tensor bits(Eqn e) {
        List<Tensor> words = perKey(e.in(0), new Shape(e.ints("shape")));
        if (e.integer("bit_width") < 64) return words.get(0).xor(words.get(1)).astype(e.out(0).dtype());
        Tensor high = words.get(0).astype(DType.U64), low = words.get(1).astype(DType.U64);
        return high.shiftLeft(high.like(32)).or(low);
    }
}
