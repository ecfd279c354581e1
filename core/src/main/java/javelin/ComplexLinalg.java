package javelin;

import java.util.List;
import java.util.function.UnaryOperator;
import javelin.core.Lists;
import javelin.core.OutOfRange;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.Shape;

/**
 * Linear algebra of complex matrices in the last two axes; leading axes are batches. A matrix is treated as the real
 * one of twice the size in which {@code a + b i} is the block {@code [[a, -b], [b, a]]}: sums, products, inverses and
 * triangular factors of such matrices are such matrices, so the algorithms of {@link Linalg} and their derivatives
 * serve. Throws {@link ShapeException} for shapes that do not fit.
 */
public final class ComplexLinalg {
    private ComplexLinalg() {}

    /** {@code a = q r}, the diagonal of r being real and not negative. */
    public record QrFactors(Complex q, Complex r) {}

    /** The direction of a determinant, of magnitude 1, and the logarithm of its magnitude. */
    public record SignAndLog(Complex sign, Tensor logMagnitude) {}

    /** The conjugate of the transpose. */
    public static Complex adjoint(Complex a) { return matrix("adjoint", a).swapAxes(-1, -2).conj(); }

    /** The sum of products, those of the first conjugated, of all elements in row-major order. */
    public static Complex vdot(Complex a, Complex b) { return a.conj().reshape(-1).dot(b.reshape(-1)); }

    // systems

    /** The x with {@code a x = b}: b is a vector, or a matrix of right sides with leading axes. */
    public static Complex solve(Complex a, Complex b) {
        return solved(a, b, column -> Linalg.solve(blocks(square("solve", a)), column));
    }

    /** The x with {@code a x = b}, reading one triangle of a only. */
    public static Complex solveTriangular(Complex a, Complex b, boolean lower) {
        // rows turned so that the diagonal is real: its blocks are diagonal then, and the whole is triangular
        Complex turn = square("solveTriangular", a).each(Linalg::diagonal).sign().conj().expandDims(-1);
        Complex right = b.rank() == 1 ? b.mul(turn.squeeze(-1)) : b.mul(turn);
        return solved(a, right, column -> Linalg.solveTriangular(blocks(a.mul(turn)), column, lower));
    }

    public static Complex inv(Complex a) { return through(Linalg::inv, square("inv", a)); }

    /** The pseudo-inverse; small singular values count as 0. */
    public static Complex pinv(Complex a) { return through(Linalg::pinv, matrix("pinv", a)); }

    /** {@code sum of a^k / k!} */
    public static Complex expm(Complex a) { return through(Linalg::expm, square("expm", a)); }

    // decompositions

    /**
     * The lower triangle L with {@code a = L adjoint(L)} for a Hermitian a, which is (a + adjoint(a)) / 2 otherwise;
     * NaN if a is not positive definite.
     */
    public static Complex cholesky(Complex a) { return through(Linalg::cholesky, square("cholesky", a)); }

    /** Q with as many columns as R has rows: min(m, n) for an m x n matrix of full rank. */
    public static QrFactors qr(Complex a) {
        Linalg.QrFactors real = Linalg.qr(blocks(matrix("qr", a)));
        Tensor signs = Arithmetic.copysign(a.re().like(1), Linalg.diagonal(real.r()));
        return new QrFactors(complex(real.q().mul(signs.expandDims(-2))), complex(real.r().mul(signs.expandDims(-1))));
    }

    /** Singular values, descending; with derivatives where no two are equal. */
    public static Tensor svdvals(Complex a) {
        return Linalg.svdvals(blocks(matrix("svdvals", a))).slice(-1, 0, 2 * Math.min(a.size(-1), a.size(-2)), 2);
    }

    /** Eigenvalues, ascending, of a Hermitian a, which is (a + adjoint(a)) / 2 otherwise. */
    public static Tensor eigvalsh(Complex a) {
        return Linalg.eigvalsh(blocks(square("eigvalsh", a))).slice(-1, 0, 2 * a.size(-1), 2);
    }

    // numbers that tell about a matrix

    /** The square root of the sum of all squared magnitudes, whatever the rank. */
    public static Tensor norm(Complex a) { return a.squaredAbs().sum().sqrt(); }

    /** The determinant, with derivatives where it is not 0. */
    public static Complex det(Complex a) { return eliminated("det", a).carry().second(); }

    /** Of a matrix that is not singular. */
    public static SignAndLog slogdet(Complex a) {
        Complex pivots = eliminated("slogdet", a).outputs();
        Tensor angle = pivots.angle().sum(0);
        return new SignAndLog(Complex.polar(angle.mul(0).add(1), angle), pivots.log().re().sum(0));
    }

    /**
     * Gauss's elimination with partial pivoting, a column at a time: the determinant beside the rest of the matrix, and
     * the pivots, negative where rows were exchanged.
     */
    private static Control.Scanned<Pair<Complex, Complex>, Complex> eliminated(String what, Complex a) {
        int n = square(what, a).size(-1);
        Tensor rows = Tensors.arange(n, DType.I32);
        Complex one = Complex.ones(a.type().withShape(new Shape(a.shape().sizes().subList(0, a.rank() - 2))));
        if (n == 0) return new Control.Scanned<>(new Pair<>(a, one), one.each(t -> t.broadcastLeading(0)));
        return Control.scan((Pair<Complex, Complex> before, Tensor k) -> {
            Complex m = before.first(), column = m.each(t -> t.take(k, -1, OutOfRange.CLIP));
            Tensor size = column.re().abs().add(column.im().abs());
            Tensor from = rows.ge(k).where(size, size.like(-1)).argMax(-1).expandDims(-1);
            Complex top = m.each(t -> t.take(k, -2, OutOfRange.CLIP)).expandDims(-2);
            Complex row = m.each(t -> t.takeAlongAxis(from.expandDims(-1), -2, OutOfRange.CLIP));
            Complex pivot = row.squeeze(-2).each(t -> t.take(k, -1, OutOfRange.CLIP)).expandDims(-1);
            Tensor own = rows.eq(k).expandDims(-1), chosen = rows.eq(from).expandDims(-1);
            Complex exchanged = Complex.where(own, row, Complex.where(chosen, top, m));
            Tensor zero = pivot.eq(Complex.zeros(pivot.type()));
            Complex left = exchanged.each(t -> t.take(k, -1, OutOfRange.CLIP));
            Complex factor = left.div(Complex.where(zero, Complex.ones(pivot.type()), pivot));
            Complex below = Complex.where(rows.gt(k), factor, Complex.zeros(factor.type())).expandDims(-1);
            Complex signed = Complex.where(from.ne(k), pivot.neg(), pivot).squeeze(-1);
            return new Control.Step<>(new Pair<>(exchanged.sub(below.mul(row)), before.second().mul(signed)), signed);
        }, new Pair<>(a, one), rows);
    }

    // as real matrices

    private static Tensor blocks(Complex a) {
        Tensor upper = Tensors.stack(List.of(a.re(), a.im().neg()), -1);
        Tensor lower = Tensors.stack(List.of(a.im(), a.re()), -1);
        return Tensors.stack(List.of(upper, lower), -3).reshape(ending(a, 2 * a.size(-2), 2 * a.size(-1)));
    }

    /** The first column of every block. */
    private static Complex complex(Tensor blocks) {
        Tensor left = blocks.slice(-1, 0, blocks.size(-1), 2);
        return new Complex(left.slice(-2, 0, left.size(-2), 2), left.slice(-2, 1, left.size(-2), 2));
    }

    private static Complex through(UnaryOperator<Tensor> f, Complex a) { return complex(f.apply(blocks(a))); }

    /** A solution by columns in which real and imaginary parts alternate. */
    private static Complex solved(Complex a, Complex b, UnaryOperator<Tensor> solve) {
        Complex right = b.rank() == 1 ? b.expandDims(-1) : b;
        if (right.rank() < 2 || right.size(-2) != a.size(-1))
            throw new ShapeException("solve", List.of(a.type(), b.type()), "the matrix has " + a.size(-1)
                    + " rows, and so must the right side: a vector, or matrices in the last two axes");
        Tensor columns = Tensors.stack(List.of(right.re(), right.im()), -2);
        Tensor x = solve.apply(columns.reshape(ending(right, 2 * right.size(-2), right.size(-1))));
        Complex found = new Complex(x.slice(-2, 0, x.size(-2), 2), x.slice(-2, 1, x.size(-2), 2));
        return b.rank() == 1 ? found.squeeze(-1) : found;
    }

    private static Shape ending(Complex a, int rows, int columns) {
        return new Shape(Lists.concat(a.shape().sizes().subList(0, a.rank() - 2), List.of(rows, columns)));
    }

    private static Complex matrix(String what, Complex a) {
        Linalg.matrix(what, a.re());
        return a;
    }

    private static Complex square(String what, Complex a) {
        Linalg.square(what, a.re());
        return a;
    }
}
