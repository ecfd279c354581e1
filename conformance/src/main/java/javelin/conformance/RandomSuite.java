package javelin.conformance;

import java.util.List;
import java.util.Set;
import javelin.Key;
import javelin.conformance.Tolerance.Kind;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** Cases that name a function of jax.random, with a 32-bit seed. */
final class RandomSuite implements Suite {
    /** Those that must be equal bit for bit; of uniform, the numbers on [0, 1). */
    private static final Set<String> EXACT = Set.of("key", "bits", "split", "fold_in", "randint", "bernoulli",
            "permutation", "choice");

    @Override public String group(Case c) { return c.text("fn"); }

    @Override public void check(Case c, Execution execution) {
        Array expected = c.array("out");
        Key key = Key.of(c.json().path("seed").asInt());
        Key.Mode mode = c.text("mode").equals("original") ? Key.Mode.ORIGINAL : Key.Mode.PARTITIONABLE;
        Array found = Compare.explained("out", () -> execution.call(in ->
                List.of(draw(c, new Key(in.getFirst(), mode), expected.type())), List.of(key.data()))).getFirst();
        boolean exact = EXACT.contains(c.text("fn")) || c.text("fn").equals("uniform") && !c.argument("minval")
                .isNumber();
        Compare.one("out", "out", exact ? Tolerance.EXACT : Tolerance.of(expected.dtype(), Kind.TRANSCENDENTAL, c),
                expected, found);
    }

    private static Tensor draw(Case c, Key key, TensorType type) {
        return switch (c.text("fn")) {
            case "key" -> key.data();
            case "split" -> key.stack(c.integer("num", 2)).data();
            case "fold_in" -> key.foldIn(c.integer("data", 0)).data();
            case "bits" -> key.bits(type);
            case "uniform" -> c.argument("minval").isNumber() || c.argument("maxval").isNumber()
                    ? key.uniform(type, c.number("minval", 0), c.number("maxval", 1)) : key.uniform(type);
            case "normal" -> key.normal(type);
            case "truncated_normal" -> key.truncatedNormal(type, c.number("lower", -2), c.number("upper", 2));
            case "bernoulli" -> key.bernoulli(c.number("p", 0.5), type.shape());
            case "randint" -> key.randint(type, c.argument("minval").asLong(), c.argument("maxval").asLong());
            case "exponential" -> key.exponential(type);
            case "gumbel" -> key.gumbel(type);
            case "laplace" -> key.laplace(type);
            case "logistic" -> key.logistic(type);
            case "cauchy" -> key.cauchy(type);
            case "gamma" -> key.gamma(parameter(c, "a", type));
            case "loggamma" -> key.logGamma(parameter(c, "a", type));
            case "beta" -> key.beta(parameter(c, "a", type), parameter(c, "b", type));
            case "dirichlet" -> key.dirichlet(parameter(c, "alpha", type));
            case "chisquare" -> key.chisquare(parameter(c, "df", type));
            case "t" -> key.t(parameter(c, "df", type));
            case "f" -> key.f(parameter(c, "dfnum", type), parameter(c, "dfden", type));
            case "lognormal" -> key.logNormal(parameter(c, "sigma", type));
            case "pareto" -> key.pareto(parameter(c, "b", type));
            case "weibull_min" -> key.weibullMin(parameter(c, "scale", type), parameter(c, "concentration", type));
            case "rayleigh" -> key.rayleigh(parameter(c, "scale", type));
            case "maxwell" -> key.maxwell(type);
            case "triangular" -> key.triangular(parameter(c, "left", type), parameter(c, "mode", type),
                    parameter(c, "right", type));
            case "poisson" -> key.poisson(parameter(c, "lam", type.withDType(DType.F32))).astype(type.dtype());
            case "geometric" -> key.geometric(parameter(c, "p", type.withDType(DType.F32))).astype(type.dtype());
            case "binomial" -> key.binomial(parameter(c, "n", type), parameter(c, "p", type));
            case "multinomial" -> key.multinomial(Array.scalar(c.number("n", 0)).astype(type.dtype()),
                    parameter(c, "p", type));
            case "rademacher" -> key.rademacher(type);
            case "categorical" -> key.categorical(c.array("logits"), c.integer("axis", -1));
            case "permutation" -> c.has("x") ? key.permutation(c.array("x"), c.integer("axis", 0),
                    c.flag("independent", false))
                    : key.permutation(c.integer("n", 0)).astype(type.dtype());
            case "choice" -> choice(c, key, type);
            case "orthogonal" -> key.orthogonal(type);
            case "multivariate_normal" -> key.multivariateNormal(c.array("mean"), c.array("cov"),
                    type.shape().without(List.of(type.rank() - 1)));
            default -> throw Failure.unsupported("jax.random." + c.text("fn"));
        };
    }

    /** Out of numbers below n or of an array's slices, with equal or given probabilities. */
    private static Tensor choice(Case c, Key key, TensorType type) {
        boolean replace = c.flag("replace", true);
        Shape shape = new Shape(c.integers("shape"));
        Tensor chosen = c.has("p") ? key.choice(c.array("p"), shape, replace)
                : key.choice(c.has("a") ? c.array("a").size(c.integer("axis", 0)) : c.integer("n", 0), shape, replace);
        return c.has("a") ? c.array("a").take(chosen, c.integer("axis", 0)) : chosen.astype(type.dtype());
    }

    /** A number, or a list of them along the last axis, for every element of the result. */
    private static Tensor parameter(Case c, String name, TensorType type) {
        var argument = c.argument(name);
        if (!argument.isArray()) return Tensor.full(type, c.number(name, 1));
        double[] numbers = new double[argument.size()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = argument.get(i).asDouble();
        return Array.of(TensorType.of(type.dtype(), numbers.length), numbers).broadcastTo(type.shape());
    }
}
