package javelin.core.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javelin.core.Batched;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.transform.Vmap;
import javelin.core.type.TensorType;

/**
 * A function whose derivative its author wrote (jax.custom_jvp): {@code rule} is used in place of differentiating it.
 *
 * @param closedOver how many inputs, from the first, the rule knows nothing of
 */
public record CustomJvp(Program function, int closedOver, Rule rule) implements CustomFunction {
    /**
     * The outputs and their tangents, from inputs and theirs. Run when it is needed, so it may use the function it is
     * a rule of.
     */
    @FunctionalInterface public interface Rule { List<Dual> jvp(List<Dual> in); }

    @Override public List<Dual> jvp(List<Dual> in) {
        requireConstant("derivative with respect to", in, Dual::hasTangent);
        return rule.jvp(in);
    }

    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        List<Boolean> mapped = Lists.map(in, Batched::mapped);
        var all = new CustomJvp(Vmap.of(function, mapped, size), closedOver,
                new Mapped(rule, function.inputTypes(), mapped, size));
        return Lists.map(Op.apply(all, Lists.map(in, Batched::value)), Batched::mapped);
    }

    @Override public String toString() { return "custom_jvp"; }

    /** A rule for one example, whose inputs have {@code types}, applied to a batch. */
    private record Mapped(Rule rule, List<TensorType> types, List<Boolean> mapped, int size) implements Rule {
        @Override public List<Dual> jvp(List<Dual> in) {
            List<Boolean> has = Lists.map(in, Dual::hasTangent), outHas = new ArrayList<>();
            var one = Recorder.trace(Lists.concat(types, Lists.where(types, has, true)), v -> {
                var tangents = v.subList(in.size(), v.size()).iterator();
                List<Dual> out = rule.jvp(Lists.each(in.size(),
                        i -> new Dual(v.get(i), has.get(i) ? Optional.of(tangents.next()) : Optional.empty())));
                outHas.addAll(Lists.map(out, Dual::hasTangent));
                return Lists.concat(Lists.map(out, Dual::primal),
                        Lists.map(Lists.where(out, outHas, true), Dual::tangentOrZero));
            });
            // a tangent may be mapped where its primal is not
            List<Boolean> inputs = Lists.concat(Lists.falses(one.captured().size()), mapped,
                    Lists.each(Lists.count(has), _ -> true));
            List<Tensor> tangents = Lists.map(Lists.where(in, has, true), Dual::tangentOrZero);
            List<Boolean> spread = Lists.where(mapped, has, true);
            List<Tensor> out = Vmap.of(one.program(), inputs, size)
                    .apply(Lists.concat(one.captured(), Lists.map(in, Dual::primal),
                    Lists.each(tangents.size(), i -> new Batched(tangents.get(i), spread.get(i)).spread(size))));
            var outTangents = out.subList(outHas.size(), out.size()).iterator();
            return Lists.each(outHas.size(), i ->
                    outHas.get(i) ? Dual.of(out.get(i), outTangents.next()) : Dual.constant(out.get(i)));
        }
    }
}
