package javelin.conformance.jaxpr;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javelin.conformance.jaxpr.Primitives.Meaning;
import javelin.core.ControlOp;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Recorder.Traced;
import javelin.core.Tensor;
import tools.jackson.databind.JsonNode;

/** Functions with derivatives of their authors'. */
public final class CustomRules {
    private CustomRules() {}

    static void add(Map<String, Meaning> table) {
        table.put("custom_jvp_call", e -> Op.apply(new CustomJvp(closed(e, "call_jaxpr"),
                new CustomRule.Written(e.jaxpr(), e.text("jvp_rule", ""))), e.in()));
        table.put("custom_vjp_call", CustomRules::vjp);
        table.put("custom_vjp_call_jaxpr", table.get("custom_vjp_call"));
    }

    private static List<Tensor> vjp(Eqn e) {
        Program function = closed(e, e.has("call_jaxpr") ? "call_jaxpr" : "fun_jaxpr");
        JsonNode residuals = e.params().path("residuals");
        List<Optional<Integer>> from = Lists.each(residuals.size(), i -> residuals.get(i).isNull() ? Optional.empty()
                : Optional.of(residuals.get(i).asInt()));
        var op = new CustomVjp(function, closed(e, "fwd"), closed(e, "bwd"), from,
                CustomRule.booleans(e.params().path("bwd_gives")));
        return Op.apply(op, e.in());
    }

    private static Program closed(Eqn e, String name) {
        Traced traced = e.jaxpr().trace(e.program(name));
        if (!traced.captured().isEmpty()) throw e.unsupported("closing over constant arrays");
        return traced.program();
    }

    /** The same program with every such function inlined, to be run when no more derivatives are asked for. */
    public static Program inlined(Program program) {
        return Recorder.trace(program.inputTypes(), in -> program.interpret(in, (e, x) -> switch (e.op()) {
            case Call call -> inlined(call.function()).apply(x);
            case ControlOp control -> Op.apply(control.withBodies(Lists.map(control.bodies(), CustomRules::inlined)),
                    x);
            default -> Op.apply(e.op(), x);
        })).closed();
    }
}
