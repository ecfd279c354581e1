package javelin.conformance.jaxpr;

import java.util.List;
import javelin.core.ControlOp;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/** An op that runs a program of the user's and has derivative rules of its own. */
sealed interface Call extends ControlOp permits CustomJvp, CustomVjp {
    Program function();

    @Override default List<Program> bodies() { return List.of(function()); }

    @Override default List<TensorType> outputTypes(List<TensorType> in) { return function().outputTypes(); }

    @Override default List<Tensor> run(List<Tensor> inputs) { return function().apply(inputs); }

    /** All of it waits: with some inputs unknown, so are the outputs. */
    @Override default Stages split(List<Boolean> unknownInputs) {
        return new Stages(this, List.of(), this, Lists.each(unknownInputs.size(), Argument.Input::new), List.of(),
                Lists.each(function().outputs().size(), _ -> true));
    }
}
