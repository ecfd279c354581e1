package javelin.optim;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javelin.core.JavelinException;
import javelin.core.Tensor;

/**
 * The parts optimizers are made of, by their names in Optax, to be put together with {@link Optimizers#chain}. Those
 * that are a formula of gradients and parameters are here; those with a state are records of their own, made with
 * {@code new}: {@code new ApplyIfFinite<>(adam(0.1), 5)}. Statics are here for those that seldom need all their
 * components.
 */
public final class Transformations {
    private Transformations() {}

    // steps

    /** Gradients as they are. */
    public static <P> Stateless<P> identity() { return new Stateless<>("identity", (g, _) -> g); }

    /** No updates: frozen parameters. (optax.set_to_zero) */
    public static <P> Stateless<P> setToZero() { return new Stateless<>("setToZero", (g, _) -> TreeMath.zeros(g)); }

    /** {@link Scale} */
    public static <P> Scale<P> scale(double factor) { return new Scale<>(factor); }

    /** {@link ScaleByLearningRate} without the change of sign. */
    public static <P> ScaleByLearningRate<P> scaleBySchedule(Schedule factor) {
        return new ScaleByLearningRate<>(factor, false);
    }

    /** {@code sign(g)} */
    public static <P> Stateless<P> scaleBySign() { return Stateless.each("scaleBySign", (g, _) -> g.sign()); }

    /** {@link Trace} */
    public static <P> Trace<P> trace(double momentum, boolean nesterov) {
        return new Trace<>(momentum, nesterov, Optional.empty());
    }

    /** {@link Ema} */
    public static <P> Ema<P> ema(double decay, boolean debias) { return new Ema<>(decay, debias, Optional.empty()); }

    // clipping

    /** Each number within {@code maxDelta} of 0. */
    public static <P> Stateless<P> clip(double maxDelta) {
        return Stateless.each("clip", (g, _) -> g.clip(-maxDelta, maxDelta));
    }

    /** {@code g / max(1, rms(g) / threshold)}, each tensor by itself. */
    public static <P> Stateless<P> clipByBlockRms(double threshold) {
        return Stateless.each("clipByBlockRms", (g, _) -> g.div(rms(g).div(threshold).maximum(1)));
    }

    /**
     * Each unit's gradient within {@code clipping} times the norm of its parameters, at least {@code eps}: Brock, De,
     * Smith and Simonyan, arXiv:2102.06171. Units are the last axis of weights and kernels.
     */
    public static <P> Stateless<P> adaptiveGradClip(double clipping, double eps) {
        return Stateless.each("adaptiveGradClip", (g, p) -> {
            Tensor norm = unitNorm(g), most = unitNorm(p).maximum(eps).mul(clipping);
            return norm.lt(most).where(g, g.mul(most.div(norm.maximum(1e-6))));
        });
    }

    private static Tensor unitNorm(Tensor x) {
        int[] all = IntStream.range(0, x.rank()).toArray();
        int[] axes = x.squeeze().rank() <= 1 ? all : switch (x.rank()) {
            case 2, 3 -> new int[] {0};
            case 4 -> new int[] {0, 1, 2};
            case 5 -> new int[] {0, 1, 2, 3};
            default -> throw new JavelinException("adaptiveGradClip: " + x.type() + " has more axes than a kernel");
        };
        return x.rank() == 0 ? x.abs() : x.keep(x.square().sum(axes), axes).sqrt();
    }

    // norms

    /** Gradients of matrices and kernels minus their mean over all axes but the first. (optax.centralize) */
    public static <P> Stateless<P> centralize() {
        return Stateless.each("centralize", (g, _) -> {
            int[] axes = IntStream.range(1, Math.max(1, g.rank())).toArray();
            return axes.length == 0 ? g : g.sub(g.keep(g.mean(axes), axes));
        });
    }

    /** {@code g factor / (|g| + eps)}, all tensors together. */
    public static <P> Stateless<P> normalizeByUpdateNorm(double factor, double eps) {
        return new Stateless<>("normalizeByUpdateNorm", (g, _) ->
                TreeMath.scale(TreeMath.norm(g).add(eps).div(factor).reciprocal(), g));
    }

    /** {@code g / |g|}, all tensors together. (optax.contrib.normalize) */
    public static <P> Stateless<P> normalize() {
        return new Stateless<>("normalize", (g, _) -> TreeMath.scale(TreeMath.norm(g).reciprocal(), g));
    }

    /** {@code g max(|p|, least)}, each tensor by itself. */
    public static <P> Stateless<P> scaleByParamBlockNorm(double least) {
        return Stateless.each("scaleByParamBlockNorm", (g, p) -> g.mul(atLeast(p.square().sum(), least)));
    }

    /** {@code g max(rms(p), least)}, each tensor by itself. */
    public static <P> Stateless<P> scaleByParamBlockRms(double least) {
        return Stateless.each("scaleByParamBlockRms", (g, p) -> g.mul(atLeast(p.square().mean(), least)));
    }

    /**
     * {@code g coefficient |p| / (|g| + eps)}, each tensor by itself, norms at least {@code minNorm}; g if either norm
     * is
     * 0. You, Gitman and Ginsburg, arXiv:1708.03888.
     */
    public static <P> Stateless<P> scaleByTrustRatio(double minNorm, double coefficient, double eps) {
        return Stateless.each("scaleByTrustRatio", (g, p) -> {
            Tensor ofP = atLeast(p.square().sum(), minNorm), ofG = atLeast(g.square().sum(), minNorm);
            Tensor ratio = ofP.mul(coefficient).div(ofG.add(eps));
            return g.mul(ofP.eq(0).or(ofG.eq(0)).where(ratio.like(1), ratio));
        });
    }

    private static Tensor rms(Tensor x) { return x.square().mean().sqrt(); }

    /** The root, at least {@code least}, with a derivative of 0 where it is the latter. (optax's safe_norm) */
    private static Tensor atLeast(Tensor square, double least) {
        Tensor small = square.le(least * least);
        return small.where(square.like(least), small.where(square.like(1), square).sqrt());
    }

    // parameters

    /** {@link AddDecayedWeights} of the tensors that the mask chooses. */
    public static <P> GradientTransformation<P, ?> addDecayedWeights(Schedule weightDecay, Mask mask) {
        return new Masked<>(new AddDecayedWeights<>(weightDecay), mask);
    }

    /** {@link AddDecayedWeights} of all. */
    public static <P> AddDecayedWeights<P> addDecayedWeights(double weightDecay) {
        return new AddDecayedWeights<>(Schedules.constant(weightDecay));
    }

    /** Updates that would make a parameter negative make it 0. (optax.keep_params_nonnegative) */
    public static <P> Stateless<P> keepParamsNonnegative() {
        return Stateless.each("keepParamsNonnegative", (u, p) -> p.add(u).lt(0).where(p.neg(), u));
    }

    // around others

    /** Parameters that the mask chooses stay as they are. (optax.freeze) */
    public static <P> Masked<P, NoState> freeze(Mask mask) { return new Masked<>(setToZero(), mask); }

    /** Parameters that the mask chooses stay as they are, and cost no state. (optax.selective_transform) */
    public static <P> Partition<P> selective(GradientTransformation<Selected, ?> optimizer, Mask frozen) {
        return partition((path, tensor) -> frozen.applies(path, tensor) ? "freeze" : "train",
                Map.of("freeze", setToZero(), "train", optimizer));
    }

    /** {@link Partition} */
    public static <P> Partition<P> partition(Partition.Labels labels,
            Map<String, GradientTransformation<Selected, ?>> transforms) {
        return new Partition<>(labels, new TreeMap<>(transforms));
    }

    /** {@link MultiSteps} of the mean of k gradients. */
    public static <P, S> MultiSteps<P, S> multiSteps(GradientTransformation<P, S> inner, int k) {
        return new MultiSteps<>(inner, Schedules.constant(k), true, MultiSteps.Skip.never());
    }
}
