package javelin.optim;

import java.util.ArrayList;
import java.util.List;
import javelin.core.JavelinException;
import javelin.core.Lists;

/**
 * Transformations one after the other: each gets the updates of the one before as its gradients. The states are a list
 * and not a typed tuple: a tuple's type would spell out every part, in every signature of the user that holds a state,
 * and change with the optimizer; {@link OptState#find} gives a part by its class. (optax.chain)
 */
public record Chain<P>(List<GradientTransformation<P, ?>> parts) implements Optimizer<P> {
    public Chain {
        parts = List.copyOf(parts);
    }

    @Override public OptState init(P params) { return new OptState(Lists.map(parts, part -> part.init(params))); }

    @Override public Step<P, OptState> update(P gradients, OptState state, P params, Loss<P> loss) {
        if (state.parts().size() != parts.size())
            throw new JavelinException("a chain of " + parts.size() + " transformations is given a state of "
                    + state.parts().size() + "; a state belongs to the optimizer whose init made it");
        List<Object> after = new ArrayList<>();
        P updates = gradients;
        for (int i = 0; i < parts.size(); i++) {
            Step<P, ?> step = step(parts.get(i), updates, state.parts().get(i), params, loss);
            updates = step.updates();
            after.add(step.state());
        }
        return new Step<>(updates, new OptState(List.copyOf(after)));
    }

    /** An update with a state whose type is not known; throws, saying so, if it is the state of something else. */
    @SuppressWarnings("unchecked")
    static <P, S> Step<P, S> step(GradientTransformation<P, S> part, P gradients, Object state, P params,
            Loss<P> loss) {
        try {
            return part.update(gradients, (S) state, params, loss);
        } catch (ClassCastException e) {
            throw new JavelinException(part + " is given the state of another transformation, a "
                    + state.getClass().getName() + "; a state belongs to the optimizer whose init made it", e);
        }
    }
}
