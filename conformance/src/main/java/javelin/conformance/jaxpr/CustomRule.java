package javelin.conformance.jaxpr;

import java.util.List;
import javelin.conformance.Failure;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.ops.CustomJvp;
import tools.jackson.databind.JsonNode;

/** An entry of a case's {@code rules}: outputs and their tangents from inputs and theirs. */
record CustomRule(Jaxpr jaxpr, String name) implements CustomJvp.Rule {
    @Override public List<Dual> jvp(List<Dual> in) {
        JsonNode rule = jaxpr.rules().path(name);
        if (!rule.has("program")) throw Failure.unsupported("custom_jvp_call without its rule");
        List<Boolean> inZeros = booleans(rule.path("in_zeros")), outZeros = booleans(rule.path("out_zeros"));
        for (int i = 0; i < in.size(); i++)
            if (inZeros.get(i) && in.get(i).hasTangent())
                throw Failure.unsupported("custom_jvp_call with respect to an input its rule takes for constant");
        List<Tensor> given = Lists.map(Lists.where(in, inZeros, false), Dual::tangentOrZero);
        List<Tensor> out = jaxpr.apply(rule.path("program"), Lists.concat(Lists.map(in, Dual::primal), given));
        var tangents = out.subList(outZeros.size(), out.size()).iterator();
        return Lists.each(outZeros.size(), i ->
                outZeros.get(i) ? Dual.constant(out.get(i)) : Dual.of(out.get(i), tangents.next()));
    }

    static List<Boolean> booleans(JsonNode list) { return Lists.each(list.size(), i -> list.get(i).asBoolean()); }
}
