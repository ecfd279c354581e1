package javelin.conformance.jaxpr;

import java.util.List;
import java.util.Optional;
import javelin.core.Batched;
import javelin.core.ControlOp;
import javelin.core.Dual;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.NoRuleException;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.transform.Vmap;
import javelin.core.type.TensorType;

/**
 * A function whose reverse mode its author wrote (jax.custom_vjp).
 *
 * @param forward   inputs to the residuals that are no inputs, then the outputs
 * @param backward  all residuals, then the outputs' cotangents, to a cotangent for each input marked in {@code gives}
 * @param residuals the input each residual is; empty for the next that {@code forward} gives
 */
record CustomVjp(Program function, Program forward, Program backward, List<Optional<Integer>> residuals,
        List<Boolean> gives) implements Call {
    @Override public ControlOp withBodies(List<Program> bodies) {
        return new CustomVjp(bodies.getFirst(), forward, backward, residuals, gives);
    }

    @Override public List<Dual> jvp(List<Dual> in) {
        List<Tensor> primals = Lists.map(in, Dual::primal), results = forward.apply(primals);
        int kept = results.size() - function.outputs().size();
        var next = results.subList(0, kept).iterator();
        List<Tensor> known = Lists.map(residuals, r -> r.isPresent() ? primals.get(r.get()) : next.next());
        List<Tensor> out = results.subList(kept, results.size());
        var linear = new Pullback(backward, residuals.size(), gives, Lists.map(out, Tensor::type));
        List<Tensor> tangents = Op.apply(linear, Lists.concat(known, Lists.map(in, Dual::tangentOrZero)));
        return Lists.each(out.size(), i -> out.get(i).dtype().isFloat() ? Dual.of(out.get(i), tangents.get(i))
                : Dual.constant(out.get(i)));
    }

    /** Every input is mapped, so that residuals are. */
    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        var all = new CustomVjp(mapped(function, size), mapped(forward, size), mapped(backward, size), residuals,
                gives);
        return Lists.map(Op.apply(all, Lists.map(in, b -> b.spread(size))), Batched::mapped);
    }

    private static Program mapped(Program p, int size) { return Vmap.of(p, Lists.map(p.inputs(), _ -> true), size); }

    @Override public String toString() { return "custom_vjp"; }

    /**
     * The linear map of tangents of which only the transpose is known. Inputs are the residuals, then a tangent for
     * every input.
     */
    record Pullback(Program backward, int residuals, List<Boolean> gives, List<TensorType> types) implements LinearOp {
        @Override public List<TensorType> outputTypes(List<TensorType> in) { return types; }

        @Override public List<Tensor> transpose(List<Operand> in, List<Tensor> cotangents) {
            var given = backward.apply(Lists.concat(Lists.map(in.subList(0, residuals), Operand::known), cotangents))
                    .iterator();
            List<Tensor> all = Lists.each(gives.size(), i -> gives.get(i) ? given.next()
                    : Tensor.zeros(in.get(residuals + i).type()));
            return Lists.where(all, Lists.map(in.subList(residuals, in.size()), Operand::isLinear), true);
        }

        @Override public List<Dual> jvp(List<Dual> in) { throw reverseOnly(); }

        @Override public List<Batched> batch(List<Batched> in) {
            int size = Batched.size(in);
            var all = new Pullback(mapped(backward, size), residuals, gives,
                    Lists.map(types, t -> t.withShape(t.shape().prepend(size))));
            return Lists.map(Op.apply(all, Lists.map(in, b -> b.spread(size))), Batched::mapped);
        }

        @Override public Lowering lower(List<TensorType> in) { throw reverseOnly(); }

        private NoRuleException reverseOnly() {
            return new NoRuleException(this, "forward-mode derivative, since its author wrote only the reverse one",
                    "use vjp or grad");
        }

        @Override public String toString() { return "custom_vjp_pullback"; }
    }
}
