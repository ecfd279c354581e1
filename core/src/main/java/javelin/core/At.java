package javelin.core;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javelin.core.ops.Gather;
import javelin.core.ops.GatherAxes;
import javelin.core.ops.ScatterAdd;
import javelin.core.ops.ScatterExtreme;
import javelin.core.ops.ScatterMul;
import javelin.core.ops.ScatterSet;
import javelin.core.type.Shape;

/**
 * The elements {@code x[indices]}, to be read or written, as {@code x.at[indices]} of jax.numpy. Writing gives a new
 * tensor; a value broadcasts to the elements' shape and has x's element type. Of an element that is meant more than
 * once every sum, product or extreme counts, and of several {@code set} the last in row-major order wins. A bool mask
 * that is the only index may be traced when it is written to, with one value for all elements it selects.
 *
 * @param reads  what reading a position out of range gives, by default the nearest element
 * @param writes what writing there does, by default nothing
 * @param distinct the caller's promise that no element is meant twice
 */
public record At(Tensor x, List<Index> indices, OutOfRange reads, OutOfRange writes, boolean distinct) {
    static At of(Tensor x, List<Index> indices) {
        return new At(x, indices, OutOfRange.CLIP, OutOfRange.FILL_OR_DROP, false);
    }

    /** With another rule for positions that are out of range. */
    public At when(OutOfRange rule) { return new At(x, indices, rule, rule, distinct); }

    /** With the promise that no element is meant twice, without which a product has no derivative. */
    public At unique() { return new At(x, indices, reads, writes, true); }

    public Tensor get() { return new Indexing(x, indices, reads).read(reads, Gather.defaultFill(x.dtype())); }

    /** The elements, with {@code fill} for those out of range. */
    public Tensor get(double fill) {
        Number filling = ((Array) x.like(fill)).get(0);
        return new Indexing(x, indices, OutOfRange.FILL_OR_DROP).read(OutOfRange.FILL_OR_DROP, filling);
    }

    public Tensor set(Tensor value) { return write(Joining.SET, value); }
    public Tensor add(Tensor value) { return write(Joining.ADD, value); }
    public Tensor sub(Tensor value) { return add(value.neg()); }
    public Tensor mul(Tensor value) { return write(Joining.MUL, value); }
    /** Divides once by each product of the divisors for an element. */
    public Tensor div(Tensor value) {
        return x.div(new At(Tensor.full(x.type(), 1L), indices, reads, writes, distinct).mul(value));
    }
    public Tensor min(Tensor value) { return write(Joining.MIN, value); }
    public Tensor max(Tensor value) { return write(Joining.MAX, value); }

    public Tensor set(double value) { return set(x.like(value)); }
    public Tensor add(double value) { return add(x.like(value)); }
    public Tensor sub(double value) { return sub(x.like(value)); }
    public Tensor mul(double value) { return mul(x.like(value)); }
    public Tensor div(double value) { return div(x.like(value)); }
    public Tensor min(double value) { return min(x.like(value)); }
    public Tensor max(double value) { return max(x.like(value)); }

    /** {@code f} of the elements in their place; of an element that is meant twice, once. */
    public Tensor apply(UnaryOperator<Tensor> f) { return set(f.apply(get())); }

    /** How a value joins the element that is there. */
    private enum Joining {
        SET, ADD, MUL, MIN, MAX;

        Tensor join(Tensor old, Tensor value) {
            return switch (this) {
                case SET -> value.broadcastTo(old.shape());
                case ADD -> old.add(value);
                case MUL -> old.mul(value);
                case MIN -> old.minimum(value);
                case MAX -> old.maximum(value);
            };
        }

        SimpleOp scatter(GatherAxes axes, GatherAxes.Mode mode, boolean unique) {
            return switch (this) {
                case SET -> new ScatterSet(axes, mode, unique);
                case ADD -> new ScatterAdd(axes, mode);
                case MUL -> new ScatterMul(axes, mode, unique);
                case MIN -> new ScatterExtreme(axes, mode, false);
                case MAX -> new ScatterExtreme(axes, mode, true);
            };
        }
    }

    private Tensor write(Joining kind, Tensor value) {
        if (value.dtype() != x.dtype())
            throw new ShapeException(name(kind), List.of(x.type(), value.type()), "the value is " + value.dtype()
                    + "; convert it with astype");
        Optional<Tensor> mask = mask();
        if (mask.isPresent() && value.rank() <= x.rank() - mask.get().rank()) return masked(kind, mask.get(), value);
        var indexing = new Indexing(x, indices, writes);
        Shape shape = indexing.shape();
        Axes.broadcast(name(kind), List.of(x.type().withShape(shape), value.type()));       // for its message
        Tensor wide = value.broadcastTo(shape);
        if (x.type().elements() == 0) return x;
        if (indexing.isBox()) return indexing.withBox(kind == Joining.SET ? wide : kind.join(get(), wide));
        return kind.scatter(indexing.gatherAxes(), writes.mode(), distinct || indexing.isUnique())
                .apply(x, indexing.positions(), indexing.updates(wide));
    }

    private static String name(Joining kind) { return "at(...)." + kind.name().toLowerCase(Locale.ROOT); }

    private Optional<Tensor> mask() {
        return indices.size() == 1 && indices.getFirst().isMask()
                && indices.getFirst() instanceof Index.Positions(Tensor mask)
                && mask.rank() <= x.rank() ? Optional.of(mask) : Optional.empty();
    }

    /** Where the mask is true, x joined by a value that is the same for all of it. */
    private Tensor masked(Joining kind, Tensor mask, Tensor value) {
        if (!x.shape().sizes().subList(0, mask.rank()).equals(mask.shape().sizes()))
            throw new ShapeException(name(kind), List.of(x.type(), mask.type()),
                    "the mask does not fit; it must have the sizes of the axes it stands for");
        return mask.broadcast(x.shape(), Lists.range(0, mask.rank())).where(kind.join(x, value), x);
    }
}
