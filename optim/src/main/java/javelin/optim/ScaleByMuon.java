package javelin.optim;

import java.util.List;
import javelin.Linalg;
import javelin.core.JavelinException;
import javelin.core.Tensor;

/**
 * Momentum whose matrices are made orthogonal, all their singular values about 1, by Newton and Schulz' iteration
 * {@code a X + (b X X' + c (X X')^2) X}. All parameters must be matrices. Jordan et al., "Muon: an optimizer for hidden
 * layers in neural networks", 2024. (optax.contrib.scale_by_muon)
 */
public record ScaleByMuon<P>(Settings settings) implements GradientTransformation<P, ScaleByMuon.State<P>> {

    /**
     * @param coefficients   a, b, c of every step, or a row for each step
     * @param steps          how many, if the coefficients are the same for all
     * @param beta           decay of the momentum
     * @param adaptive       whether the result is multiplied by its product with the momentum
     * @param preconditioned how matrices are brought to norm 1 or less
     */
    public record Settings(List<List<Double>> coefficients, int steps, double beta, double eps, boolean nesterov,
            boolean adaptive, Preconditioning preconditioned) {
        /** Jordan's coefficients, 5 steps, 0.95, 1e-8, with Nesterov, by the Frobenius norm. */
        public static final Settings DEFAULT = new Settings(List.of(List.of(3.4445, -4.7750, 2.0315)), 5, 0.95, 1e-8,
                true, false, Preconditioning.FROBENIUS);
    }

    /** By the norm of all entries; by the largest singular value; by row sums of {@code X X'}; by its norm. */
    public enum Preconditioning { FROBENIUS, SPECTRAL, AOL, SCHATTEN }

    public record State<P>(Tensor count, P mu) implements Counted {}

    @Override public State<P> init(P params) { return new State<>(Counted.none(), TreeMath.zeros(params)); }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        Tensor count = Counted.next(state.count());
        P mu = Moments.mean("muon", gradients, state.mu(), settings.beta());
        P direction = Decays.DEFAULT.withB1(settings.beta()).withNesterov(settings.nesterov())
                .direction(mu, gradients, count);
        return new Step<>(TreeMath.map(direction, this::update), new State<>(count, mu));
    }

    private Tensor update(Tensor x) {
        if (x.rank() != 2)
            throw new JavelinException("muon is for matrices and is given " + x.type()
                    + "; use Optimizers.muon, which gives the others to Adam");
        Tensor y = orthogonal(x);
        return settings.adaptive() ? y.mul(x.mul(y).sum()) : y;
    }

    private Tensor orthogonal(Tensor x) {
        if (x.size(0) > x.size(1)) return orthogonal(x.transpose()).transpose();
        Tensor y = switch (settings.preconditioned()) {
            case FROBENIUS -> x.div(x.square().sum().sqrt().add(settings.eps()));
            case SPECTRAL -> x.div(Linalg.svdvals(x).index(0).add(settings.eps()));
            case AOL, SCHATTEN -> x;
        };
        var rows = settings.coefficients();
        int steps = rows.size() == 1 ? settings.steps() : rows.size();
        for (int i = 0; i < steps; i++) y = iteration(y, rows.get(rows.size() == 1 ? 0 : i), i == 0 && y == x);
        return y;
    }

    private Tensor iteration(Tensor x, List<Double> abc, boolean scaled) {
        Tensor product = x.matmul(x.transpose());
        if (scaled) {
            boolean rows = settings.preconditioned() == Preconditioning.AOL;
            Tensor size = rows ? product.keep(product.abs().sum(1), 1) : product.square().sum().sqrt();
            Tensor s = size.maximum(1e-8).rsqrt();
            x = x.mul(s);
            product = product.mul(s).mul(rows ? s.transpose() : s);
        }
        Tensor even = product.mul(abc.get(1)).add(product.mul(abc.get(2)).matmul(product));
        return x.mul(abc.get(0)).add(even.matmul(x));
    }
}
