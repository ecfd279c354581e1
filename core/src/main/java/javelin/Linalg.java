package javelin;

import java.util.ArrayList;
import java.util.List;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.Cholesky;
import javelin.core.ops.ColumnOrder;
import javelin.core.ops.Det;
import javelin.core.ops.Eigh;
import javelin.core.ops.Lu;
import javelin.core.ops.LuSolve;
import javelin.core.ops.Pinv;
import javelin.core.ops.Qr;
import javelin.core.ops.SlogDet;
import javelin.core.ops.Svd;
import javelin.core.ops.TriangularSolve;
import javelin.core.ops.TridiagonalSolve;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Linear algebra, as NumPy's {@code linalg} and parts of SciPy's: functions of matrices in the last two axes, in f32
 * and f64; leading axes are batches, and broadcast where there are two operands. Everything has derivatives in both
 * modes, to any order. Throws {@link ShapeException} for shapes and types that do not fit.
 */
public final class Linalg {
    private Linalg() {}

    // decompositions

    /** {@code a = q r} */
    public record QrFactors(Tensor q, Tensor r) {}

    /** {@code a = p l u}, p being a permutation matrix. */
    public record LuParts(Tensor p, Tensor l, Tensor u) {}

    /**
     * L, without its unit diagonal, and U in one matrix, the rows exchanged in turn, and the order of rows this comes
     * to.
     */
    public record LuFactors(Tensor lu, Tensor pivots, Tensor permutation) {}

    /** Eigenvalues, ascending, and eigenvectors, in columns. */
    public record Eigen(Tensor values, Tensor vectors) {}

    /** {@code a = u diag(s) vt}, s descending. */
    public record Singular(Tensor u, Tensor s, Tensor vt) {}

    /**
     * The lower triangle L with {@code a = L L^T} for a symmetric a, which is (a + a^T) / 2 otherwise; NaN if a is not
     * positive definite.
     */
    public static Tensor cholesky(Tensor a) { return new Cholesky().apply(symmetric("cholesky", a)); }

    private static Tensor symmetric(String what, Tensor a) { return a.add(transpose(square(what, a))).div(2); }

    /** Q with as many columns as R has rows: min(m, n) for an m x n matrix. */
    public static QrFactors qr(Tensor a) { return qr(a, false); }

    /** As above, or, if {@code full}, with a square Q and as many rows in R. */
    public static QrFactors qr(Tensor a, boolean full) {
        List<Tensor> out = Op.apply(new Qr(full), List.of(a));
        return new QrFactors(out.get(0), out.get(1));
    }

    /** {@code a[:, order] = q r}, order being i32. */
    public record PivotedQr(Tensor q, Tensor r, Tensor order) {}

    /** As {@link #qr}, of a's columns in an order that makes R's diagonal descend: the first ones span the most. */
    public static PivotedQr qrPivoted(Tensor a, boolean full) {
        List<Tensor> out = ColumnOrder.qr(a, full);
        return new PivotedQr(out.get(0), out.get(1), out.get(2));
    }

    /** {@code a = u p}: orthonormal columns (rows, if a is wide) in u, a symmetric p without negative eigenvalues. */
    public record Polar(Tensor u, Tensor p) {}

    public static Polar polar(Tensor a) {
        Singular f = svd(a);
        return new Polar(f.u.matmul(f.vt), transpose(f.vt).matmul(f.s.expandDims(-1).mul(f.vt)));
    }

    /** LU decomposition with partial pivoting. */
    public static LuParts lu(Tensor a) {
        LuFactors f = luFactor(a);
        int m = a.size(-2), k = Math.min(m, a.size(-1));
        Tensor order = Tensors.arange(m, DType.I32);
        Tensor p = order.expandDims(-1).eq(f.permutation.expandDims(-2)).astype(a.dtype());
        return new LuParts(p, lower(f.lu.slice(-1, 0, k), -1).add(eye(a, m).slice(-1, 0, k)),
                upper(f.lu.slice(-2, 0, k), 0));
    }

    /** The decomposition for {@link #luSolve}. */
    public static LuFactors luFactor(Tensor a) {
        List<Tensor> out = Op.apply(new Lu(), List.of(a));
        return new LuFactors(out.get(0), out.get(1), out.get(2));
    }

    /**
     * Of a symmetric a, which is (a + a^T) / 2 otherwise. Derivatives of vectors are infinite where eigenvalues
     * coincide.
     */
    public static Eigen eigh(Tensor a) {
        List<Tensor> out = Op.apply(new Eigh(true), List.of(symmetric("eigh", a)));
        return new Eigen(out.get(1), out.get(0));
    }

    public static Tensor eigvalsh(Tensor a) { return eigh(a).values; }

    /**
     * Thin: u and vt have min(m, n) columns and rows. Derivatives of vectors are infinite where singular values
     * coincide.
     */
    public static Singular svd(Tensor a) { return svd(a, false); }

    /** As above, or, if {@code full}, with square u and vt, which have derivatives only if a is square. */
    public static Singular svd(Tensor a, boolean full) {
        List<Tensor> out = Op.apply(new Svd(full ? Svd.Vectors.FULL : Svd.Vectors.THIN), List.of(a));
        return new Singular(out.get(1), out.get(0), out.get(2));
    }

    /** Singular values, descending. */
    public static Tensor svdvals(Tensor a) { return Op.apply(new Svd(Svd.Vectors.NONE), List.of(a)).getFirst(); }

    // systems

    /** The x with {@code a x = b}: b is a vector, or a matrix of right sides with leading axes. */
    public static Tensor solve(Tensor a, Tensor b) {
        return columns("solve", a, b, LuSolve::solve);
    }

    /** With the factors of {@link #luFactor}. */
    public static Tensor luSolve(LuFactors f, Tensor b) {
        Tensor lu = f.lu;
        return columns("luSolve", lu, b, (l, right) -> {
            Tensor order = f.permutation.broadcastTo(l.shape().without(List.of(l.rank() - 1)));
            Tensor rows = right.takeAlongAxis(order.expandDims(-1).broadcastTo(right.shape()), -2);
            return TriangularSolve.left(false).apply(l, TriangularSolve.left(true).withUnitDiagonal().apply(l, rows));
        });
    }

    /** The x with {@code a x = b}, reading one triangle of a only. */
    public static Tensor solveTriangular(Tensor a, Tensor b, boolean lower) {
        return solveTriangular(a, b, lower, false, false);
    }

    /** As above with a's transpose if {@code transpose}; a's diagonal is taken to be 1 if {@code unit}. */
    public static Tensor solveTriangular(Tensor a, Tensor b, boolean lower, boolean transpose, boolean unit) {
        return columns("solveTriangular", a, b, new TriangularSolve(true, lower, transpose, unit)::apply);
    }

    /** The x with {@code a x = b} for {@code a = l l^T}, l being what {@link #cholesky} gives. */
    public static Tensor choleskySolve(Tensor l, Tensor b) {
        return solveTriangular(l, solveTriangular(l, b, true), true, true, false);
    }

    /**
     * {@code lower[i] x[i-1] + diagonal[i] x[i] + upper[i] x[i+1] = b[i]}; lower[0] and the last of upper are not read.
     */
    public static Tensor solveTridiagonal(Tensor lower, Tensor diagonal, Tensor upper, Tensor b) {
        boolean vector = b.rank() == diagonal.rank();
        Tensor x = new TridiagonalSolve().apply(lower, diagonal, upper, vector ? b.expandDims(-1) : b);
        return vector ? x.squeeze(-1) : x;
    }

    public static Tensor inv(Tensor a) { return solve(a, eye(a, a.size(-1))); }

    /** The pseudo-inverse; singular values up to 10 max(m, n) eps times the largest count as 0. */
    public static Tensor pinv(Tensor a) {
        return pinv(a, 10 * Math.max(matrix("pinv", a).size(-1), a.size(-2)) * epsilon(a));
    }

    /** The pseudo-inverse; singular values up to {@code rtol} times the largest count as 0. */
    public static Tensor pinv(Tensor a, double rtol) { return new Pinv(rtol).apply(a); }

    /** The solution, sums of squared residuals (one a column of b), the rank i32, and the singular values. */
    public record LeastSquares(Tensor x, Tensor residuals, Tensor rank, Tensor singular) {}

    /**
     * The x of least norm that makes {@code |a x - b|} least; singular values below max(m, n) eps times the largest
     * count as 0.
     */
    public static LeastSquares lstsq(Tensor a, Tensor b) {
        return lstsq(a, b, Math.max(a.size(-1), a.size(-2)) * epsilon(a));
    }

    public static LeastSquares lstsq(Tensor a, Tensor b, double rcond) {
        if (a.rank() != 2 || b.rank() > 2 || b.rank() == 0 || b.size(0) != a.size(0))
            throw new ShapeException("lstsq", List.of(a.type(), b.type()),
                    "takes a matrix and a vector or matrix with as many rows");
        Tensor right = b.rank() == 1 ? b.expandDims(-1) : b;
        if (a.type().elements() == 0)
            return new LeastSquares(Tensor.zeros(b.type().withShape(b.shape().dropFirst().prepend(a.size(1)))),
                    right.square().sum(0), Tensor.zeros(TensorType.i32()), Tensor.zeros(TensorType.of(a.dtype(), 0)));
        Singular f = svd(a);
        Tensor used = f.s.gt(0).and(f.s.ge(f.s.index(0).mul(rcond)));
        Tensor inverse = used.where(used.where(f.s, f.s.like(1)).reciprocal(), f.s.like(0));
        Tensor x = transpose(f.vt).matmul(inverse.expandDims(-1).mul(transpose(f.u).matmul(right)));
        Tensor residuals = right.sub(a.matmul(x)).square().sum(0);
        return new LeastSquares(b.rank() == 1 ? x.squeeze(-1) : x, residuals, used.astype(DType.I32).sum(), f.s);
    }

    // numbers that tell about a matrix

    /** The determinant; its derivative exists for singular matrices too. */
    public static Tensor det(Tensor a) {
        int n = square("det", a).size(-1);
        return switch (n) {
            case 1 -> element(a, 0, 0);
            case 2 -> element(a, 0, 0).mul(element(a, 1, 1)).sub(element(a, 0, 1).mul(element(a, 1, 0)));
            case 3 -> minor(a, 0, 1, 2).add(minor(a, 1, 2, 0)).add(minor(a, 2, 0, 1));
            default -> new Det().apply(a);
        };
    }

    /** One of the three terms of a 3 x 3 determinant. */
    private static Tensor minor(Tensor a, int i, int j, int k) {
        return element(a, 0, i).mul(element(a, 1, j).mul(element(a, 2, k)).sub(element(a, 1, k).mul(element(a, 2, j))));
    }

    private static Tensor element(Tensor a, int i, int j) { return a.index(-2, i).index(-1, j); }

    /** The sign of a determinant, and the logarithm of its magnitude. */
    public record SignAndLog(Tensor sign, Tensor logMagnitude) {}

    public static SignAndLog slogdet(Tensor a) {
        List<Tensor> out = Op.apply(new SlogDet(), List.of(a));
        return new SignAndLog(out.get(0), out.get(1));
    }

    /** How many singular values are above max(m, n) eps times the largest: i32. */
    public static Tensor matrixRank(Tensor a) {
        return matrixRank(a, Math.max(matrix("matrixRank", a).size(-1), a.size(-2)) * epsilon(a));
    }

    public static Tensor matrixRank(Tensor a, double rtol) {
        Tensor s = svdvals(a);
        return s.gt(s.slice(-1, 0, 1).mul(rtol)).astype(DType.I32).sum(s.rank() - 1);
    }

    /** The largest singular value over the smallest. */
    public static Tensor cond(Tensor a) {
        Tensor s = svdvals(a);
        return s.index(-1, 0).div(s.index(-1, -1));
    }

    /** {@code norm(a) norm(a^-1)} in a norm of {@link #matrixNorm}. */
    public static Tensor cond(Tensor a, double order) { return matrixNorm(a, order).mul(matrixNorm(inv(a), order)); }

    /** The square root of the sum of all squares, whatever the rank (Frobenius' norm of a matrix). */
    public static Tensor norm(Tensor x) { return x.square().sum().sqrt(); }

    /** {@link #vectorNorm} of a vector, {@link #matrixNorm} of a matrix. */
    public static Tensor norm(Tensor x, double order) {
        return switch (x.rank()) {
            case 1 -> vectorNorm(x, order, 0);
            case 2 -> matrixNorm(x, order);
            default -> throw new ShapeException("norm", List.of(x.type()),
                    "say what the axes are: use vectorNorm or matrixNorm");
        };
    }

    /**
     * {@code (sum |x|^order)^(1/order)} along the given axes, along all if none is given; the largest and the least
     * magnitude for +-infinity, the number of elements that are not 0 for order 0.
     */
    public static Tensor vectorNorm(Tensor x, double order, int... axes) {
        if (order == Double.POSITIVE_INFINITY) return x.abs().max(axes);
        if (order == Double.NEGATIVE_INFINITY) return x.abs().min(axes);
        if (order == 0) return x.ne(0).astype(x.dtype()).sum(axes);
        if (order == 1) return x.abs().sum(axes);
        return order == 2 ? x.square().sum(axes).sqrt() : x.abs().pow(order).sum(axes).pow(x.like(1 / order));
    }

    /**
     * The largest (least, for negative orders) sum of magnitudes of a column (order 1) or row (infinity), or singular
     * value (2).
     */
    public static Tensor matrixNorm(Tensor a, double order) {
        int last = matrix("matrixNorm", a).rank() - 1;
        double kind = Math.abs(order);
        if (kind != 1 && kind != 2 && kind != Double.POSITIVE_INFINITY)
            throw new ShapeException("matrixNorm[" + order + "]", List.of(a.type()),
                    "orders are 1, 2, infinity and their negatives; "
                    + "see also frobeniusNorm and nuclearNorm");
        Tensor values = kind == 2 ? svdvals(a) : kind == 1 ? a.abs().sum(last - 1) : a.abs().sum(last);
        return order > 0 ? values.max(last - 1) : values.min(last - 1);
    }

    public static Tensor frobeniusNorm(Tensor a) { return vectorNorm(matrix("frobeniusNorm", a), 2, -2, -1); }

    /** The sum of the singular values. */
    public static Tensor nuclearNorm(Tensor a) { return svdvals(a).sum(a.rank() - 2); }

    /** The sum of the diagonal. */
    public static Tensor trace(Tensor a) { return diagonal(a).sum(a.rank() - 2); }

    public static Tensor diagonal(Tensor a) { return diagonal(a, 0); }

    /** The elements {@code a[i, i + offset]}. */
    public static Tensor diagonal(Tensor a, int offset) {
        int rows = matrix("diagonal", a).size(-2), columns = a.size(-1);
        int top = Math.max(0, -offset), left = Math.max(0, offset);
        int n = Math.max(0, Math.min(rows - top, columns - left));
        // every (columns + 1)-th element of the matrix as one row
        Tensor row = a.reshape(a.shape().without(List.of(a.rank() - 2, a.rank() - 1)).insert(a.rank() - 2,
                rows * columns));
        int from = top * columns + left;
        return n == 0 ? row.slice(-1, 0, 0) : row.slice(-1, from, from + (n - 1) * (columns + 1) + 1, columns + 1);
    }

    // functions of matrices

    /** {@code a} times itself {@code n} times; the inverse for a negative n. */
    public static Tensor matrixPower(Tensor a, int n) {
        if (n == 0) return eye(square("matrixPower", a), a.size(-1)).broadcastTo(a.shape());
        Tensor square = n < 0 ? inv(a) : square("matrixPower", a), power = null;
        for (int k = Math.abs(n); k > 0; k >>= 1) {
            if ((k & 1) != 0) power = power == null ? square : power.matmul(square);
            if (k > 1) square = square.matmul(square);
        }
        return power;
    }

    /** {@code sum of a^k / k!} */
    public static Tensor expm(Tensor a) { return MatrixExponential.of(square("expm", a)); }

    /** The matrices, in a chain along the diagonal of one. */
    public static Tensor blockDiag(List<Tensor> matrices) {
        int columns = matrices.stream().mapToInt(m -> m.size(-1)).sum(), at = 0;
        List<Tensor> rows = new ArrayList<>();
        for (Tensor m : matrices) {
            rows.add(m.pad(-1, at, columns - at - m.size(-1), 0));
            at += m.size(-1);
        }
        return Tensors.concatenate(rows, -2);
    }

    /** The last two axes exchanged. */
    public static Tensor transpose(Tensor a) { return matrix("transpose", a).swapAxes(-1, -2); }

    /** The lower triangle with {@code diagonals} more diagonals above; the rest is 0. */
    public static Tensor lower(Tensor a, int diagonals) { return triangle(a, diagonals).where(a, a.like(0)); }

    /** The upper triangle from {@code diagonals} right of the diagonal on; the rest is 0. */
    public static Tensor upper(Tensor a, int diagonals) { return triangle(a, diagonals - 1).where(a.like(0), a); }

    private static Tensor triangle(Tensor a, int diagonals) {
        TensorType type = TensorType.i32(matrix("triangle", a).size(-2), a.size(-1));
        return Tensors.iota(type, 0).add(diagonals).ge(Tensors.iota(type, 1));
    }

    // what these have in common

    private interface System { Tensor solve(Tensor a, Tensor b); }

    /** Solves for a vector or a matrix of right sides, with the leading axes of both operands broadcast. */
    private static Tensor columns(String what, Tensor a, Tensor b, System system) {
        square(what, a);
        boolean vector = b.rank() == 1;
        Tensor right = vector ? b.expandDims(-1) : b;
        if (right.rank() < 2 || right.size(-2) != a.size(-1))
            throw new ShapeException(what, List.of(a.type(), b.type()), "the matrix has " + a.size(-1)
                    + " rows, and so must the right side; "
                    + "give a vector, or matrices in the last two axes");
        Shape lead = leading(a).add(leading(right)).shape();
        Tensor x = system.solve(a.broadcastTo(ending(lead, a)), right.broadcastTo(ending(lead, right)));
        return vector ? x.squeeze(-1) : x;
    }

    /** Stands for the leading axes of {@code a}, to be broadcast. */
    private static Tensor leading(Tensor a) {
        return Tensor.zeros(TensorType.i32().withShape(new Shape(a.shape().sizes().subList(0, a.rank() - 2))));
    }

    private static Shape ending(Shape lead, Tensor a) {
        return new Shape(Lists.concat(lead.sizes(), a.shape().sizes().subList(a.rank() - 2, a.rank())));
    }

    private static Tensor eye(Tensor a, int n) { return Tensors.eye(n, a.dtype()); }

    private static double epsilon(Tensor a) { return Math.scalb(1.0, -a.dtype().fractionBits()); }

    static Tensor matrix(String what, Tensor a) {
        if (a.rank() < 2) throw new ShapeException(what, List.of(a.type()),
                "the input has rank " + a.rank() + "; matrices need two axes");
        return a;
    }

    static Tensor square(String what, Tensor a) {
        if (matrix(what, a).size(-1) != a.size(-2))
            throw new ShapeException(what, List.of(a.type()), "the matrix is not square: it has " + a.size(-2)
                    + " rows and " + a.size(-1) + " columns; they must be equal");
        return a;
    }
}
