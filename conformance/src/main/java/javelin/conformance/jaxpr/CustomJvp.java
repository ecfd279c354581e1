package javelin.conformance.jaxpr;

import java.util.List;
import javelin.core.Batched;
import javelin.core.ControlOp;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Tensor;
import javelin.core.transform.Vmap;

/**
 * A function whose derivative its author wrote (jax.custom_jvp): {@code rule} is used in place of differentiating
 * {@code function}.
 */
record CustomJvp(Program function, CustomRule rule) implements Call {
    @Override public ControlOp withBodies(List<Program> bodies) { return new CustomJvp(bodies.getFirst(), rule); }

    @Override public List<Dual> jvp(List<Dual> in) { return rule.jvp(in); }

    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        List<Boolean> mapped = Lists.map(in, Batched::mapped);
        var all = new CustomJvp(Vmap.of(function, mapped, size), new CustomRule.Mapped(
                rule, function.inputTypes(), mapped, size));
        List<Tensor> out = Op.apply(all, Lists.map(in, Batched::value));
        return Lists.map(out, Batched::mapped);
    }

    @Override public String toString() { return "custom_jvp"; }
}
