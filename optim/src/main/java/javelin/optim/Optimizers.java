package javelin.optim;

import static javelin.optim.Schedules.constant;
import static javelin.optim.Transformations.ema;
import static javelin.optim.Transformations.scale;
import static javelin.optim.Transformations.scaleByTrustRatio;
import static javelin.optim.Transformations.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import javelin.Key;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * Optimizers by their names in Optax, with its defaults and, step by step, its numbers. Learning rates are numbers, to
 * be read and set in the {@link OptState}, or {@link Schedules}; so are weight decays. The parameters' type follows
 * from what the result is assigned to: {@code Optimizer<Mlp> tx = chain(clipByGlobalNorm(1), adam(0.01));} Parts and
 * wrappers to build others with are in {@link Transformations}.
 */
public final class Optimizers {
    private Optimizers() {}

    /** One after the other; see {@link Chain}. */
    @SafeVarargs
    @SuppressWarnings("varargs")                                        // List.of copies and does not write
    public static <P> Optimizer<P> chain(GradientTransformation<P, ?>... parts) { return new Chain<>(List.of(parts)); }

    /** {@code params + updates}, each in its parameter's element type. (optax.apply_updates) */
    public static <P> P applyUpdates(P params, P updates) {
        return TreeMath.zip("applyUpdates", params, updates, (p, u) -> p.add(u.astype(p.dtype())));
    }

    /** {@code step new + (1 - step) old}: Polyak's mean of parameters. (optax.incremental_update) */
    public static <P> P incrementalUpdate(P now, P old, double step) {
        return TreeMath.zip("incrementalUpdate", now, old, (n, o) -> n.mul(step).add(o.mul(1 - step)));
    }

    /** {@code now} at every {@code period}-th count, else {@code old}. (optax.periodic_update) */
    public static <P> P periodicUpdate(P now, P old, Tensor count, int period) {
        return TreeMath.where(count.rem(period).eq(0), now, old);
    }

    /**
     * The square root of the sum of the squares of all numbers in a tree with at least one floating-point tensor.
     * (optax.global_norm)
     */
    public static Tensor globalNorm(Object tree) { return TreeMath.norm(tree); }

    /** {@link ClipByGlobalNorm} */
    public static <P> ClipByGlobalNorm<P> clipByGlobalNorm(double maxNorm) { return new ClipByGlobalNorm<>(maxNorm); }

    /** {@link ScaleByAdam} */
    public static <P> ScaleByAdam<P> scaleByAdam(Decays decays) { return new ScaleByAdam<>(decays); }

    /** {@link ScaleByLearningRate} */
    public static <P> ScaleByLearningRate<P> scaleByLearningRate(double rate) {
        return scaleByLearningRate(constant(rate));
    }

    /** {@link ScaleByLearningRate} */
    public static <P> ScaleByLearningRate<P> scaleByLearningRate(Schedule rate) {
        return new ScaleByLearningRate<>(rate, true);
    }

    /** A strength of weight decay, and the parameters that decay. */
    public record Decay(Schedule strength, Mask mask) {
        public static Decay of(double strength) { return new Decay(constant(strength), Mask.all()); }

        public static Decay of(double strength, Mask mask) { return new Decay(constant(strength), mask); }

        private <P> GradientTransformation<P, ?> part() { return Transformations.addDecayedWeights(strength, mask); }
    }

    // gradient descent

    /** {@code p - rate g} */
    public static <P> Optimizer<P> sgd(double rate) { return sgd(constant(rate)); }
    public static <P> Optimizer<P> sgd(Schedule rate) { return chain(scaleByLearningRate(rate)); }

    /**
     * {@code p - rate t} with {@code t = g + momentum t}; Nesterov's variant takes {@code g + momentum t} in place of
     * t.
     */
    public static <P> Optimizer<P> sgd(double rate, double momentum, boolean nesterov) {
        return sgd(constant(rate), momentum, nesterov);
    }
    public static <P> Optimizer<P> sgd(Schedule rate, double momentum, boolean nesterov) {
        return chain(trace(momentum, nesterov), scaleByLearningRate(rate));
    }

    /** {@code sgd} of gradients with noise: {@link AddNoise}; optax's eta is 0.01, gamma 0.55. (noisy_sgd) */
    public static <P> Optimizer<P> noisySgd(double rate, double eta, double gamma, Key key) {
        return noisySgd(constant(rate), eta, gamma, key);
    }
    public static <P> Optimizer<P> noisySgd(Schedule rate, double eta, double gamma, Key key) {
        return chain(new AddNoise<>(eta, gamma, key), scaleByLearningRate(rate));
    }

    /** {@code p - rate sign(g)}: Bernstein et al., arXiv:1802.04434. (sign_sgd) */
    public static <P> Optimizer<P> signSgd(double rate) { return signSgd(constant(rate)); }
    public static <P> Optimizer<P> signSgd(Schedule rate) {
        return chain(Transformations.scaleBySign(), scaleByLearningRate(rate));
    }

    /** {@code p - rate sign(m)}, m the decaying mean of gradients; optax's beta is 0.9: as signSgd. */
    public static <P> Optimizer<P> signum(double rate, double beta) { return signum(constant(rate), beta); }
    public static <P> Optimizer<P> signum(Schedule rate, double beta) {
        return chain(ema(beta, false), Transformations.scaleBySign(), scaleByLearningRate(rate));
    }

    /** {@link ScaleByPolyak} with rates up to {@code maxRate}; its step is known from the loss. (polyak_sgd) */
    public static <P> Optimizer<P> polyakSgd(double maxRate) { return polyakSgd(maxRate, constant(1), 0, 0, false); }
    public static <P> Optimizer<P> polyakSgd(double maxRate, Schedule scaling, double minimum, double eps,
            boolean positive) {
        return chain(scaleByLearningRate(scaling), new ScaleByPolyak<>(minimum, maxRate, eps, positive));
    }

    /** {@link ScaleByOptimisticGradient}; optax's alpha and beta are 1. (optimistic_gradient_descent) */
    public static <P> Optimizer<P> optimisticGradientDescent(double rate) {
        return optimisticGradientDescent(constant(rate), 1, 1);
    }
    public static <P> Optimizer<P> optimisticGradientDescent(Schedule rate, double alpha, double beta) {
        return chain(new ScaleByOptimisticGradient<>(alpha, beta), scaleByLearningRate(rate));
    }

    /** {@link ScaleByRprop} with 0.5, 1.2 and steps within [1e-6, 50]; the rate is the first step. */
    public static <P> Optimizer<P> rprop(double rate) { return rprop(rate, 0.5, 1.2, 1e-6, 50); }
    public static <P> Optimizer<P> rprop(double rate, double etaMinus, double etaPlus, double minStep, double maxStep) {
        return chain(new ScaleByRprop<>(rate, etaMinus, etaPlus, minStep, maxStep), scale(-1));
    }

    // Adam and its kin

    /** Adam with b1 = 0.9, b2 = 0.999, eps = 1e-8; see {@link ScaleByAdam}. */
    public static <P> Optimizer<P> adam(double rate) { return adam(rate, Decays.DEFAULT); }
    public static <P> Optimizer<P> adam(Schedule rate) { return adam(rate, Decays.DEFAULT); }
    public static <P> Optimizer<P> adam(double rate, Decays decays) { return adam(constant(rate), decays); }
    public static <P> Optimizer<P> adam(Schedule rate, Decays decays) {
        return chain(scaleByAdam(decays), scaleByLearningRate(rate));
    }

    /**
     * Adam with decoupled weight decay: {@code p - rate (adam + weightDecay p)}, so the decay is multiplied by the
     * rate, as in PyTorch. Optax's default decay is 1e-4, PyTorch's 1e-2. Loshchilov and Hutter, arXiv:1711.05101.
     */
    public static <P> Optimizer<P> adamw(double rate, double weightDecay) { return adamw(constant(rate), weightDecay); }
    public static <P> Optimizer<P> adamw(Schedule rate, double weightDecay) {
        return adamw(rate, Decay.of(weightDecay), Decays.DEFAULT);
    }
    public static <P> Optimizer<P> adamw(double rate, double weightDecay, Decays decays) {
        return adamw(constant(rate), Decay.of(weightDecay), decays);
    }
    public static <P> Optimizer<P> adamw(Schedule rate, Decay decay, Decays decays) {
        return chain(scaleByAdam(decays), decay.part(), scaleByLearningRate(rate));
    }

    /** Adam with Nesterov's momentum: Dozat, "Incorporating Nesterov momentum into Adam", 2016. */
    public static <P> Optimizer<P> nadam(double rate) { return nadam(constant(rate)); }
    public static <P> Optimizer<P> nadam(Schedule rate) { return adam(rate, Decays.DEFAULT.withNesterov(true)); }

    /** {@link #adamw} with Nesterov's momentum. */
    public static <P> Optimizer<P> nadamw(double rate, double weightDecay) {
        return nadamw(constant(rate), weightDecay);
    }
    public static <P> Optimizer<P> nadamw(Schedule rate, double weightDecay) {
        return adamw(rate, Decay.of(weightDecay), Decays.DEFAULT.withNesterov(true));
    }

    /** {@link ScaleByAdamax} */
    public static <P> Optimizer<P> adamax(double rate) { return adamax(constant(rate), Decays.DEFAULT); }
    public static <P> Optimizer<P> adamax(Schedule rate, Decays decays) {
        return chain(new ScaleByAdamax<>(decays), scaleByLearningRate(rate));
    }

    /** {@link #adamax} with decoupled weight decay, in optax 1e-4. */
    public static <P> Optimizer<P> adamaxw(double rate, double weightDecay) {
        return adamaxw(constant(rate), Decay.of(weightDecay), Decays.DEFAULT);
    }
    public static <P> Optimizer<P> adamaxw(Schedule rate, Decay decay, Decays decays) {
        return chain(new ScaleByAdamax<>(decays), decay.part(), scaleByLearningRate(rate));
    }

    /** {@link ScaleByAmsgrad}, both means corrected. */
    public static <P> Optimizer<P> amsgrad(double rate) { return amsgrad(constant(rate), Decays.DEFAULT); }
    public static <P> Optimizer<P> amsgrad(Schedule rate, Decays decays) {
        return chain(new ScaleByAmsgrad<>(decays, true, true), scaleByLearningRate(rate));
    }

    /** {@link ScaleByBelief} with eps and epsRoot 1e-16. */
    public static <P> Optimizer<P> adabelief(double rate) {
        return adabelief(constant(rate), Decays.DEFAULT.withEps(1e-16).withEpsRoot(1e-16));
    }
    public static <P> Optimizer<P> adabelief(Schedule rate, Decays decays) {
        return chain(new ScaleByBelief<>(decays), scaleByLearningRate(rate));
    }

    /** {@link ScaleByRadam} with threshold 5. */
    public static <P> Optimizer<P> radam(double rate) { return radam(constant(rate), Decays.DEFAULT, 5); }
    public static <P> Optimizer<P> radam(Schedule rate, Decays decays, double threshold) {
        return chain(new ScaleByRadam<>(decays, threshold), scaleByLearningRate(rate));
    }

    /** {@link ScaleByYogi} with eps 1e-3, from 1e-6. */
    public static <P> Optimizer<P> yogi(double rate) { return yogi(constant(rate), Decays.DEFAULT.withEps(1e-3)); }
    public static <P> Optimizer<P> yogi(Schedule rate, Decays decays) {
        return chain(new ScaleByYogi<>(decays, 1e-6), scaleByLearningRate(rate));
    }

    /** {@link ScaleByAdan} with 0.98, 0.92, 0.99, eps and epsRoot 1e-8, without decay. */
    public static <P> Optimizer<P> adan(double rate) {
        return adan(constant(rate), new ScaleByAdan<>(0.98, 0.92, 0.99, 1e-8, 1e-8), Decay.of(0));
    }
    public static <P> Optimizer<P> adan(Schedule rate, ScaleByAdan<P> rule, Decay decay) {
        return chain(rule, decay.part(), scaleByLearningRate(rate));
    }

    /** {@link ScaleByLion} with 0.9, 0.99 and decoupled weight decay, in optax 1e-3. */
    public static <P> Optimizer<P> lion(double rate, double weightDecay) {
        return lion(constant(rate), 0.9, 0.99, Decay.of(weightDecay));
    }
    public static <P> Optimizer<P> lion(Schedule rate, double b1, double b2, Decay decay) {
        return chain(new ScaleByLion<>(b1, b2, Optional.empty()), decay.part(), scaleByLearningRate(rate));
    }

    /**
     * {@link #optimisticGradientDescent} on Adam's directions with Nesterov's momentum: Daskalakis, Ilyas, Syrgkanis
     * and Zeng, arXiv:1711.00141. (optimistic_adam_v2)
     */
    public static <P> Optimizer<P> optimisticAdam(double rate) {
        return optimisticAdam(constant(rate), 1, 1, Decays.DEFAULT.withNesterov(true));
    }
    public static <P> Optimizer<P> optimisticAdam(Schedule rate, double alpha, double beta, Decays decays) {
        return chain(scaleByAdam(decays), new ScaleByOptimisticGradient<>(alpha, beta), scaleByLearningRate(rate));
    }

    /** {@link ScaleByAdemamix} with b3 = 0.9999, alpha = 5, without decay. (optax.contrib.ademamix) */
    public static <P> Optimizer<P> ademamix(double rate) {
        return ademamix(constant(rate), Decays.DEFAULT, constant(0.9999), constant(5), Decay.of(0));
    }
    public static <P> Optimizer<P> ademamix(Schedule rate, Decays decays, Schedule b3, Schedule alpha, Decay decay) {
        return chain(new ScaleByAdemamix<>(decays, b3, alpha), decay.part(), scaleByLearningRate(rate));
    }

    /** {@link ScaleByAdopt} with b2 = 0.9999, eps = 1e-6, clipped. (optax.contrib.adopt) */
    public static <P> Optimizer<P> adopt(double rate) {
        return adopt(constant(rate), Decays.DEFAULT.withB2(0.9999).withEps(1e-6), true);
    }
    public static <P> Optimizer<P> adopt(Schedule rate, Decays decays, boolean clipped) {
        return chain(new ScaleByAdopt<>(decays, clipped), scaleByLearningRate(rate));
    }

    /** {@link Prodigy} without decay. (optax.contrib.prodigy) */
    public static <P> Optimizer<P> prodigy() {
        return chain(new Prodigy<>(constant(1), Decays.DEFAULT, Math.sqrt(0.999), 1e-6, 1, 0, false));
    }

    // sums and means of squares

    /** {@link ScaleByRss} from 0.1, eps 1e-7. */
    public static <P> Optimizer<P> adagrad(double rate) { return adagrad(constant(rate), 0.1, 1e-7); }
    public static <P> Optimizer<P> adagrad(Schedule rate, double initial, double eps) {
        return chain(new ScaleByRss<>(initial, eps), scaleByLearningRate(rate));
    }

    /** {@link ScaleByRms}; momentum comes after the learning rate, as in optax. */
    public static <P> Optimizer<P> rmsprop(double rate) { return rmsprop(constant(rate), ScaleByRms.Settings.DEFAULT); }
    public static <P> Optimizer<P> rmsprop(Schedule rate, ScaleByRms.Settings settings) {
        return chain(new ScaleByRms<>(settings), scaleByLearningRate(rate));
    }
    public static <P> Optimizer<P> rmsprop(Schedule rate, ScaleByRms.Settings settings, double momentum,
            boolean nesterov) {
        return chain(new ScaleByRms<>(settings), scaleByLearningRate(rate), trace(momentum, nesterov));
    }

    /** {@link ScaleByAdadelta} with rho 0.9, eps 1e-6, without decay; optax's rate is 1, without a change of sign. */
    public static <P> Optimizer<P> adadelta(double rate) { return adadelta(constant(rate), 0.9, 1e-6, Decay.of(0)); }
    public static <P> Optimizer<P> adadelta(Schedule rate, double rho, double eps, Decay decay) {
        return chain(decay.part(), new ScaleByAdadelta<>(rho, eps), scaleByLearningRate(rate));
    }

    /** {@link ScaleBySm3} with momentum 0.9. */
    public static <P> Optimizer<P> sm3(double rate) { return sm3(rate, 0.9); }
    public static <P> Optimizer<P> sm3(double rate, double momentum) {
        return chain(new ScaleBySm3<>(momentum, 1, 1e-8), scaleByLearningRate(rate));
    }

    /**
     * @param rate                of all; empty for 1
     * @param clippingThreshold   of each tensor's rms; empty for none
     * @param scaledByParameters  whether steps are multiplied by the rms of the parameters, at least 1e-3
     * @param momentum            a mean of the steps, empty for none, kept in {@code momentumType}
     */
    public record Adafactor(Optional<Schedule> rate, int minSizeToFactor, double decayRate, int decayOffset,
            boolean scaledByParameters, OptionalDouble clippingThreshold, OptionalDouble momentum, DType momentumType,
            Optional<Decay> decay, double eps, boolean factored) {
        /** Axes from 128 are factored; 0.8, 0, scaled, clipped at 1, no momentum, no decay, 1e-30. */
        public static Adafactor of(Schedule rate) {
            return new Adafactor(Optional.of(rate), 128, 0.8, 0, true, OptionalDouble.of(1), OptionalDouble.empty(),
                    DType.F32, Optional.empty(), 1e-30, true);
        }
    }

    /** {@link ScaleByFactoredRms}, clipped and scaled by the parameters; see {@link Adafactor}. */
    public static <P> Optimizer<P> adafactor(double rate) { return adafactor(Adafactor.of(constant(rate))); }
    public static <P> Optimizer<P> adafactor(Adafactor s) {
        List<GradientTransformation<P, ?>> parts = new ArrayList<>();
        parts.add(new ScaleByFactoredRms<>(s.factored(), s.decayRate(), s.decayOffset(), s.minSizeToFactor(), s.eps()));
        s.clippingThreshold().ifPresent(t -> parts.add(Transformations.clipByBlockRms(t)));
        s.rate().ifPresent(rate -> parts.add(Transformations.scaleBySchedule(rate)));
        if (s.scaledByParameters()) parts.add(Transformations.scaleByParamBlockRms(1e-3));
        s.momentum().ifPresent(m -> parts.add(new Ema<>(m, false, Optional.of(s.momentumType()))));
        s.decay().ifPresent(decay -> parts.add(decay.part()));
        parts.add(scale(-1));
        return new Chain<>(parts);
    }

    // a rate for each layer

    /** Adam, decay, then {@code |p| / |u|} for each tensor: You et al., arXiv:1904.00962; optax's eps is 1e-6. */
    public static <P> Optimizer<P> lamb(double rate, double weightDecay) {
        return lamb(constant(rate), Decay.of(weightDecay), Decays.DEFAULT.withEps(1e-6));
    }
    public static <P> Optimizer<P> lamb(Schedule rate, Decay decay, Decays decays) {
        return chain(scaleByAdam(decays), decay.part(), scaleByTrustRatio(0, 1, 0), scaleByLearningRate(rate));
    }

    /**
     * Momentum of steps scaled by {@code 0.001 |p| / |g|} for each tensor: You, Gitman and Ginsburg,
     * arXiv:1708.03888.
     */
    public static <P> Optimizer<P> lars(double rate) {
        return lars(constant(rate), Decay.of(0), 0.001, 0, Mask.all(), 0.9, false);
    }
    public static <P> Optimizer<P> lars(Schedule rate, Decay decay, double trustCoefficient, double eps, Mask scaled,
            double momentum, boolean nesterov) {
        return chain(decay.part(), new Masked<>(scaleByTrustRatio(0, trustCoefficient, eps), scaled),
                scaleByLearningRate(rate), trace(momentum, nesterov));
    }

    /** {@link ScaleByNovograd} with 0.9, 0.25, eps 1e-6. */
    public static <P> Optimizer<P> novograd(double rate, double weightDecay) {
        return novograd(constant(rate), weightDecay, Decays.DEFAULT.withB2(0.25).withEps(1e-6));
    }
    public static <P> Optimizer<P> novograd(Schedule rate, double weightDecay, Decays decays) {
        return chain(new ScaleByNovograd<>(decays, weightDecay), scaleByLearningRate(rate));
    }

    /**
     * Steps of {@code rate |p| / |g|} on the sphere: {@code p = k (p - rate (|p| / |g|) g)} with {@code k = 1 / sqrt(1
     * + rate^2)}. Bernstein, Vahdat, Yue and Liu, arXiv:2002.03432; optax's least norm is 1e-6.
     */
    public static <P> Optimizer<P> fromage(double rate) { return fromage(constant(rate), 1e-6); }
    public static <P> Optimizer<P> fromage(Schedule rate, double minNorm) {
        Schedule k = rate.map(r -> r.square().add(1).rsqrt());
        return chain(scaleByTrustRatio(minNorm, 1, 0), scaleByLearningRate(rate.map(r ->
                r.mul(r.square().add(1).rsqrt()))), new AddDecayedWeights<>(k.map(x -> x.sub(1))));
    }

    /** {@link ScaleByMuon} for matrices, {@link #nadamw} for the rest, without decay. (optax.contrib.muon) */
    public static <P> Optimizer<P> muon(double rate) {
        return muon(constant(rate), ScaleByMuon.Settings.DEFAULT, Decay.of(0), OptionalDouble.empty(),
                adamw(constant(rate), Decay.of(0), Decays.DEFAULT.withNesterov(true)));
    }

    /**
     * @param consistentRms the size of updates in terms of {@code sqrt(max(inputs, outputs))}; empty for {@code
     *                      sqrt(max(1, outputs / inputs))}, which makes rates independent of the width
     * @param others        for what is no matrix
     */
    public static <P> Optimizer<P> muon(Schedule rate, ScaleByMuon.Settings settings, Decay decay,
            OptionalDouble consistentRms, Optimizer<Selected> others) {
        Stateless<Selected> byShape = Stateless.each("scaleByShape", (u, p) -> {
            double in = p.size(0), out = p.size(1);
            return u.mul(consistentRms.isPresent() ? Math.sqrt(Math.max(in, out)) * consistentRms.getAsDouble()
                    : Math.sqrt(Math.max(1, out / in)));
        });
        return chain(Transformations.partition((_, p) -> p.rank() == 2 ? "muon" : "adam", Map.of("adam", others, "muon",
                chain(new ScaleByMuon<>(settings), byShape, decay.part(), scaleByLearningRate(rate)))));
    }

    // averages, line searches

    /** {@link ScheduleFree} on {@link #sgd}. (optax.contrib.schedule_free_sgd) */
    public static <P> ScheduleFree<P, OptState> scheduleFreeSgd(double rate) {
        return new ScheduleFree<>(sgd(rate), constant(rate), 0.9, 2);
    }

    /** {@link ScheduleFree} on Adam without momentum. (optax.contrib.schedule_free_adamw) */
    public static <P> ScheduleFree<P, OptState> scheduleFreeAdamw(Schedule rate, Decay decay, Decays decays) {
        var rms = new ScaleByRms.Settings(decays.b2(), decays.eps(), 0, false, false, true);
        return new ScheduleFree<>(chain(new ScaleByRms<>(rms), decay.part(), scaleByLearningRate(rate)), rate,
                decays.b1(), 2);
    }

    /**
     * {@link ScaleByLbfgs} with a memory of 10 and {@link ZoomLineSearch} from step 1 on, 20 evaluations at most.
     * {@link Minimize} runs it in a loop.
     */
    public static <P> Optimizer<P> lbfgs() {
        return lbfgs(10, true, new ZoomLineSearch<>(ZoomLineSearch.Settings.of(20).withKeepGuess(false)));
    }
    public static <P> Optimizer<P> lbfgs(int memorySize, boolean scaleInit, GradientTransformation<P, ?> lineSearch) {
        return chain(new ScaleByLbfgs<>(memorySize, scaleInit), scale(-1), lineSearch);
    }
}
