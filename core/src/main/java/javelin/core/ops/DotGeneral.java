package javelin.core.ops;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javelin.core.Batched;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Every matrix product. Sums over contracted axes, pairs up batch axes, keeps the free ones:
 * the output is {@code [batch..., lhs free..., rhs free...]}. Semantics of StableHLO's dot_general.
 *
 * @param result the type of the output (preferred_element_type); that of the inputs if empty. Products are made and
 * added
 *               up in the wider of the two, halves in f32, and rounded once at the end
 */
public record DotGeneral(Side lhs, Side rhs, Optional<DType> result) implements LinearOp.Simple {
    public DotGeneral(Side lhs, Side rhs) { this(lhs, rhs, Optional.empty()); }

    /** How one factor's axes are used. The n-th batch (contracted) axis of one side goes with the n-th of the other. */
    public record Side(List<Integer> batch, List<Integer> contract) {
        /** The axes that are neither batch nor contracted, in order. */
        public List<Integer> free(int rank) {
            return Lists.range(0, rank).stream().filter(a -> !batch.contains(a) && !contract.contains(a)).toList();
        }

        private Side shifted() { return new Side(Lists.shifted(batch), Lists.shifted(contract)); }

        private Side withLeadingBatch() {
            return new Side(Lists.concat(List.of(0), Lists.shifted(batch)), Lists.shifted(contract));
        }
    }

    public static DotGeneral of(List<Integer> lhsBatch, List<Integer> lhsContract, List<Integer> rhsBatch,
            List<Integer> rhsContract) {
        return new DotGeneral(new Side(lhsBatch, lhsContract), new Side(rhsBatch, rhsContract));
    }

    /** The same product of factors whose axes lie otherwise. */
    public DotGeneral withSides(Side lhs, Side rhs) { return new DotGeneral(lhs, rhs, result); }

    /** Side 0 or 1. */
    public Side side(int i) { return i == 0 ? lhs : rhs; }

    @Override public TensorType outputType(List<TensorType> in) {
        if (in.get(0).dtype() != in.get(1).dtype())
            throw new ShapeException(this, in, "the inputs differ in element type; convert with astype");
        requirePairs(in, "batch", lhs.batch, rhs.batch);
        requirePairs(in, "contracted", lhs.contract, rhs.contract);
        Shape l = in.get(0).shape(), r = in.get(1).shape();
        DType from = in.get(0).dtype(), to = result.orElse(from);
        if (from.isFloat() && !to.isFloat() || to == DType.BOOL && from != to)
            throw new ShapeException(this, in,
                    "products of " + from + " do not add up to " + to + "; convert the result with astype");
        return new TensorType(to, new Shape(Lists.concat(l.select(lhs.batch).sizes(),
                l.select(lhs.free(l.rank())).sizes(), r.select(rhs.free(r.rank())).sizes())));
    }

    /** The type in which products of {@code factors} are made and added up. */
    public DType computation(DType factors) { return wider(factors, result.orElse(factors)).computation(); }

    private static DType wider(DType a, DType b) {
        return b.isFloat() && !a.isFloat() || b.bytes() >= a.bytes() ? b : a;
    }

    private void requirePairs(List<TensorType> in, String kind, List<Integer> left, List<Integer> right) {
        if (left.size() != right.size())
            throw new ShapeException(this, in, kind + " axes " + left + " and " + right
                    + " do not pair up; name as many of each input");
        for (int n = 0; n < left.size(); n++) {
            int a = left.get(n), b = right.get(n);
            if (a < 0 || b < 0 || a >= in.get(0).rank() || b >= in.get(1).rank())
                throw new ShapeException(this, in, "there is no " + kind + " axis " + a + " of input 0 or " + b
                        + " of input 1; axes count from 0");
            int l = in.get(0).shape().size(a), r = in.get(1).shape().size(b);
            if (l != r)
                throw new ShapeException(this, in,
                        "%s axes differ in size: axis %d of input 0 has %d, axis %d of input 1 has %d"
                        .formatted(kind, a, l, b, r) + "; they must be equal");
        }
    }

    /** Linear in each factor: the factor's tangent takes the factor's place. */
    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return i == 0 ? apply(dx, x.get(1)) : apply(x.get(0), dx);
    }

    /** Contracts the cotangent with the other factor, over that factor's free axes; then restores axis order. */
    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        Side mine = side(i), other = side(1 - i);
        Tensor factor = in.get(1 - i).known();
        List<Integer> free = mine.free(in.get(i).type().rank()), otherFree = other.free(factor.rank());
        int batch = mine.batch.size(), otherAt = i == 0 ? batch + free.size() : batch;
        Side ofCt = new Side(Lists.range(0, batch), Lists.range(otherAt, otherFree.size()));
        Side ofFactor = new Side(other.batch, otherFree);
        // contracted axes come out in the order their partners have in the other factor
        List<Integer> contracted = Lists.range(0, mine.contract.size()).stream()
                .sorted(Comparator.comparing(other.contract::get))
                .map(mine.contract::get).toList();
        DType wide = wider(factor.dtype(), ct.dtype());
        Tensor product, c = ct.astype(wide), f = factor.astype(wide);
        List<Integer> order;
        if (i == 0) {
            product = new DotGeneral(ofCt, ofFactor).apply(c, f);
            order = Lists.concat(mine.batch, free, contracted);
        } else {
            product = new DotGeneral(ofFactor, ofCt).apply(f, c);
            order = Lists.concat(mine.batch, contracted, free);
        }
        return product.transpose(Lists.each(order.size(), order::indexOf)).astype(in.get(i).type().dtype());
    }

    /** Both factors mapped: one more batch axis. One of them: one more free axis, brought to the front afterwards. */
    @Override public Tensor batchedOutput(List<Batched> in) {
        boolean left = in.get(0).mapped(), both = left && in.get(1).mapped();
        Side l = both ? lhs.withLeadingBatch() : left ? lhs.shifted() : lhs;
        Side r = both ? rhs.withLeadingBatch() : left ? rhs : rhs.shifted();
        Tensor x = in.get(0).value(), y = in.get(1).value();
        Tensor product = withSides(l, r).apply(x, y);
        return product.moveAxis(both ? 0 : left ? l.batch.size() : l.batch.size() + l.free(x.rank()).size(), 0);
    }

    /**
     * {@code out[b, m, n] = sum over k of lhs[b, m, k] * rhs[b, k, n]}: the form the scheduler knows as a matrix
     * product.
     */
    @Override public Lowering lower(List<TensorType> in) {
        int batch = lhs.batch.size(), free = lhs.free(in.get(0).rank()).size(), out = outputType(in).rank();
        DType wide = computation(in.get(0).dtype());
        return new Lowering.Reduce(in.get(0).shape().select(lhs.contract).sizes(),
                Scalar.convert(read(0, in.get(0), batch, out), wide)
                .times(Scalar.convert(read(1, in.get(1), batch + free, out), wide)), Fn.ADD, 0L);
    }

    private Scalar read(int i, TensorType type, int freeAt, int contractAt) {
        Side s = side(i);
        List<Integer> free = s.free(type.rank());
        return new Scalar.Read(i, Lists.each(type.rank(), a -> new Scalar.Loop(
                s.batch.contains(a) ? s.batch.indexOf(a) : free.contains(a) ? freeAt + free.indexOf(a)
                        : contractAt + s.contract.indexOf(a))), type.dtype());
    }

    @Override public String toString() {
        return "dot_general[batch=%sx%s contract=%sx%s%s]".formatted(lhs.batch, rhs.batch, lhs.contract, rhs.contract,
                result.map(t -> " result=" + t).orElse(""));
    }
}
