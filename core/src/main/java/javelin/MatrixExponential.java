package javelin;

import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * The exponential of matrices by scaling, a diagonal Pade approximant, and squaring: Higham, "The scaling and squaring
 * method for the matrix exponential revisited", SIAM J. Matrix Anal. Appl. 26, 2005, of degree 13 in f64 and 7 in f32.
 */
final class MatrixExponential {
    private static final double[] DEGREE_7 = {17297280, 8648640, 1995840, 277200, 25200, 1512, 56, 1};
    private static final double[] DEGREE_13 = {64764752532480000.0,
            32382376266240000.0, 7771770303897600.0, 1187353796428800.0, 129060195264000.0, 10559470521600.0,
                    670442572800.0, 33522128640.0,
            1323241920, 40840800, 960960, 16380, 182, 1};
    // the largest 1-norm for which the approximant is exact to rounding: Higham's table 2.3
    private static final double LARGEST_7 = 3.925724783138660, LARGEST_13 = 5.371920351148152;
    private static final int MOST_SQUARINGS = 16;

    private MatrixExponential() {}

    static Tensor of(Tensor a) {
        if (a.type().elements() == 0) return a;
        boolean single = a.dtype() != DType.F64;
        Tensor norm = a.abs().sum(a.rank() - 2).max(a.rank() - 2).stopGradient();
        Tensor squarings = norm.div(single ? LARGEST_7 : LARGEST_13).log().div(Math.log(2)).ceil().maximum(0);
        Tensor halvings = Tensors.arange(MOST_SQUARINGS, a.dtype()).lt(squarings.expandDims(-1)).where(a.like(0.5),
                a.like(1));
        Tensor small = a.mul(halvings.prod(-1).expandDims(-1).expandDims(-1));
        Tensor power = squared(approximant(small, single ? DEGREE_7 : DEGREE_13), squarings);
        Tensor fits = squarings.le(MOST_SQUARINGS);
        return fits.expandDims(-1).expandDims(-1).where(power, power.like(Double.NaN));
    }

    /** {@code (V - U)^-1 (V + U)}, where V has the even powers of a and U the odd ones. */
    private static Tensor approximant(Tensor a, double[] b) {
        Tensor square = a.matmul(a), eye = Tensors.eye(a.size(-1), a.dtype()).broadcastTo(a.shape()), power = eye;
        Tensor even = eye.mul(b[0]), odd = eye.mul(b[1]);
        for (int k = 2; k < b.length; k += 2) {
            power = k == 2 ? square : power.matmul(square);
            even = even.add(power.mul(b[k]));
            odd = odd.add(power.mul(b[k + 1]));
        }
        Tensor u = a.matmul(odd);
        return Linalg.solve(even.sub(u), even.add(u));
    }

    private static Tensor squared(Tensor x, Tensor times) {
        if (x.rank() == 2)
            return Control.foriLoop(0, MOST_SQUARINGS, (i, c) ->
                    Control.cond(i.astype(times.dtype()).lt(times), (Tensor y) -> y.matmul(y), y -> y, c), x);
        return Control.foriLoop(0, MOST_SQUARINGS, (i, c) ->
                i.astype(times.dtype()).lt(times).expandDims(-1).expandDims(-1).where(c.matmul(c), c), x);
    }
}
