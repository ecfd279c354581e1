package javelin.train;

import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.nn.Variables;
import javelin.optim.OptState;
import javelin.optim.Optimizer;
import javelin.optim.Optimizers;

/**
 * All that changes while a network is trained, as one tree: what a step takes and gives, and what a checkpoint holds.
 *
 * @param step      how many updates were made, an i32 scalar
 * @param params    the trained parameters
 * @param optimizer the optimizer's state
 * @param variables the other collections, such as {@code batch_stats}; empty if there are none
 */
public record TrainState(Tensor step, Variables params, OptState optimizer, Variables variables) {
    /** Before the first step, with what {@code Layer.init} gave. */
    public static TrainState of(Variables initial, Optimizer<Variables> optimizer) {
        return new TrainState(Array.scalar(0L, DType.I32), initial.params(), optimizer.init(initial.params()),
                initial.has("params") ? initial.without("params") : initial);
    }

    /** What {@code Layer.apply} and {@code train} take. */
    public Variables all() { return allWith(params); }

    /** As {@link #all}, with other parameters: those the loss is differentiated by. */
    public Variables allWith(Variables params) { return variables.withParams(params); }

    /** After one update with these gradients of the parameters. */
    public TrainState update(Optimizer<Variables> tx, Variables gradients) {
        var update = tx.update(gradients, optimizer, params);
        return new TrainState(step.add(1), Optimizers.applyUpdates(params, update.updates()),
                update.state(), variables);
    }

    /** With the collections that training changed: {@code applied.updates()}. */
    public TrainState with(Variables updates) {
        return new TrainState(step, params, optimizer, variables.with(updates));
    }
}
