package javelin.optim;

import java.util.Optional;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * The constants of Adam and its kin. They are part of the program and not of the state: {@code 1 - b1} is rounded once.
 *
 * @param b1       decay of the mean of gradients, in [0, 1)
 * @param b2       decay of the mean of squared gradients, in [0, 1)
 * @param eps      added to the root: after the correction for the start, as in PyTorch
 * @param epsRoot  added under the root, for derivatives of updates where v is 0
 * @param nesterov Dozat's variant: {@code b1 m / (1 - b1^(t+1)) + (1 - b1) g / (1 - b1^t)} in place of {@code m / (1 -
 *                 b1^t)}
 * @param meanType the type in which the mean of gradients is kept, if not that of the parameters (mu_dtype)
 */
public record Decays(double b1, double b2, double eps, double epsRoot, boolean nesterov, Optional<DType> meanType) {
    /** 0.9, 0.999, 1e-8, 0, without Nesterov. */
    public static final Decays DEFAULT = new Decays(0.9, 0.999, 1e-8, 0, false, Optional.empty());

    public Decays {
        if (!(b1 >= 0 && b1 < 1 && b2 >= 0 && b2 < 1))
            throw new JavelinException("adam: b1 = " + b1 + " and b2 = " + b2 + " must be in [0, 1)");
    }

    public Decays withB1(double b1) { return new Decays(b1, b2, eps, epsRoot, nesterov, meanType); }

    public Decays withB2(double b2) { return new Decays(b1, b2, eps, epsRoot, nesterov, meanType); }

    public Decays withEps(double eps) { return new Decays(b1, b2, eps, epsRoot, nesterov, meanType); }

    public Decays withEpsRoot(double epsRoot) { return new Decays(b1, b2, eps, epsRoot, nesterov, meanType); }

    public Decays withNesterov(boolean nesterov) { return new Decays(b1, b2, eps, epsRoot, nesterov, meanType); }

    public Decays withMeanType(DType type) { return new Decays(b1, b2, eps, epsRoot, nesterov, Optional.of(type)); }

    /** Zeros to keep the mean of gradients in. */
    <P> P noMean(P params) {
        P zeros = TreeMath.zeros(params);
        return meanType.isEmpty() ? zeros : TreeMath.cast(zeros, meanType.get());
    }

    /** The corrected mean, or with Nesterov's momentum what it will be one step on if the gradient stays. */
    <P> P direction(P mean, P gradients, Tensor count) {
        if (!nesterov) return Moments.corrected(mean, b1, count);
        var ahead = Moments.correction(b1, Counted.next(count));
        var now = Moments.correction(b1, count);
        return TreeMath.zip("adam", mean, gradients, (m, g) ->
                ahead.apply(m).mul(b1).add(now.apply(g).astype(m.dtype()).mul(1 - b1)));
    }

    /** {@code direction / (sqrt(v + epsRoot) + eps)} */
    <P> P divided(P direction, P v) {
        return TreeMath.zip("adam", direction, v, (m, x) -> m.div(root(x).astype(m.dtype())));
    }

    Tensor root(Tensor v) { return (epsRoot == 0 ? v : v.add(epsRoot)).sqrt().add(eps); }
}
