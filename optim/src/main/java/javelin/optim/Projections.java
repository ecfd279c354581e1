package javelin.optim;

import java.util.List;
import javelin.Control;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * The nearest point of a convex set, or of a sphere, to a tree taken as one vector: after each update, for parameters
 * that must stay in the set. All are differentiable. (optax.projections)
 */
public final class Projections {
    private Projections() {}

    /** {@code x >= 0} */
    public static <P> P nonNegative(P tree) { return TreeMath.map(tree, x -> x.maximum(0)); }

    /** {@code low <= x <= high} */
    public static <P> P box(P tree, double low, double high) { return TreeMath.map(tree, x -> x.clip(low, high)); }

    /** As above, with bounds for every number: trees of the same structure. */
    public static <P> P box(P tree, P low, P high) { return TreeMath.zip("box", tree, low, high, Tensor::clip); }

    /** {@code 0 <= x <= scale} */
    public static <P> P hypercube(P tree, double scale) { return box(tree, 0, scale); }

    /** {@code x >= 0} with the sum {@code scale}. */
    public static <P> P simplex(P tree, double scale) {
        Tensor shift = simplexShift(TreeMath.leaves(tree), scale);
        return TreeMath.map(tree, x -> x.sub(shift.astype(x.dtype())).maximum(0));
    }

    /**
     * What is to be subtracted from all numbers: the mean, beyond {@code scale}, of those that stay positive.
     * Michelot, "A finite algorithm for finding the projection of a point onto the canonical simplex", 1986: numbers
     * that would become negative are left out until there are none. The loop finds which; the derivative is that of
     * their mean.
     */
    private static Tensor simplexShift(List<Tensor> all, double scale) {
        record Search(Tensor shift, Tensor left) {}
        List<Tensor> fixed = Lists.map(all, Tensor::stopGradient);
        Tensor start = meanAbove(fixed, fixed.getFirst().like(Double.NEGATIVE_INFINITY), scale);
        Search end = Control.whileLoop((Search s) -> s.left(), s -> {
            Tensor next = meanAbove(fixed, s.shift(), scale);
            return new Search(next, next.gt(s.shift()));
        }, new Search(start, Array.scalar(1, DType.BOOL)));
        return meanAbove(all, end.shift().stopGradient(), scale);
    }

    /** {@code (sum of the numbers above the bound - scale) / how many they are} */
    private static Tensor meanAbove(List<Tensor> all, Tensor bound, double scale) {
        List<Tensor> above = Lists.map(all, x -> x.gt(bound.astype(x.dtype())).astype(x.dtype()));
        Tensor sum = TreeMath.sum(Lists.each(all.size(), i -> above.get(i).eq(0)
                .where(all.get(i).like(0), all.get(i))));
        return sum.sub(scale).div(TreeMath.sum(above).astype(sum.dtype()));
    }

    /** The sum of {@code |x|} is {@code scale}. */
    public static <P> P l1Sphere(P tree, double scale) {
        P magnitudes = simplex(TreeMath.map(tree, Tensor::abs), scale);
        return TreeMath.zip("l1Sphere", tree, magnitudes, (x, m) -> x.sign().mul(m));
    }

    /** The sum of {@code |x|} is {@code scale} or less. */
    public static <P> P l1Ball(P tree, double scale) {
        Tensor inside = TreeMath.sum(TreeMath.map(tree, Tensor::abs)).le(scale);
        return TreeMath.where(inside, tree, l1Sphere(tree, scale));
    }

    /** {@code |x| = scale} */
    public static <P> P l2Sphere(P tree, double scale) {
        return TreeMath.scale(TreeMath.norm(tree).reciprocal().mul(scale), tree);
    }

    /** {@code |x| <= scale} */
    public static <P> P l2Ball(P tree, double scale) {
        return TreeMath.scale(TreeMath.squaredNorm(tree).maximum(scale * scale).rsqrt().mul(scale), tree);
    }

    /** {@code -scale <= x <= scale} */
    public static <P> P linfBall(P tree, double scale) { return box(tree, -scale, scale); }

    /** The multiples of {@code a}. */
    public static <P> P vector(P tree, P a) {
        return TreeMath.scale(TreeMath.dot(tree, a).div(TreeMath.squaredNorm(a)), a);
    }

    /** {@code <a, x> = b} */
    public static <P> P hyperplane(P tree, P a, double b) { return TreeMath.addScaled(tree, excess(tree, a, b), a); }

    /** {@code <a, x> <= b} */
    public static <P> P halfspace(P tree, P a, double b) {
        return TreeMath.addScaled(tree, excess(tree, a, b).minimum(0), a);
    }

    private static <P> Tensor excess(P tree, P a, double b) {
        return TreeMath.dot(tree, a).neg().add(b).div(TreeMath.squaredNorm(a));
    }
}
