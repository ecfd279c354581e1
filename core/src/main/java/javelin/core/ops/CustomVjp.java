package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.Dual;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.NoRuleException;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.transform.Vmap;
import javelin.core.type.TensorType;

/**
 * A function whose reverse mode its author wrote (jax.custom_vjp). Forward mode over it raises.
 *
 * @param closedOver how many inputs, from the first, the rule knows nothing of
 */
public record CustomVjp(Program function, int closedOver, Rule rule) implements CustomFunction {
    /** Both are run when they are needed, so they may use the function they are rules of. */
    public interface Rule {
        /** The outputs, and whatever {@link #backward} wants to know. */
        Forward forward(List<Tensor> in);

        /** A cotangent for every input. */
        List<Tensor> backward(List<Tensor> residuals, List<Tensor> cotangents);
    }

    public record Forward(List<Tensor> outputs, List<Tensor> residuals) {}

    @Override public List<Dual> jvp(List<Dual> in) {
        requireConstant("derivative with respect to", in, Dual::hasTangent);
        Forward forward = rule.forward(Lists.map(in, Dual::primal));
        List<Tensor> out = forward.outputs();
        var linear = new Pullback(rule, forward.residuals().size(), Lists.map(out, Tensor::type));
        List<Tensor> tangents = Op.apply(linear, Lists.concat(forward.residuals(), Lists.map(in, Dual::tangentOrZero)));
        return Lists.each(out.size(), i -> out.get(i).dtype().isFloat() ? Dual.of(out.get(i), tangents.get(i))
                : Dual.constant(out.get(i)));
    }

    /** Every input is mapped, so that residuals and cotangents are. */
    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        var all = new CustomVjp(Vmap.of(function, Lists.map(in, _ -> true), size), closedOver, new Mapped(rule, size));
        return Lists.map(Op.apply(all, Lists.map(in, b -> b.spread(size))), Batched::mapped);
    }

    @Override public String toString() { return "custom_vjp"; }

    /** A rule for one example, applied to a batch. */
    private record Mapped(Rule rule, int size) implements Rule {
        @Override public Forward forward(List<Tensor> in) {
            int[] outputs = new int[1];
            List<Tensor> all = each(in, v -> {
                Forward one = rule.forward(v);
                outputs[0] = one.outputs().size();
                return Lists.concat(one.outputs(), one.residuals());
            });
            return new Forward(all.subList(0, outputs[0]), all.subList(outputs[0], all.size()));
        }

        @Override public List<Tensor> backward(List<Tensor> residuals, List<Tensor> cotangents) {
            int n = residuals.size();
            return each(Lists.concat(residuals, cotangents),
                    v -> rule.backward(v.subList(0, n), v.subList(n, v.size())));
        }

        private List<Tensor> each(List<Tensor> in, java.util.function.UnaryOperator<List<Tensor>> f) {
            var one = Recorder.trace(Lists.map(in, x -> x.type().withShape(x.shape().dropFirst())), f);
            List<Boolean> mapped = Lists.concat(Lists.falses(one.captured().size()), Lists.map(in, _ -> true));
            return Vmap.of(one.program(), mapped, size).apply(Lists.concat(one.captured(), in));
        }
    }

    /**
     * The linear map of tangents of which only the transpose is known. Inputs are the residuals, then a tangent for
     * every input.
     */
    private record Pullback(Rule rule, int residuals, List<TensorType> types) implements LinearOp {
        @Override public List<TensorType> outputTypes(List<TensorType> in) { return types; }

        @Override public List<Tensor> transpose(List<Operand> in, List<Tensor> cotangents) {
            List<Tensor> all = rule.backward(Lists.map(in.subList(0, residuals), Operand::known), cotangents);
            return Lists.where(all, Lists.map(in.subList(residuals, in.size()), Operand::isLinear), true);
        }

        @Override public List<Batched> batch(List<Batched> in) {
            int size = Batched.size(in);
            var all = new Pullback(new Mapped(rule, size), residuals,
                    Lists.map(types, t -> t.withShape(t.shape().prepend(size))));
            return Lists.map(Op.apply(all, Lists.map(in, b -> b.spread(size))), Batched::mapped);
        }

        @Override public List<Dual> jvp(List<Dual> in) { throw reverseOnly(); }

        @Override public Lowering lower(List<TensorType> in) { throw reverseOnly(); }

        private NoRuleException reverseOnly() {
            return new NoRuleException(this, "forward-mode derivative, since its author wrote only the reverse one",
                    "use vjp or grad, or give the function a rule with Custom.jvp");
        }

        @Override public String toString() { return "custom_vjp_pullback"; }
    }
}
