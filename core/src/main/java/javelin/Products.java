package javelin;

import java.util.List;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.Concatenate;
import javelin.core.ops.DotGeneral;
import javelin.core.type.Shape;

/**
 * Products of vectors, matrices and tensors by NumPy's names, and what undoes them. Any sums of products: {@link
 * Tensors#einsum}.
 */
public final class Products {
    private Products() {}

    /** The vector product along the last axis, of size 3. */
    public static Tensor cross(Tensor a, Tensor b) {
        if (a.rank() == 0 || b.rank() == 0 || a.size(-1) != 3 || b.size(-1) != 3)
            throw new ShapeException("cross", List.of(a.type(), b.type()),
                    "vectors in the last axis must have three components");
        return turned(a, 1).mul(turned(b, 2)).sub(turned(a, 2).mul(turned(b, 1)));
    }

    private static Tensor turned(Tensor a, int by) {
        return new Concatenate(a.rank() - 1).apply(a.slice(-1, by, 3), a.slice(-1, 0, by));
    }

    public static Tensor outer(Tensor a, Tensor b) { return a.outer(b); }

    /** The sum of products along the last axis. */
    public static Tensor vecdot(Tensor a, Tensor b) {
        Tensor products = a.mul(b);
        return products.sum(products.rank() - 1);
    }

    /** Sums of products over the last {@code axes} axes of a and the first of b. */
    public static Tensor tensordot(Tensor a, Tensor b, int axes) {
        return tensordot(a, b, Lists.range(a.rank() - axes, axes), Lists.range(0, axes));
    }

    /** Sums of products over pairs of axes; a's other axes come first. */
    public static Tensor tensordot(Tensor a, Tensor b, List<Integer> aAxes, List<Integer> bAxes) {
        return DotGeneral.of(List.of(), Lists.map(aAxes, a::axis),
                List.of(), Lists.map(bAxes, b::axis)).apply(a, b);
    }

    /** Sums of products over the last axis of both; a scalar multiplies. */
    public static Tensor inner(Tensor a, Tensor b) {
        return a.rank() == 0 || b.rank() == 0 ? a.mul(b) : tensordot(a, b, List.of(-1), List.of(-1));
    }

    /** The sum of the products of all elements in row-major order. */
    public static Tensor vdot(Tensor a, Tensor b) { return a.reshape(-1).dot(b.reshape(-1)); }

    /** {@code out[i p + k, j q + l] = a[i, j] b[k, l]} for b of p x q; of tensors of one rank likewise. */
    public static Tensor kron(Tensor a, Tensor b) {
        if (a.rank() != b.rank()) {
            boolean first = a.rank() < b.rank();
            return kron(first ? a.expandDims(0) : a, first ? b : b.expandDims(0));
        }
        Shape wide = new Shape(Lists.each(2 * a.rank(), i -> i % 2 == 0 ? a.size(i / 2) : 1)),
                narrow = new Shape(Lists.each(2 * a.rank(), i -> i % 2 == 0 ? 1 : b.size(i / 2)));
        Shape joined = new Shape(Lists.each(a.rank(), i -> a.size(i) * b.size(i)));
        return a.reshape(wide).mul(b.reshape(narrow)).reshape(joined);
    }

    /** The product of matrices (vectors at the ends), in the order that takes the fewest multiplications. */
    public static Tensor multiDot(List<Tensor> matrices) { return MatrixChain.product(matrices); }

    /** The x with {@code tensordot(a, x, x.rank) = b}, of the shape of a's last axes. */
    public static Tensor tensorsolve(Tensor a, Tensor b) {
        Shape rest = new Shape(a.shape().sizes().subList(Math.min(b.rank(), a.rank()), a.rank()));
        if (rest.elements() != b.type().elements())
            throw new ShapeException("tensorsolve", List.of(a.type(), b.type()),
                    "a's last axes must hold as many elements as b");
        return Linalg.solve(a.reshape(b.type().elements(), rest.elements()), b.reshape(-1)).reshape(rest);
    }

    /** The inverse for tensordot over {@code axes} axes: a's first so many axes take the place of its others. */
    public static Tensor tensorinv(Tensor a, int axes) {
        List<Integer> sizes = a.shape().sizes();
        Shape first = new Shape(sizes.subList(0, axes)), last = new Shape(sizes.subList(axes, a.rank()));
        Tensor inverse = Linalg.inv(a.reshape(first.elements(), last.elements()));
        return inverse.reshape(new Shape(Lists.concat(last.sizes(), first.sizes())));
    }
}
