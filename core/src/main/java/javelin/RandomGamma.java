package javelin;

import java.util.List;
import javelin.core.Batched;
import javelin.core.ComposedOp;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.ShapeException;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.ops.RandomGammaGrad;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * A gamma random number for every element of the shape {@code a}, or its logarithm; inputs are the two words of every
 * element's key, u32, and {@code a}, all of one shape. The derivative with respect to a is the implicit one.
 *
 * <p>G. Marsaglia and W. Tsang, "A simple method for generating gamma variables", 2000; below a = 1 a number for a + 1
 * is multiplied by {@code u^(1/a)}. The same draws as jax.random.gamma's.
 */
public record RandomGamma(boolean logarithm, Key.Mode mode) implements SimpleOp, ComposedOp {
    @Override public TensorType outputType(List<TensorType> in) {
        TensorType a = in.get(2), word = a.withDType(DType.U32);
        if (!a.dtype().isFloat() || !in.subList(0, 2).equals(List.of(word, word)))
            throw new ShapeException(this, in,
                    "the inputs do not fit; give two words of a key, u32, and a real a, all of one shape");
        return a;
    }

    @Override public Tensor jvp(int i, Tensor da, List<Tensor> in, Tensor y) {
        Tensor sample = logarithm ? y.exp() : y;
        if (logarithm) sample = sample.eq(0).where(sample.like(Float.MIN_NORMAL), sample);
        Tensor slope = new RandomGammaGrad().apply(in.get(2), sample);
        return da.mul(logarithm ? slope.div(sample) : slope);
    }

    @Override public Tensor batchedOutput(List<Batched> in) {
        int size = Batched.size(in);
        return apply(in.stream().map(b -> b.spread(size)).toArray(Tensor[]::new));
    }

    @Override public Lowering lower(List<TensorType> in) { return ComposedOp.super.lower(in); }

    /** Every element by itself, in one loop until the last has accepted. */
    @Override public Program definition(List<TensorType> in) {
        int n = in.getFirst().elements();
        return Recorder.trace(in, v -> {
            Key keys = new Key(Tensors.stack(List.of(v.get(0).reshape(n), v.get(1).reshape(n)), 1), mode);
            return List.of(Transforms.vmap(this::one).apply(keys, v.get(2).reshape(n)).reshape(in.get(2).shape()));
        }).closed();
    }

    private record Attempt(Key key, Tensor square, Tensor cube, Tensor u) {}

    private record Normal(Key key, Tensor x, Tensor v) {}

    private Tensor one(Key key, Tensor shape) {
        TensorType type = shape.type();
        Tensor small = shape.lt(1), a = small.where(shape.add(1), shape);
        Tensor d = a.sub(1.0 / 3), c = a.like(1.0 / 3).div(d.sqrt());
        List<Key> keys = key.split(2);
        var first = new Attempt(keys.get(0), a.like(0), a.like(1), a.like(2));
        Tensor cube = Control.whileLoop((Attempt t) -> {
            Tensor squeezed = t.u.ge(t.square.square().mul(0.0331).neg().add(1));
            Tensor bound = t.square.mul(0.5).add(d.mul(t.cube.neg().add(1).add(t.cube.log())));
            return squeezed.and(t.u.log().ge(bound));
        }, t -> {
            List<Key> next = t.key.split(3);
            Normal z = Control.whileLoop((Normal s) -> s.v.le(0), s -> {
                List<Key> two = s.key.split(2);
                Tensor x = two.get(1).normal(type);
                return new Normal(two.get(0), x, x.mul(c).add(1));
            }, new Normal(next.get(1), a.like(0), a.like(-1)));
            return new Attempt(next.get(0), z.x.square(), z.v.pow(3), next.get(2).uniform(type));
        }, first).cube;
        if (!logarithm) {
            Tensor u = keys.get(1).uniform(type).neg().add(1);
            return d.mul(cube).mul(small.where(u.pow(shape.reciprocal()), a.like(1)));
        }
        Tensor log = keys.get(1).exponential(type).neg();
        Tensor boost = small.and(log.ne(0)).where(log.mul(shape.reciprocal()), a.like(0));
        return d.log().add(cube.log()).add(boost);
    }

    @Override public String toString() { return "random_gamma"; }
}
