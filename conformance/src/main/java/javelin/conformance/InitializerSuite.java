package javelin.conformance;

import java.util.List;
import javelin.Key;
import javelin.conformance.Tolerance.Kind;
import javelin.core.Array;
import javelin.nn.Initializer;
import javelin.nn.Initializers;
import javelin.nn.Initializers.Distribution;
import javelin.nn.Initializers.Fan;

/** Cases that name a function of jax.nn.initializers. */
final class InitializerSuite implements Suite {
    @Override public String group(Case c) { return c.text("initializer"); }

    @Override public void check(Case c, Execution execution) {
        Array expected = c.array("out");
        Initializer initializer = initializer(c);
        Key key = Key.of(c.json().path("seed").asInt());
        Compare.one(c, "out", Kind.TRANSCENDENTAL, expected, Compare.explained("out", () ->
                execution.call(in -> List.of(initializer.apply(new Key(in.getFirst(), key.mode()), expected.type())),
                        List.of(key.data()))));
    }

    private static Initializer initializer(Case c) {
        return switch (c.text("initializer")) {
            case "zeros" -> Initializers.zeros();
            case "ones" -> Initializers.ones();
            case "constant" -> Initializers.constant(c.number("value", 0));
            case "normal" -> Initializers.normal(c.number("stddev", 0.01));
            case "uniform" -> Initializers.uniform(c.number("scale", 0.01));
            case "truncated_normal" -> Initializers.truncatedNormal(c.number("stddev", 0.01), c.number("lower", -2),
                    c.number("upper", 2));
            case "lecun_normal" -> Initializers.lecunNormal();
            case "lecun_uniform" -> Initializers.lecunUniform();
            case "glorot_normal", "xavier_normal" -> Initializers.glorotNormal();
            case "glorot_uniform", "xavier_uniform" -> Initializers.glorotUniform();
            case "he_normal", "kaiming_normal" -> Initializers.heNormal();
            case "he_uniform", "kaiming_uniform" -> Initializers.heUniform();
            case "orthogonal" -> new Initializers.Orthogonal(c.number("scale", 1), c.integer("column_axis", -1));
            case "delta_orthogonal" -> new Initializers.DeltaOrthogonal(c.number("scale", 1),
                    c.integer("column_axis", -1));
            case "variance_scaling" -> varianceScaling(c);
            default -> throw Failure.unsupported("initializer " + c.text("initializer"));
        };
    }

    private static Initializer varianceScaling(Case c) {
        c.requireOnly("scale", "mode", "distribution", "in_axis", "out_axis", "batch_axis");
        Fan fan = switch (c.word("mode", "fan_in")) {
            case "fan_in" -> Fan.IN;
            case "fan_out" -> Fan.OUT;
            case "fan_avg" -> Fan.AVERAGE;
            case "fan_geo_avg" -> Fan.GEOMETRIC_AVERAGE;
            case String other -> throw Failure.unsupported("variance_scaling of " + other);
        };
        Distribution distribution = switch (c.word("distribution", "truncated_normal")) {
            case "truncated_normal" -> Distribution.TRUNCATED_NORMAL;
            case "normal" -> Distribution.NORMAL;
            case "uniform" -> Distribution.UNIFORM;
            case String other -> throw Failure.unsupported("variance_scaling from " + other);
        };
        List<Integer> in = c.integers("in_axis"), out = c.integers("out_axis");
        return new Initializers.VarianceScaling(c.number("scale", 1), fan, distribution,
                in.isEmpty() ? List.of(-2) : in, out.isEmpty() ? List.of(-1) : out, c.integers("batch_axis"));
    }
}
