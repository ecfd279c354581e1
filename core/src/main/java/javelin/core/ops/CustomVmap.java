package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.ComposedOp;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.NoRuleException;
import javelin.core.Program;
import javelin.core.Tensor;
import javelin.core.transform.Jvp;
import javelin.core.type.TensorType;

/**
 * A function whose batching its author wrote (jax.custom_batching.custom_vmap). A derivative taken before it is mapped
 * is that of the function, one taken after it that of the rule.
 *
 * @param closedOver how many inputs, from the first, the rule knows nothing of
 */
public record CustomVmap(Program function, int closedOver, Rule rule) implements ComposedOp {
    /** The outputs of a batch, all of them mapped, from inputs of which some are. */
    @FunctionalInterface public interface Rule { List<Tensor> batch(int size, List<Boolean> mapped, List<Tensor> in); }

    @Override public boolean hasEffects() { return function.hasEffects(); }

    @Override public Program definition(List<TensorType> in) { return function; }

    @Override public List<TensorType> outputTypes(List<TensorType> in) { return function.outputTypes(); }

    @Override public List<Dual> jvp(List<Dual> in) { return Jvp.run(function, in); }

    @Override public List<Batched> batch(List<Batched> in) {
        if (in.subList(0, closedOver).stream().anyMatch(Batched::mapped))
            throw new NoRuleException(this, "batching rule for what its function closes over",
                    "make that an argument of the function");
        List<Batched> own = in.subList(closedOver, in.size());
        return Lists.map(rule.batch(Batched.size(own), Lists.map(own, Batched::mapped),
                Lists.map(own, Batched::value)), Batched::mapped);
    }

    @Override public String toString() { return "custom_vmap"; }
}
