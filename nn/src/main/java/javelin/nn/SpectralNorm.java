package javelin.nn;

import javelin.Tensors;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * A layer whose matrices are divided by their largest singular value, found by {@code steps} power iterations a call
 * from where the last call in training stopped: the collection {@code batch_stats} holds the vector {@code u} [1, out]
 * and the value {@code sigma} of a parameter {@code layer_instance/kernel} below its path. Parameters of more axes are
 * taken as matrices of the last one, others are left alone. Miyato et al., arXiv:1802.05957. (flax.linen.SpectralNorm,
 * whose update_stats is the mode of the scope)
 */
public record SpectralNorm(Layer layer, int steps, double epsilon, boolean matricesOnly) implements Layer {
    public static SpectralNorm of(Layer layer) { return new SpectralNorm(layer, 1, 1e-12, false); }

    public SpectralNorm withSteps(int steps) { return new SpectralNorm(layer, steps, epsilon, matricesOnly); }

    public SpectralNorm withEpsilon(double epsilon) { return new SpectralNorm(layer, steps, epsilon, matricesOnly); }

    /** Refuses parameters of more than two axes. (error_on_non_matrix) */
    public SpectralNorm withMatricesOnly(boolean only) { return new SpectralNorm(layer, steps, epsilon, only); }

    @Override public Tensor call(Scope s, Tensor x) { return call(s, s.bind("layer_instance", layer), x); }

    /** As above, for a layer that has its name from elsewhere. */
    public Tensor call(Scope s, Bound<? extends Layer> inner, Tensor x) {
        return inner.reading((path, w) -> divided(s, path, w), (l, at) -> l.call(at, x));
    }

    private Tensor divided(Scope s, String path, Tensor w) {
        if (w.rank() <= 1 || steps < 1) return w;
        if (w.rank() > 2 && matricesOnly)
            throw new JavelinException("SpectralNorm: " + path + " is " + w.type()
                    + " and not a matrix; allow it with withMatricesOnly(false)");
        Tensor matrix = w.reshape(-1, w.size(-1));
        TensorType row = TensorType.of(w.dtype(), 1, w.size(-1));
        Variable start = s.variable("batch_stats", path + "/u", () -> s.rng(Variables.PARAMS).normal(row));
        Variable value = s.variable("batch_stats", path + "/sigma", () -> Tensors.ones(TensorType.of(w.dtype())));
        Tensor u = start.value(), v = u;
        for (int i = 0; i < steps; i++) {
            v = unit(u.matmul(matrix.transpose()));
            u = unit(v.matmul(matrix));
        }
        u = u.stopGradient();
        Tensor sigma = v.stopGradient().matmul(matrix).matmul(u.transpose()).reshape();
        if (s.isTraining()) {
            start.set(u);
            value.set(sigma);
        }
        return w.div(sigma.ne(0).where(sigma, sigma.like(1)));
    }

    private Tensor unit(Tensor x) { return x.mul(x.square().sum().add(epsilon).rsqrt()); }
}
