package javelin.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javelin.Key;
import javelin.Transforms;
import javelin.conformance.Tolerance.Kind;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.nn.Applied;
import javelin.nn.Dense;
import javelin.nn.Dropout;
import javelin.nn.Layer;
import javelin.nn.LayerNorm;
import javelin.nn.Rngs;
import javelin.nn.Sequential;
import javelin.nn.Variables;
import tools.jackson.databind.JsonNode;

/**
 * Cases that name a layer of flax.linen: the parameters it starts from, its output, the state it leaves, and the
 * gradient of the weighted sum of its output.
 */
final class LayerSuite implements Suite {
    @Override public String group(Case c) { return c.text("layer"); }

    @Override public void check(Case c, Execution execution) {
        if (c.has("extra0")) throw Failure.unsupported("layer " + c.text("layer") + " with several inputs");
        Layer layer = layer(c);
        checkInitial(c, layer);
        new Check(c, layer, execution).run();
    }

    private static Layer layer(Case c) {
        return switch (c.text("layer")) {
            case "Dense" -> {
                c.requireOnly("features", "use_bias");
                yield Dense.of(c.integer("features", 1)).withUseBias(c.flag("use_bias", true));
            }
            case "Dropout" -> {
                c.requireOnly("rate", "broadcast_dims", "deterministic");
                yield Dropout.of(c.number("rate", 0)).withBroadcast(c.integers("broadcast_dims").stream()
                        .mapToInt(a -> a).toArray());
            }
            case "LayerNorm" -> {
                c.requireOnly("epsilon", "use_bias", "use_scale");
                yield new LayerNorm(c.number("epsilon", 1e-6), c.flag("use_bias", true), c.flag("use_scale", true));
            }
            case "Sequential" -> {
                List<String> names = new ArrayList<>();
                for (JsonNode n : c.argument("layers")) names.add(n.asString());
                yield new Sequential(Models.named(names));
            }
            case "Mlp" -> new Models.Mlp(c.integers("features"), c.word("activation", "relu"));
            case "Nested" -> new Models.Nested(c.integer("blocks", 1));
            case "Shared" -> new Models.Shared();
            default -> throw Failure.unsupported("layer " + c.text("layer"));
        };
    }

    /** {@code init} from PRNGKey(seed), the other streams from PRNGKey(seed + 100). */
    private static void checkInitial(Case c, Layer layer) {
        int seed = c.json().path("seed").asInt();
        Rngs rngs = rngs(c, seed + 100).with("params", Key.of(seed));
        Variables variables = Compare.explained("params", () -> layer.init(rngs, c.array("input").type()));
        compare(c, "params", Kind.TRANSCENDENTAL, c.tree("params"), variables.params().flat());
    }

    private static Rngs rngs(Case c, int seed) {
        Rngs rngs = Rngs.none();
        for (JsonNode stream : c.json().path("rng_streams")) rngs = rngs.with(stream.asString(), Key.of(seed));
        return rngs;
    }

    private static void compare(Case c, String part, Kind kind, Map<String, Array> expected,
            SortedMap<String, ? extends Tensor> found) {
        if (!expected.keySet().equals(found.keySet()))
            throw new Failure(part + " has other names", found.keySet() + " instead of " + expected.keySet());
        List<String> paths = List.copyOf(found.keySet());
        Compare.all(c, part, kind, Lists.map(paths, expected::get), Lists.map(paths, p -> found.get(p).array()));
    }

    /** Output, gradients and state of one case, computed in one program of the parameters and the input. */
    private static final class Check {
        private final Case c;
        private final Layer layer;
        private final Execution execution;
        private final SortedMap<String, Array> params;
        private final Map<String, Array> state;
        private final Array input, weights;

        Check(Case c, Layer layer, Execution execution) {
            this.c = c;
            this.layer = layer;
            this.execution = execution;
            params = new TreeMap<>(c.tree("params"));
            state = c.tree("state");
            input = c.array("input");
            weights = c.array("weights");
        }

        void run() {
            int n = params.size();
            List<String> newState = List.copyOf(c.tree("new_state").keySet());
            List<Array> found = Compare.explained("out", () -> execution.call(in -> {
                Applied<Tensor> applied = apply(in);
                List<Tensor> gradients = Transforms.grad((List<Tensor> p) -> apply(p).value().mul(weights).sum())
                        .apply(in);
                List<Tensor> after = Lists.map(newState, applied.updates()::tensor);
                return Lists.concat(List.of(applied.value()), gradients, after);
            }, Lists.concat(params.values(), List.of(input))));
            Compare.one(c, "out", Kind.TRANSCENDENTAL, c.array("out"), found.subList(0, 1));
            compare(c, "grad_params", Kind.TRANSCENDENTAL_GRADIENT, c.tree("grad_params"),
                    named(List.copyOf(params.keySet()), found.subList(1, 1 + n)));
            if (c.has("grad_input"))
                Compare.one(c, "grad_input", Kind.TRANSCENDENTAL_GRADIENT, c.array("grad_input"),
                        found.subList(1 + n, 2 + n));
            compare(c, "new_state", Kind.TRANSCENDENTAL, c.tree("new_state"),
                    named(newState, found.subList(2 + n, found.size())));
        }

        /** In training unless the case says {@code deterministic} or {@code use_running_average}. */
        private Applied<Tensor> apply(List<Tensor> in) {
            var named = named(List.copyOf(params.keySet()), in.subList(0, params.size()));
            Variables variables = Variables.ofParams(Variables.of(named));
            variables = variables.with(Variables.of(state));
            Tensor x = in.getLast();
            boolean evaluation = c.flag("deterministic", false) || c.flag("use_running_average", false);
            if (evaluation) return new Applied<>(layer.apply(variables, x), Variables.empty());
            return layer.train(variables, x, rngs(c, c.json().path("apply_seed").asInt(0)));
        }

        private static <T> SortedMap<String, T> named(List<String> names, List<T> values) {
            SortedMap<String, T> map = new TreeMap<>();
            for (int i = 0; i < names.size(); i++) map.put(names.get(i), values.get(i));
            return map;
        }
    }
}
