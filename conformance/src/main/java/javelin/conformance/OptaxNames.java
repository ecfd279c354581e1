package javelin.conformance;

import static java.util.Map.entry;
import static javelin.optim.Optimizers.chain;
import static javelin.optim.Optimizers.sgd;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import javelin.Key;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.optim.AddNoise;
import javelin.optim.ApplyEvery;
import javelin.optim.ApplyIfFinite;
import javelin.optim.Decays;
import javelin.optim.GradientTransformation;
import javelin.optim.Mask;
import javelin.optim.Optimizers;
import javelin.optim.Optimizers.Adafactor;
import javelin.optim.Optimizers.Decay;
import javelin.optim.Prodigy;
import javelin.optim.ScaleByAdan;
import javelin.optim.ScaleByAmsgrad;
import javelin.optim.ScaleByMuon;
import javelin.optim.ScaleByRms;
import javelin.optim.Schedule;
import javelin.optim.ScheduleFree;
import javelin.optim.Schedules;
import javelin.optim.Trace;
import javelin.optim.Transformations;
import javelin.optim.ZeroNans;

/** Optax's optimizers by their names, with its arguments and defaults; parameters are a map by path. */
final class OptaxNames {
    private OptaxNames() {}

    private interface Factory extends Function<OptimizerArguments, GradientTransformation<Map<String, Tensor>, ?>> {}

    private static final Decays ADAM = Decays.DEFAULT, NADAM = ADAM.withNesterov(true);

    private static final Map<String, Factory> ALL = Map.ofEntries(
            entry("sgd", OptaxNames::gradientDescent),
            entry("noisy_sgd", a -> Optimizers.noisySgd(a.rate(), a.number("eta", 0.01), a.number("gamma", 0.55),
                    a.key())),
            entry("sign_sgd", a -> Optimizers.signSgd(a.rate())),
            entry("signum", a -> Optimizers.signum(a.rate(), a.number("beta", 0.9))),
            entry("optimistic_gradient_descent", a -> Optimizers.optimisticGradientDescent(a.rate(),
                    a.number("alpha", 1), a.number("beta", 1))),
            entry("rprop", a -> Optimizers.rprop(a.rateNumber(), a.number("eta_minus", 0.5), a.number("eta_plus", 1.2),
                    a.number("min_step_size", 1e-6), a.number("max_step_size", 50))),
            entry("adam", a -> Optimizers.adam(a.rate(), a.decays(ADAM))),
            entry("nadam", a -> Optimizers.adam(a.rate(), a.decays(NADAM))),
            entry("adamw", a -> Optimizers.adamw(a.rate(), a.decay(1e-4), a.decays(ADAM))),
            entry("nadamw", a -> Optimizers.adamw(a.rate(), a.decay(1e-4), a.decays(NADAM))),
            entry("adamax", a -> Optimizers.adamax(a.rate(), a.decays(ADAM))),
            entry("adamaxw", a -> Optimizers.adamaxw(a.rate(), a.decay(1e-4), a.decays(ADAM))),
            entry("amsgrad", a -> chain(new ScaleByAmsgrad<>(a.decays(ADAM), a.flag("bias_correction_mu", true),
                    a.flag("bias_correction_nu", true)), Optimizers.scaleByLearningRate(a.rate()))),
            entry("adabelief", a -> Optimizers.adabelief(a.rate(), a.decays(ADAM.withEps(1e-16).withEpsRoot(1e-16)))),
            entry("radam", a -> Optimizers.radam(a.rate(), a.decays(ADAM), a.number("threshold", 5))),
            entry("yogi", a -> Optimizers.yogi(a.rate(), a.decays(ADAM.withEps(1e-3)))),
            entry("adan", a -> Optimizers.adan(a.rate(), new ScaleByAdan<>(a.number("b1", 0.98), a.number("b2", 0.92),
                    a.number("b3", 0.99), a.number("eps", 1e-8), a.number("eps_root", 1e-8)), a.decay(0))),
            entry("lion", a -> Optimizers.lion(a.rate(), a.number("b1", 0.9), a.number("b2", 0.99), a.decay(1e-3))),
            entry("optimistic_adam", a -> Optimizers.optimisticAdam(Schedules.constant(1), a.rateNumber(),
                    a.number("optimism", a.rateNumber()), a.decays(NADAM))),
            entry("optimistic_adam_v2", a -> Optimizers.optimisticAdam(a.rate(), a.number("alpha", 1),
                    a.number("beta", 1), a.decays(NADAM))),
            entry("adagrad", a -> Optimizers.adagrad(a.rate(), a.number("initial_accumulator_value", 0.1),
                    a.number("eps", 1e-7))),
            entry("rmsprop", OptaxNames::rmsprop),
            entry("adadelta", a -> Optimizers.adadelta(a.rate(), a.number("rho", 0.9), a.number("eps", 1e-6),
                    new Decay(a.schedule("weight_decay", 0), a.mask("weight_decay_mask")))),
            entry("adafactor", OptaxNames::adafactor),
            entry("sm3", a -> Optimizers.sm3(a.rateNumber(), a.number("momentum", 0.9))),
            entry("lamb", a -> Optimizers.lamb(a.rate(), a.decay(0), a.decays(ADAM.withEps(1e-6)))),
            entry("lars", a -> Optimizers.lars(a.rate(), new Decay(a.schedule("weight_decay", 0),
                    a.mask("weight_decay_mask")), a.number("trust_coefficient", 0.001), a.number("eps", 0),
                    a.mask("trust_ratio_mask"), a.number("momentum", 0.9), a.flag("nesterov", false))),
            entry("novograd", a -> Optimizers.novograd(a.rate(), a.number("weight_decay", 0),
                    a.decays(ADAM.withB2(0.25).withEps(1e-6)))),
            entry("fromage", a -> Optimizers.fromage(a.rate(), a.number("min_norm", 1e-6))),
            entry("polyak_sgd", a -> Optimizers.polyakSgd(a.number("max_learning_rate", 1), a.schedule("scaling", 1),
                    a.number("f_min", 0), a.number("eps", 0), a.word("variant", "sps").equals("sps+"))),
            entry("lbfgs", _ -> Optimizers.lbfgs()),

            // optax.contrib; a case without arguments has the learning rate of the suite's generator
            entry("ademamix", a -> Optimizers.ademamix(a.schedule("learning_rate", 0.01), a.decays(ADAM),
                    a.schedule("b3", 0.9999), a.schedule("alpha", 5), a.decay(0))),
            entry("adopt", a -> Optimizers.adopt(a.schedule("learning_rate", 0.05),
                    a.decays(ADAM.withB2(0.9999).withEps(1e-6)), a.flag("use_clipping", true))),
            entry("prodigy", a -> chain(new Prodigy<>(a.schedule("learning_rate", 1), a.decays(ADAM),
                    a.number("beta3", Math.sqrt(0.999)), a.number("estim_lr0", 1e-6), a.number("estim_lr_coef", 1),
                    a.number("weight_decay", 0), a.flag("safeguard_warmup", false)))),
            entry("muon", OptaxNames::muon),
            entry("schedule_free_sgd", a -> new ScheduleFree<>(sgd(warmed(a, 0.1)), warmed(a, 0.1),
                    a.number("b1", 0.9), a.number("weight_lr_power", 2))),
            entry("schedule_free_adamw", a -> Optimizers.scheduleFreeAdamw(warmed(a, 0.05), a.decay(0),
                    a.decays(ADAM))),

            // optax.transforms: the cases have no arguments, these are the generator's
            entry("clip", _ -> then(Transformations.clip(0.5))),
            entry("clip_by_global_norm", _ -> then(Optimizers.clipByGlobalNorm(1))),
            entry("clip_by_block_rms", _ -> then(Transformations.clipByBlockRms(0.5))),
            entry("adaptive_grad_clip", _ -> then(Transformations.adaptiveGradClip(0.1, 1e-3))),
            entry("masked_decay", _ -> Optimizers.adamw(Schedules.constant(0.05),
                    Decay.of(0.1, Mask.matrices()), ADAM)),
            entry("freeze_b", _ -> chain(sgd(0.1), Transformations.freeze(Mask.named("b/w")))),
            entry("ema", _ -> then(Transformations.ema(0.9, false))),
            entry("ema_debias", _ -> then(Transformations.ema(0.9, true))),
            entry("trace", _ -> then(Transformations.trace(0.9, false))),
            entry("centralize", _ -> then(Transformations.centralize())),
            entry("trust_ratio", _ -> then(Transformations.scaleByTrustRatio(0, 1, 0))),
            entry("param_block_norm", _ -> then(Transformations.scaleByParamBlockNorm(1e-3))),
            entry("param_block_rms", _ -> then(Transformations.scaleByParamBlockRms(1e-3))),
            entry("normalize", _ -> then(Transformations.normalize())),
            entry("normalize_by_update_norm", _ -> then(Transformations.normalizeByUpdateNorm(1, 1e-6))),
            entry("zero_nans", _ -> then(new ZeroNans<>())),
            entry("keep_params_nonnegative", _ -> chain(sgd(0.3), Transformations.keepParamsNonnegative())),
            entry("add_noise", _ -> then(new AddNoise<>(0.01, 0.55, Key.of(0)))),
            entry("apply_every", _ -> then(new ApplyEvery<>(4))),
            entry("apply_if_finite", _ -> new ApplyIfFinite<>(sgd(0.1), 2)),
            entry("multi_steps", _ -> Transformations.multiSteps(sgd(0.1), 4)),
            entry("weight_decay_schedule", _ -> Optimizers.adamw(Schedules.polynomial(0.1, 0.01, 2, 15, 0), 0.01)));

    /** Throws {@link Failure} if there is none of this name, or if it does not have one of the case's arguments. */
    static GradientTransformation<Map<String, Tensor>, ?> optimizer(Case c) {
        Factory factory = ALL.get(c.text("optimizer"));
        if (factory == null) throw Failure.unsupported("optimizer " + c.text("optimizer"));
        var arguments = new OptimizerArguments(c);
        var made = factory.apply(arguments);
        arguments.requireAllAsked();
        return made;
    }

    private static GradientTransformation<Map<String, Tensor>, ?> then(
            GradientTransformation<Map<String, Tensor>, ?> first) {
        return chain(first, sgd(0.1));
    }

    private static Schedule warmed(OptimizerArguments a, double otherwise) {
        double peak = a.number("learning_rate", otherwise);
        int warmup = a.integer("warmup_steps", 0);
        return warmup == 0 ? Schedules.constant(peak) : Schedules.warmupConstant(0, peak, warmup);
    }

    private static GradientTransformation<Map<String, Tensor>, ?> gradientDescent(OptimizerArguments a) {
        OptionalDouble momentum = a.optional("momentum", OptionalDouble.empty());
        var trace = new Trace<Map<String, Tensor>>(momentum.orElse(0), a.flag("nesterov", false),
                a.type("accumulator_dtype"));
        return momentum.isEmpty() ? sgd(a.rate()) : chain(trace, Optimizers.scaleByLearningRate(a.rate()));
    }

    private static GradientTransformation<Map<String, Tensor>, ?> rmsprop(OptimizerArguments a) {
        var settings = new ScaleByRms.Settings(a.number("decay", 0.9), a.number("eps", 1e-8),
                a.number("initial_scale", 0), a.flag("eps_in_sqrt", true), a.flag("centered", false),
                a.flag("bias_correction", false));
        OptionalDouble momentum = a.optional("momentum", OptionalDouble.empty());
        boolean nesterov = a.flag("nesterov", false);
        return momentum.isEmpty() ? Optimizers.rmsprop(a.rate(), settings)
                : Optimizers.rmsprop(a.rate(), settings, momentum.getAsDouble(), nesterov);
    }

    private static GradientTransformation<Map<String, Tensor>, ?> adafactor(OptimizerArguments a) {
        OptionalDouble none = OptionalDouble.empty(), rate = a.optional("learning_rate", none),
                decay = a.optional("weight_decay_rate", none);
        Mask mask = a.mask("weight_decay_mask");
        return Optimizers.adafactor(new Adafactor(
                rate.isPresent() ? Optional.of(Schedules.constant(rate.getAsDouble())) : Optional.empty(),
                a.integer("min_dim_size_to_factor", 128), a.number("decay_rate", 0.8), a.integer("decay_offset", 0),
                a.flag("multiply_by_parameter_scale", true), a.optional("clipping_threshold", OptionalDouble.of(1)),
                a.optional("momentum", none), a.type("dtype_momentum").orElse(DType.F32),
                decay.isPresent() ? Optional.of(Decay.of(decay.getAsDouble(), mask)) : Optional.empty(),
                a.number("eps", 1e-30), a.flag("factored", true)));
    }

    private static GradientTransformation<Map<String, Tensor>, ?> muon(OptimizerArguments a) {
        var d = ScaleByMuon.Settings.DEFAULT;
        boolean nesterov = a.flag("nesterov", true);
        Schedule rate = a.schedule("learning_rate", 0.05);
        var settings = new ScaleByMuon.Settings(a.coefficients("ns_coeffs", d.coefficients()),
                a.integer("ns_steps", 5), a.number("beta", 0.95), a.number("eps", 1e-8), nesterov,
                a.flag("adaptive", false), preconditioning(a.word("preconditioning", "frobenius")));
        OptionalDouble others = a.optional("adam_learning_rate", OptionalDouble.empty());
        Decays decays = new Decays(a.number("adam_b1", 0.9), a.number("adam_b2", 0.999), settings.eps(),
                a.number("adam_eps_root", 0), nesterov, Optional.empty());
        return Optimizers.muon(rate, settings, a.decay(0), a.optional("consistent_rms", OptionalDouble.empty()),
                Optimizers.adamw(others.isPresent() ? Schedules.constant(others.getAsDouble()) : rate,
                        Decay.of(a.number("adam_weight_decay", 0)), decays));
    }

    private static ScaleByMuon.Preconditioning preconditioning(String name) {
        return switch (name) {
            case "frobenius" -> ScaleByMuon.Preconditioning.FROBENIUS;
            case "spectral" -> ScaleByMuon.Preconditioning.SPECTRAL;
            case "aol" -> ScaleByMuon.Preconditioning.AOL;
            case "schatten" -> ScaleByMuon.Preconditioning.SCHATTEN;
            default -> throw Failure.unsupported("muon's preconditioning " + name);
        };
    }
}
