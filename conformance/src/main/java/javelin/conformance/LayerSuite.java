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
import javelin.nn.Nn;
import javelin.nn.Rngs;
import javelin.nn.Variables;
import tools.jackson.databind.JsonNode;

/**
 * Cases that name a layer of flax.linen: the parameters it starts from, its output, the state it leaves, and the
 * gradient of the weighted sum of its output.
 */
final class LayerSuite implements Suite {
    /** Arguments that are the mode of the scope here. */
    static final List<String> MODES = List.of("deterministic", "use_running_average", "update_stats");
    private static final Layers LAYERS = new Layers();

    @Override public String group(Case c) { return c.text("layer"); }

    @Override public void check(Case c, Execution execution) {
        Layers.Model model = LAYERS.of(c);
        List<Array> inputs = new ArrayList<>(List.of(c.array("input")));
        for (int i = 0; c.has("extra" + i); i++) inputs.add(c.array("extra" + i));
        if (c.has("params")) checkInitial(c, model, inputs);
        new Check(c, model, inputs, execution).run();
    }

    /** {@code init} from PRNGKey(seed), the other streams from PRNGKey(seed + 100). */
    private static void checkInitial(Case c, Layers.Model model, List<Array> inputs) {
        int seed = c.json().path("seed").asInt();
        Rngs rngs = rngs(c, seed + 100).with("params", Key.of(seed));
        Variables variables = Compare.explained("params", () ->
                Nn.init(rngs, Lists.map(inputs, Array::type), model::apply));
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

    /** Output, gradients and state of one case, computed in one program of the parameters and the inputs. */
    private static final class Check {
        private final Case c;
        private final Layers.Model model;
        private final Execution execution;
        private final SortedMap<String, Array> params;
        private final Map<String, Array> state;
        private final List<Array> inputs;

        Check(Case c, Layers.Model model, List<Array> inputs, Execution execution) {
            this.c = c;
            this.model = model;
            this.inputs = inputs;
            this.execution = execution;
            params = new TreeMap<>(c.tree("params"));
            state = c.tree("state");
        }

        void run() {
            int n = params.size();
            List<String> newState = List.copyOf(c.tree("new_state").keySet());
            List<Array> found = Compare.explained("out", () -> execution.call(in -> {
                Applied<Tensor> applied = apply(in);
                List<Tensor> gradients = c.has("weights") ? Transforms.grad((List<Tensor> p) ->
                        apply(p).value().mul(c.array("weights")).sum()).apply(in) : in;
                List<Tensor> after = Lists.map(newState, applied.updates()::tensor);
                return Lists.concat(List.of(applied.value()), gradients, after);
            }, Lists.concat(params.values(), inputs)));
            Compare.one(c, "out", Kind.TRANSCENDENTAL, c.array("out"), found.subList(0, 1));
            compare(c, "grad_params", Kind.TRANSCENDENTAL_GRADIENT, c.tree("grad_params"),
                    c.has("grad_params") ? named(List.copyOf(params.keySet()), found.subList(1, 1 + n))
                            : new TreeMap<>());
            if (c.has("grad_input"))
                Compare.one(c, "grad_input", Kind.TRANSCENDENTAL_GRADIENT, c.array("grad_input"),
                        found.subList(1 + n, 2 + n));
            compare(c, "new_state", Kind.TRANSCENDENTAL, c.tree("new_state"),
                    named(newState, found.subList(1 + n + inputs.size(), found.size())));
        }

        /** In training unless the case says that the layer is deterministic or uses or keeps its statistics. */
        private Applied<Tensor> apply(List<Tensor> in) {
            var named = named(List.copyOf(params.keySet()), in.subList(0, params.size()));
            Variables variables = Variables.ofParams(Variables.of(named)).with(Variables.of(state));
            List<Tensor> x = in.subList(params.size(), in.size());
            if (evaluation()) return new Applied<>(Nn.apply(variables, s -> model.apply(s, x)), Variables.empty());
            return Nn.train(variables, rngs(c, c.json().path("apply_seed").asInt(0)), s -> model.apply(s, x));
        }

        private boolean evaluation() {
            JsonNode call = c.json().path("call");
            return c.flag("deterministic", call.path("deterministic").asBoolean(false))
                    || c.flag("use_running_average", call.path("use_running_average").asBoolean(false))
                    || !c.flag("update_stats", call.path("update_stats").asBoolean(true));
        }

        private static <T> SortedMap<String, T> named(List<String> names, List<T> values) {
            SortedMap<String, T> map = new TreeMap<>();
            for (int i = 0; i < names.size(); i++) map.put(names.get(i), values.get(i));
            return map;
        }
    }
}
