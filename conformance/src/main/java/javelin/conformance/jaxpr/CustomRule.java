package javelin.conformance.jaxpr;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javelin.conformance.Failure;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.transform.Vmap;
import javelin.core.type.TensorType;
import tools.jackson.databind.JsonNode;

/**
 * A user's derivative rule: outputs and their tangents from inputs and theirs. Read when it is needed, for it may call
 * itself.
 */
sealed interface CustomRule {
    List<Dual> jvp(List<Dual> in);

    /** An entry of the case's {@code rules}. */
    record Written(Jaxpr jaxpr, String name) implements CustomRule {
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
            return Lists.each(outZeros.size(), i -> outZeros.get(i) ? Dual.constant(out.get(i))
                    : Dual.of(out.get(i), tangents.next()));
        }
    }

    /** A rule for one example, applied to a batch; {@code types} are those of one example's inputs. */
    record Mapped(CustomRule rule, List<TensorType> types, List<Boolean> mapped, int size) implements CustomRule {
        @Override public List<Dual> jvp(List<Dual> in) {
            List<Boolean> has = Lists.map(in, Dual::hasTangent), outHas = new ArrayList<>();
            Program one = Recorder.trace(Lists.concat(types, Lists.where(types, has, true)), v -> {
                var tangents = v.subList(in.size(), v.size()).iterator();
                List<Dual> out = rule.jvp(Lists.each(in.size(), i -> new Dual(
                        v.get(i), has.get(i) ? Optional.of(tangents.next()) : Optional.empty())));
                outHas.addAll(Lists.map(out, Dual::hasTangent));
                List<Tensor> given = Lists.map(Lists.where(out, outHas, true), Dual::tangentOrZero);
                return Lists.concat(Lists.map(out, Dual::primal), given);
            }).closed();
            Program all = Vmap.of(one, Lists.concat(mapped, Lists.where(mapped, has, true)), size);
            List<Tensor> out = all.apply(Lists.concat(Lists.map(in, Dual::primal),
                    Lists.map(Lists.where(in, has, true), Dual::tangentOrZero)));
            var tangents = out.subList(outHas.size(), out.size()).iterator();
            return Lists.each(outHas.size(), i -> outHas.get(i) ? Dual.of(out.get(i), tangents.next())
                    : Dual.constant(out.get(i)));
        }
    }

    static List<Boolean> booleans(JsonNode list) { return Lists.each(list.size(), i -> list.get(i).asBoolean()); }
}
