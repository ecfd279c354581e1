package javelin.conformance.jaxpr;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javelin.conformance.jaxpr.Primitives.Meaning;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Recorder.Traced;
import javelin.core.Tensor;
import javelin.core.ops.Cond;
import javelin.core.ops.Remat;
import javelin.core.ops.Scan;
import javelin.core.ops.While;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import tools.jackson.databind.JsonNode;

/** Primitives that run sub-programs. */
final class Branching {
    private Branching() {}

    static void add(Map<String, Meaning> table) {
        table.put("jit", e -> e.inline("jaxpr", e.in()));
        table.put("pjit", table.get("jit"));
        table.put("closed_call", e -> e.inline(e.has("call_jaxpr") ? "call_jaxpr" : "jaxpr", e.in()));
        table.put("core_call", table.get("closed_call"));
        table.put("core_closed_call", table.get("closed_call"));
        table.put("remat2", e -> {
            Traced body = e.jaxpr().trace(e.program("jaxpr"));
            return Op.apply(new Remat(body.program()), Lists.concat(body.captured(), e.in()));
        });
        table.put("remat", table.get("remat2"));
        table.put("checkpoint", table.get("remat2"));
        table.put("scan", Branching::scan);
        table.put("while", Branching::loop);
        table.put("cond", Branching::cond);
        CustomRules.add(table);
    }

    private static List<Tensor> scan(Eqn e) {
        int constants = e.integer("num_consts", 0), carries = e.integer("num_carry", 0);
        Traced body = e.jaxpr().trace(e.program("jaxpr"));
        var scan = new Scan(body.program(), body.captured().size() + constants, carries, length(e, constants + carries),
                e.flag("reverse", false));
        return Op.apply(scan, Lists.concat(body.captured(), e.in()));
    }

    private static int length(Eqn e, int firstRow) {
        return e.has("length") || e.in().size() == firstRow ? e.integer("length") : e.in(firstRow).size(0);
    }

    private static List<Tensor> loop(Eqn e) {
        int conditionConstants = e.integer("cond_nconsts", 0), bodyConstants = e.integer("body_nconsts", 0);
        Traced condition = e.jaxpr().trace(e.program("cond_jaxpr")), body = e.jaxpr().trace(e.program("body_jaxpr"));
        var loop = new While(condition.program(), body.program(), condition.captured().size() + conditionConstants,
                body.captured().size() + bodyConstants);
        return Op.apply(loop, Lists.concat(condition.captured(), e.in().subList(0, conditionConstants), body.captured(),
                e.in().subList(conditionConstants, e.in().size())));
    }

    /** The index comes first; every branch takes what any of them closes over. */
    private static List<Tensor> cond(Eqn e) {
        List<Traced> branches = new ArrayList<>();
        for (JsonNode b : e.params().path("branches"))
            branches.add(e.jaxpr().trace(b.has("program") ? b.path("program") : b));
        List<Tensor> operands = e.in().subList(1, e.in().size());
        List<Tensor> captured = branches.stream().flatMap(b -> b.captured().stream()).toList();
        List<TensorType> types = Lists.concat(Lists.map(captured, Tensor::type), Lists.map(operands, Tensor::type));
        List<Program> programs = new ArrayList<>();
        int from = 0;
        for (Traced b : branches) {
            int start = from, end = from += b.captured().size();
            programs.add(Recorder.trace(types, v -> {
                List<Tensor> mine = v.subList(start, end), given = v.subList(captured.size(), v.size());
                return b.program().apply(Lists.concat(mine, given));
            }).closed());
        }
        return Op.apply(new Cond(programs), Lists.concat(List.of(e.in(0).astype(DType.I32)), captured, operands));
    }
}
