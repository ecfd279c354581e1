package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Tensor;
import javelin.core.transform.Jvp;

/**
 * A function whose batching its author wrote (jax.custom_batching.custom_vmap). A derivative taken before it is mapped
 * is that of the function, one taken after it that of the rule.
 *
 * @param closedOver how many inputs, from the first, the rule knows nothing of
 */
public record CustomVmap(Program function, int closedOver, Rule rule) implements CustomFunction {
    /** The outputs of a batch, all of them mapped, from inputs of which some are. */
    @FunctionalInterface public interface Rule { List<Tensor> batch(int size, List<Boolean> mapped, List<Tensor> in); }

    @Override public List<Dual> jvp(List<Dual> in) { return Jvp.run(function, in); }

    @Override public List<Batched> batch(List<Batched> in) {
        requireConstant("batching rule for", in, Batched::mapped);
        List<Batched> own = in.subList(closedOver, in.size());
        return Lists.map(rule.batch(Batched.size(own), Lists.map(own, Batched::mapped),
                Lists.map(own, Batched::value)), Batched::mapped);
    }

    @Override public String toString() { return "custom_vmap"; }
}
