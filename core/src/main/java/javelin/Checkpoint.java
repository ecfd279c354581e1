package javelin;

import java.util.List;
import java.util.Set;
import javelin.core.Op;
import javelin.core.ops.ConvGeneral;
import javelin.core.ops.DotGeneral;
import javelin.core.ops.Named;
import javelin.core.ops.Remat;
import javelin.core.tree.Trees;
import javelin.core.type.TensorType;

/**
 * What {@link Transforms#checkpoint} may keep for the way back (jax.checkpoint_policies). A policy is asked about
 * every op of the function that is known before the way back begins, a loop being one op; what it does not let be
 * saved is computed again from what is.
 */
public final class Checkpoint {
    private Checkpoint() {}

    /** Whether the outputs of an op with inputs of these types may be kept. */
    public interface Policy extends Remat.Policy {}

    /** {@code tree}, its tensors known to policies by a name (jax.ad_checkpoint.checkpoint_name). */
    public static <T> T name(T tree, String name) { return Trees.map(tree, x -> new Named(name).apply(x)); }

    public static Policy everythingSaveable() { return (_, _) -> true; }

    /** What a checkpoint without a policy does. */
    public static Policy nothingSaveable() { return (_, _) -> false; }

    /** Products of matrices and convolutions, which take long to compute again. */
    public static Policy dotsSaveable() { return (op, _) -> op instanceof DotGeneral || op instanceof ConvGeneral; }

    /** Products of which neither factor is a batch: in a batch of examples, those with weights. */
    public static Policy dotsWithNoBatchDimsSaveable() {
        return (op, _) -> op instanceof DotGeneral dot && dot.lhs().batch().isEmpty();
    }

    /** Nothing but what has one of these names. */
    public static Policy saveOnlyTheseNames(String... names) { return new ByName(Set.of(names), true, false); }

    /** Everything, named or not, but what has one of these names. */
    public static Policy saveAnythingExceptTheseNames(String... names) {
        return new ByName(Set.of(names), false, true);
    }

    /** What has a name, but none of these. */
    public static Policy saveAnyNamesButThese(String... names) { return new ByName(Set.of(names), false, false); }

    /** What either allows. */
    public static Policy saveFromBothPolicies(Policy one, Policy other) { return new Either(one, other); }

    private record ByName(Set<String> names, boolean wanted, boolean others) implements Policy {
        @Override public boolean saves(Op op, List<TensorType> in) {
            return op instanceof Named(String name) ? names.contains(name) == wanted : others;
        }
    }

    private record Either(Policy one, Policy other) implements Policy {
        @Override public boolean saves(Op op, List<TensorType> in) { return one.saves(op, in) || other.saves(op, in); }
    }
}
