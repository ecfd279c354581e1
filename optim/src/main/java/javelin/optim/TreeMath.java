package javelin.optim;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.tree.Trees;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * Arithmetic on whole trees: parameters, gradients, updates as vectors. It works on the floating-point tensors; what is
 * no floating-point tensor stays as it is in the first tree. (optax.tree)
 */
public final class TreeMath {
    private TreeMath() {}

    /** A function of three tensors. */
    @FunctionalInterface
    public interface Ternary { Tensor apply(Tensor a, Tensor b, Tensor c); }

    /** A function of four tensors. */
    @FunctionalInterface
    public interface Quaternary { Tensor apply(Tensor a, Tensor b, Tensor c, Tensor d); }

    public static <P> P map(P a, UnaryOperator<Tensor> f) {
        return Trees.map(a, x -> x.dtype().isFloat() ? f.apply(x) : x);
    }

    /** {@code f} of the tensors at the same places of trees of one structure; {@code what} is named if they differ. */
    public static <P> P zip(String what, P a, P b, BinaryOperator<Tensor> f) {
        return zip(what, List.of(a, b), x -> f.apply(x.get(0), x.get(1)));
    }

    /** As above, of three trees. */
    public static <P> P zip(String what, P a, P b, P c, Ternary f) {
        return zip(what, List.of(a, b, c), x -> f.apply(x.get(0), x.get(1), x.get(2)));
    }

    /** As above, of four trees. */
    public static <P> P zip(String what, P a, P b, P c, P d, Quaternary f) {
        return zip(what, List.of(a, b, c, d), x -> f.apply(x.get(0), x.get(1), x.get(2), x.get(3)));
    }

    private interface Row { Tensor apply(List<Tensor> row); }

    private static <P> P zip(String what, List<P> trees, Row f) {
        List<Trees.Flat> flat = Lists.map(trees, Trees::flatten);
        Trees.Flat first = flat.getFirst();
        for (var other : flat)
            Trees.requireSame(what + ": gradients, state and parameters must have one structure", first.def(),
                    other.def());
        return Trees.unflatten(first.def(), Lists.each(first.leaves().size(), i -> {
            Tensor x = first.leaves().get(i);
            return x.dtype().isFloat() ? f.apply(Lists.map(flat, t -> t.leaves().get(i))) : x;
        }));
    }

    public static <P> P add(P a, P b) { return zip("add", a, b, Tensor::add); }

    public static <P> P sub(P a, P b) { return zip("sub", a, b, Tensor::sub); }

    /** {@code factor a} */
    public static <P> P scale(Tensor factor, P a) { return map(a, x -> x.mul(factor.astype(x.dtype()))); }

    /** {@code a + factor b} */
    public static <P> P addScaled(P a, Tensor factor, P b) {
        return zip("addScaled", a, b, (x, y) -> x.add(y.mul(factor.astype(y.dtype()))));
    }

    /** The sum of the products of all numbers, a scalar of the first tensor's element type. */
    public static Tensor dot(Object a, Object b) {
        List<Tensor> x = leaves(a), y = leaves(b);
        return sum(Lists.each(x.size(), i -> x.get(i).mul(y.get(i)).sum()));
    }

    /** The sum of the squares of all numbers, a scalar. */
    public static Tensor squaredNorm(Object tree) { return sum(Lists.map(leaves(tree), x -> x.square().sum())); }

    /** The square root of {@link #squaredNorm}: the Euclidean norm of all numbers together. */
    public static Tensor norm(Object tree) { return squaredNorm(tree).sqrt(); }

    /** The sum of all numbers. */
    public static Tensor sum(Object tree) { return sum(Lists.map(leaves(tree), x -> x.sum())); }

    private static Tensor sum(List<Tensor> scalars) {
        return scalars.stream().reduce((a, b) -> a.add(b.astype(a.dtype())))
                .orElseThrow(() -> new JavelinException("a tree without a floating-point tensor has no norm"));
    }

    /** Whether all numbers are finite, a bool scalar. */
    public static Tensor allFinite(Object tree) {
        return leaves(tree).stream().map(x -> x.isFinite().all()).reduce(Tensor::and)
                .orElse(Array.scalar(1, DType.BOOL));
    }

    /** Zeros in place of all tensors. */
    public static <P> P zeros(P tree) { return Trees.map(tree, t -> Tensor.zeros(t.type())); }

    /** The value in place of all numbers. */
    public static <P> P full(P tree, double value) { return map(tree, t -> Tensor.full(t.type(), value)); }

    /** {@code condition ? a : b}, for every tensor, whatever its type. */
    public static <T> T where(Tensor condition, T a, T b) { return Trees.zip(a, b, condition::where); }

    /** In another floating-point type. */
    public static <P> P cast(P tree, DType type) { return map(tree, x -> x.astype(type)); }

    /** In the floating-point types of another tree. */
    public static <P> P castLike(P tree, P types) {
        return zip("castLike", tree, types, (x, t) -> x.astype(t.dtype()));
    }

    /** The floating-point tensors of a tree, in order. */
    static List<Tensor> leaves(Object tree) {
        return Trees.leaves(tree).stream().filter(t -> t.dtype().isFloat()).toList();
    }

    /** A scalar of the type of the first floating-point tensor. */
    static Tensor scalar(Object tree, double value) {
        return Array.scalar(value, leaves(tree).stream().map(Tensor::dtype).findFirst().orElse(DType.F32));
    }

    /** A vector of zeros in the type of the first floating-point tensor. */
    static Tensor zeros(Object tree, int n) { return Tensor.zeros(TensorType.of(scalar(tree, 0).dtype(), n)); }
}
