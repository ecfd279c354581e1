package javelin.core;

import java.util.List;
import javelin.core.lowering.Lowering;
import javelin.core.type.TensorType;

/** An op that runs sub-programs. Beside the usual rules it can be split in two for partial evaluation. */
public interface ControlOp extends Op {
    /** Reference semantics. */
    List<Tensor> run(List<Tensor> inputs);

    /** The programs this op runs, for passes that rewrite them. */
    List<Program> bodies();

    /** The same op running {@code bodies}, which take and give what the present ones do. */
    ControlOp withBodies(List<Program> bodies);

    /** Where an input of the second stage comes from: an input of the whole, or a residual of the first stage. */
    sealed interface Argument {
        record Input(int index) implements Argument {}
        record Residual(int index) implements Argument {}
    }

    /**
     * Two ops that together do this one's work.
     *
     * @param known            gives the known outputs, then the residuals
     * @param knownArguments   the inputs, by index, that {@code known} takes
     * @param unknown          gives the unknown outputs
     * @param unknownArguments what {@code unknown} takes
     * @param residuals        the types of the residuals
     */
    record Stages(Op known, List<Integer> knownArguments, Op unknown, List<Argument> unknownArguments,
                  List<TensorType> residuals, List<Boolean> unknownOutputs) {}

    /** Splits at the known inputs; outputs that mix known with unknown must wait. */
    Stages split(List<Boolean> unknownInputs);

    @Override default boolean hasEffects() { return bodies().stream().anyMatch(Program::hasEffects); }

    @Override default Lowering lower(List<TensorType> inputs) { return new Lowering.Control(); }
}
