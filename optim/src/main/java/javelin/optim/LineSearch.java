package javelin.optim;

import java.util.function.Function;
import javelin.Control;
import javelin.Transforms;
import javelin.Transforms.ValueAndGrad;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.tree.Trees;

/** What line searches have in common. */
public final class LineSearch {
    private LineSearch() {}

    /** The state of a line search that knows the loss and its gradient where its step led. */
    public interface Reached<P> {
        /** The loss, infinite before the first step. */
        Tensor value();

        P grad();
    }

    /**
     * The loss and its gradient at {@code params}: those the line search in {@code state} ended with, if there are any,
     * so nothing is computed twice. (optax.value_and_grad_from_state)
     */
    @SuppressWarnings("unchecked")
    public static <P> ValueAndGrad<P> valueAndGrad(Function<P, Tensor> loss, OptState state, P params) {
        var found = Trees.find(state, Reached.class).values();
        if (found.size() != 1)
            throw new JavelinException("valueAndGrad: the optimizer has " + found.size()
                    + " line searches that keep the gradient; it needs one, as lbfgs has,"
                    + " or scaleByBacktracking(...) that stores it");
        Reached<P> reached = (Reached<P>) found.iterator().next();
        var known = new ValueAndGrad<>(reached.value(), reached.grad());
        return Control.cond(reached.value().isFinite(), (P _) -> known,
                (P p) -> {
                    var now = Transforms.valueAndGrad(loss).apply(p);
                    return new ValueAndGrad<>(now.value().astype(known.value().dtype()), now.grad());
                }, params);
    }
}
