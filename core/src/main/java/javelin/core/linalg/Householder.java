package javelin.core.linalg;

/**
 * Reflections {@code H = 1 - tau v v^T} with v[0] = 1 that send a vector to a multiple of the first axis, chosen as
 * LAPACK chooses them: the multiple has the sign opposite to the vector's first element, and a vector that is there
 * already is left alone (tau = 0). Golub and Van Loan, Matrix Computations, section 5.1.
 */
final class Householder {
    private Householder() {}

    /** Overwrites {@code x} with (multiple, v[1], v[2], ...) and returns tau. */
    static double reflect(Matrix x) {
        double alpha = x.at(0), rest = norm(x.from(1, 0));
        if (rest == 0) return 0;
        double beta = -Math.copySign(Math.hypot(alpha, rest), alpha);
        for (int i = 1; i < x.rows(); i++) x.set(i, x.at(i) / (alpha - beta));
        x.set(0, beta);
        return (beta - alpha) / beta;
    }

    static double norm(Matrix x) {
        double largest = 0, sum = 0;
        for (int i = 0; i < x.rows(); i++) largest = Math.max(largest, Math.abs(x.at(i)));
        if (largest == 0 || !(largest <= Double.MAX_VALUE)) return largest;
        for (int i = 0; i < x.rows(); i++) sum += x.at(i) / largest * (x.at(i) / largest);
        return largest * Math.sqrt(sum);
    }

    /** {@code x := H x} for the reflection that {@code v} holds below its first element. */
    static void apply(Matrix v, double tau, Matrix x) {
        if (tau == 0 || x.columns() == 0) return;
        double[] products = new double[x.columns()];
        for (int i = 0; i < x.rows(); i++) {
            double f = i == 0 ? 1 : v.at(i);
            for (int j = 0; j < products.length; j++) products[j] += f * x.at(i, j);
        }
        for (int i = 0; i < x.rows(); i++) {
            double f = tau * (i == 0 ? 1 : v.at(i));
            for (int j = 0; j < products.length; j++) x.set(i, j, x.at(i, j) - f * products[j]);
        }
    }
}
