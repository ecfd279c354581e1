package javelin.conformance.jaxpr;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javelin.conformance.jaxpr.Primitives.Meaning;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder.Traced;
import javelin.core.Tensor;
import javelin.core.ops.CustomJvp;
import javelin.core.ops.CustomVjp;
import tools.jackson.databind.JsonNode;

/** Functions with derivatives of their authors'. */
final class CustomRules {
    private CustomRules() {}

    static void add(Map<String, Meaning> table) {
        table.put("custom_jvp_call", e -> Op.apply(new CustomJvp(closed(e, "call_jaxpr"), 0,
                new CustomRule(e.jaxpr(), e.text("jvp_rule", ""))), e.in()));
        table.put("custom_vjp_call", CustomRules::vjp);
        table.put("custom_vjp_call_jaxpr", table.get("custom_vjp_call"));
    }

    private static List<Tensor> vjp(Eqn e) {
        Program function = closed(e, e.has("call_jaxpr") ? "call_jaxpr" : "fun_jaxpr");
        JsonNode residuals = e.params().path("residuals");
        List<Optional<Integer>> from = Lists.each(residuals.size(), i -> residuals.get(i).isNull() ? Optional.empty()
                : Optional.of(residuals.get(i).asInt()));
        var rule = new Written(closed(e, "fwd"), closed(e, "bwd"), from,
                CustomRule.booleans(e.params().path("bwd_gives")),
                function.outputs().size());
        return Op.apply(new CustomVjp(function, 0, rule), e.in());
    }

    /**
     * A case's rule.
     *
     * @param forward   inputs to the residuals that are no inputs, then the outputs
     * @param backward  all residuals, then the outputs' cotangents, to a cotangent for each input marked in {@code
     * gives}
     * @param residuals the input each residual is; empty for the next that {@code forward} gives
     */
    private record Written(Program forward, Program backward, List<Optional<Integer>> residuals, List<Boolean> gives,
            int outputs) implements CustomVjp.Rule {
        /** Keeps all residuals, then the inputs, whose types the backward rule needs for those it gives nothing. */
        @Override public CustomVjp.Forward forward(List<Tensor> in) {
            List<Tensor> results = forward.apply(in);
            int kept = results.size() - outputs;
            var next = results.subList(0, kept).iterator();
            List<Tensor> known = Lists.map(residuals, r -> r.isPresent() ? in.get(r.get()) : next.next());
            return new CustomVjp.Forward(results.subList(kept, results.size()), Lists.concat(known, in));
        }

        @Override public List<Tensor> backward(List<Tensor> kept, List<Tensor> cotangents) {
            List<Tensor> in = kept.subList(residuals.size(), kept.size());
            var given = backward.apply(Lists.concat(kept.subList(0, residuals.size()), cotangents)).iterator();
            return Lists.each(gives.size(), i -> gives.get(i) ? given.next() : Tensor.zeros(in.get(i).type()));
        }
    }

    private static Program closed(Eqn e, String name) {
        Traced traced = e.jaxpr().trace(e.program(name));
        if (!traced.captured().isEmpty()) throw e.unsupported("closing over constant arrays");
        return traced.program();
    }
}
