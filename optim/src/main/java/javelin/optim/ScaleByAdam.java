package javelin.optim;

import java.util.EnumMap;
import java.util.Map;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * Adam's direction: with {@code m = b1 m + (1 - b1) g}, {@code v = b2 v + (1 - b2) g^2} and t the count of updates,
 * {@code m / (1 - b1^t) / (sqrt(v / (1 - b2^t) + epsRoot) + eps)}; both means start from 0. Kingma and Ba,
 * arXiv:1412.6980, algorithm 1. (optax.scale_by_adam)
 */
public record ScaleByAdam<P>(Decays decays) implements GradientTransformation<P, ScaleByAdam.State<P>> {

    /**
     * Adam's constants. They are part of the program and not of the state: {@code 1 - b1} is rounded once.
     *
     * @param b1       decay of the mean of gradients, in [0, 1)
     * @param b2       decay of the mean of squared gradients, in [0, 1)
     * @param eps      added to the root: after the correction for the start, as in PyTorch
     * @param epsRoot  added under the root, for derivatives of updates where v is 0
     * @param nesterov Dozat's variant: {@code b1 m / (1 - b1^(t+1)) + (1 - b1) g / (1 - b1^t)} in place of {@code m /
     *                 (1 - b1^t)}
     */
    public record Decays(double b1, double b2, double eps, double epsRoot, boolean nesterov) {
        /** 0.9, 0.999, 1e-8, 0, without Nesterov. */
        public static final Decays DEFAULT = new Decays(0.9, 0.999, 1e-8, 0, false);

        public Decays {
            if (!(b1 >= 0 && b1 < 1 && b2 >= 0 && b2 < 1))
                throw new JavelinException("adam: b1 = " + b1 + " and b2 = " + b2 + " must be in [0, 1)");
        }

        public Decays withB1(double b1) { return new Decays(b1, b2, eps, epsRoot, nesterov); }

        public Decays withB2(double b2) { return new Decays(b1, b2, eps, epsRoot, nesterov); }

        public Decays withEps(double eps) { return new Decays(b1, b2, eps, epsRoot, nesterov); }

        public Decays withEpsRoot(double epsRoot) { return new Decays(b1, b2, eps, epsRoot, nesterov); }

        public Decays withNesterov(boolean nesterov) { return new Decays(b1, b2, eps, epsRoot, nesterov); }
    }

    /**
     * @param count updates so far, an i32 scalar
     * @param mu    the decaying mean of gradients
     * @param nu    the decaying mean of squared gradients
     */
    public record State<P>(Tensor count, P mu, P nu) implements Counted {}

    @Override public State<P> init(P params) {
        return new State<>(Counted.none(), Floats.zeros(params), Floats.zeros(params));
    }

    @Override public Step<P, State<P>> update(P gradients, State<P> state, P params) {
        double b1 = decays.b1(), b2 = decays.b2();
        Tensor count = Counted.next(state.count());
        P mu = Floats.zip("adam", gradients, state.mu(), (g, m) -> g.mul(1 - b1).add(m.mul(b1)));
        P nu = Floats.zip("adam", gradients, state.nu(), (g, v) -> g.square().mul(1 - b2).add(v.mul(b2)));
        var ofMu = new Correction(b1, count);
        var ofNu = new Correction(b2, count);
        P direction = mu;
        if (decays.nesterov()) {
            var ahead = new Correction(b1, Counted.next(count));
            direction = Floats.zip("adam", mu, gradients, (m, g) -> ahead.apply(m).mul(b1)
                    .add(ofMu.apply(g).mul(1 - b1)));
        } else {
            direction = Floats.map(mu, ofMu::apply);
        }
        P updates = Floats.zip("adam", direction, nu, (m, v) -> {
            Tensor corrected = ofNu.apply(v);
            return m.div((decays.epsRoot() == 0 ? corrected : corrected.add(decays.epsRoot())).sqrt()
                    .add(decays.eps()));
        });
        return new Step<>(updates, new State<>(count, mu, nu));
    }

    /** Division by {@code 1 - decay^count}, computed once for each element type and in it, as Optax does. */
    private static final class Correction {
        private final double decay;
        private final Tensor count;
        private final Map<DType, Tensor> divisors = new EnumMap<>(DType.class);

        Correction(double decay, Tensor count) {
            this.decay = decay;
            this.count = count;
        }

        Tensor apply(Tensor mean) {
            return mean.div(divisors.computeIfAbsent(mean.dtype(), type -> {
                Tensor power = Tensor.full(TensorType.of(type), decay).pow(count.astype(type));
                return power.like(1).sub(power);
            }));
        }
    }
}
